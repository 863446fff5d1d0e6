import pg from 'pg';
import { prepareRoles } from '../db/roles.ts';
import type { PostgresUrls } from './embedded-postgres.ts';

/** Makes the owner, the application's role and the database seb where they are missing. */
export async function prepareEmbeddedDatabase(
  urls: PostgresUrls,
  passwords: { seb_owner: string; seb_app: string },
): Promise<void> {
  const client = new pg.Client({ connectionString: urls.superUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await makeOwner(client, passwords.seb_owner);
    await makeDatabase(client);
  } finally {
    await client.end();
  }
  const inDatabase = new URL(urls.superUrl);
  inDatabase.pathname = new URL(urls.ownerUrl).pathname;
  await prepareRoles(inDatabase.href, { appPassword: passwords.seb_app });
}

async function makeOwner(client: pg.Client, password: string): Promise<void> {
  const { rowCount } = await client.query(`select from pg_roles where rolname = 'seb_owner'`);
  const verb = rowCount ? 'alter' : 'create';
  await client.query(`${verb} role seb_owner login nosuperuser createdb password ${client.escapeLiteral(password)}`);
}

async function makeDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(`select from pg_database where datname = 'seb'`);
  if (rowCount) return;
  await client.query('create database seb owner seb_owner');
  await client.query('revoke all on database seb from public');
}
