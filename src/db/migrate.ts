import pg from 'pg';
import { migrationsFolder, readMigrations, type Migration } from './migrations-folder.ts';
import { noFilters, openSchemaEngine } from './schema-engine.ts';

/** Any number that no other lock of the system uses: it stands for "somebody migrates this database". */
const MIGRATION_LOCK = 7_322_001;

export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** Applies what is missing, as the owner; a second call at the same time waits for the first. */
export async function migrateDatabase(
  ownerUrl: string,
  log: (line: string) => void,
  folder: string = migrationsFolder,
): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(folder);
  return withMigrationLock(ownerUrl, log, async (client) => {
    try {
      const applied = await applyMigrations(ownerUrl, folder, migrations);
      log(applied.length > 0 ? `Migrations applied: ${applied.join(', ')}` : 'The database is up to date.');
      return { applied };
    } finally {
      await letApplicationReadHistory(client);
    }
  });
}

/** Takes a migration that failed off the list of failures, after its cause has been mended. */
export async function markMigrationRolledBack(ownerUrl: string, migrationName: string): Promise<void> {
  await using opened = await openSchemaEngine(ownerUrl);
  try {
    await opened.engine.markMigrationRolledBack({ migrationName });
  } catch (error) {
    throw explained(error, opened.scriptError());
  }
}

async function withMigrationLock<Result>(
  ownerUrl: string,
  log: (line: string) => void,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ free: boolean }>('select pg_try_advisory_lock($1) as free', [MIGRATION_LOCK]);
    if (!rows[0]?.free) {
      log('Another process migrates this database: waiting for it.');
      await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    }
    return await work(client);
  } finally {
    // The lock belongs to the connection and goes with it.
    await client.end();
  }
}

async function applyMigrations(ownerUrl: string, folder: string, migrations: Migration[]): Promise<string[]> {
  await using opened = await openSchemaEngine(ownerUrl);
  try {
    const result = await opened.engine.applyMigrations({
      filters: noFilters,
      migrationsList: {
        baseDir: folder,
        lockfile: { path: './migration_lock.toml', content: 'provider = "postgresql"\n' },
        shadowDbInitScript: '',
        migrationDirectories: migrations.map(({ name, script }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: script } },
        })),
      },
    });
    return result.appliedMigrationNames;
  } catch (error) {
    throw explained(error, opened.scriptError());
  }
}

/** The application compares the history with its own migrations at start; it may read it and nothing more. */
async function letApplicationReadHistory(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    `select from pg_roles where rolname = 'seb_app' and to_regclass('_prisma_migrations') is not null`,
  );
  if (rowCount) await client.query('grant select on _prisma_migrations to seb_app');
}

function explained(error: unknown, scriptError: string | null): MigrationError {
  const engineSaid = error instanceof Error ? error.message.trim() : String(error);
  const name = /migration_name=\\?"([^"\\]+)/.exec(engineSaid)?.[1];
  const text = scriptError ? `${name ?? 'A migration'}, ${scriptError}` : engineSaid;
  const advice = scriptError || engineSaid.includes('failed migrations') ? `\n${afterFailure}` : '';
  return new MigrationError(`The database could not be migrated.\n${text}${advice}`, { cause: error });
}

const afterFailure =
  'PostgreSQL kept nothing of the migration that failed. When its cause is mended, run ' +
  '`npm run db:migrate -- --rolled-back <name of the migration>` and then `npm run db:migrate`.';
