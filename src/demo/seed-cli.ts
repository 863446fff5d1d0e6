import pg from 'pg';
import { readMigrationConfig } from '../config.ts';
import { seedDemoSector } from './demo-sector.ts';

/** Puts the demo sector into an empty database of a test environment; leaves one with organisations alone. */
const { databaseMigrationUrl: ownerUrl } = readMigrationConfig();
if (!ownerUrl) throw new Error('DATABASE_MIGRATION_URL is missing: the demo sector is made by the owner of the tables');
if (process.env.NODE_ENV === 'production' && process.env.SEB_DEMO !== 'test-environment') {
  throw new Error('Production has no demo people: a test environment says so with SEB_DEMO=test-environment');
}
if (await isEmpty(ownerUrl)) await seedDemoSector(ownerUrl, console.log);
else console.log('The database holds organisations: nothing was changed.');

async function isEmpty(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ empty: boolean }>('select not exists (select from organisation) as empty');
    return rows[0]?.empty ?? false;
  } finally {
    await client.end();
  }
}
