import pg from 'pg';
import type { Config } from '../config.ts';
import { migrateDatabase } from '../db/migrate.ts';
import { prepareJobSchema } from '../jobs/job-schema.ts';
import { prepareRoles } from '../db/roles.ts';
import { assertSchemaIsCurrent } from '../db/schema-state.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

export type DevelopmentDatabase = { ownerUrl: string; appUrl: string; where: string; stop: () => Promise<void> };

/** The database of development, ready for use: the embedded one unless the configuration names a server. */
export async function openDevelopmentDatabase(
  config: Config,
  log: (line: string) => void,
): Promise<DevelopmentDatabase> {
  const database = await connectOrStart(config);
  try {
    await migrateDatabase(database.ownerUrl, log);
    await prepareJobSchema(database.ownerUrl);
    await assertCurrent(database.ownerUrl);
    if (config.demo.mode === 'on' && (await isEmpty(database.ownerUrl))) await seed(database.ownerUrl, log);
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function connectOrStart(config: Config): Promise<DevelopmentDatabase> {
  const { databaseUrl, databaseMigrationUrl } = config;
  if (!databaseUrl || !databaseMigrationUrl) {
    const { ownerUrl, appUrl, port, stop } = await startEmbeddedPostgres({ dataDir: config.dataDir });
    return { ownerUrl, appUrl, where: `embedded PostgreSQL on 127.0.0.1:${port}`, stop };
  }
  if (config.databaseRoleIsShared) await prepareRoles(databaseMigrationUrl, { appPassword: null });
  const { host, pathname } = new URL(databaseMigrationUrl);
  return { ownerUrl: databaseMigrationUrl, appUrl: databaseUrl, where: `${host}${pathname}`, stop: async () => {} };
}

/** Said here, in the terminal, and not first by the application in its log. */
async function assertCurrent(ownerUrl: string): Promise<void> {
  await withClient(ownerUrl, (client) => assertSchemaIsCurrent(client));
}

function isEmpty(ownerUrl: string): Promise<boolean> {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ empty: boolean }>('select not exists (select from organisation) as empty');
    return rows[0]?.empty ?? false;
  });
}

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function seed(ownerUrl: string, log: (line: string) => void): Promise<void> {
  log('Making the demo sector …');
  // Not before now: it needs the Prisma client, which may have been made a moment ago.
  const { seedDemoSector } = await import('./demo-sector.ts');
  await seedDemoSector(ownerUrl, log);
}
