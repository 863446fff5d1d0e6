import pg from 'pg';

/**
 * Makes the application's role seb_app, which the migrations give its rights on the tables, so it must be there first.
 * Without a password the role cannot log in: the connected role is then allowed to step down to it
 * (`options=-c role=seb_app`).
 */
export async function prepareRoles(
  superOrOwnerUrl: string,
  { appPassword }: { appPassword: string | null },
): Promise<void> {
  const client = new pg.Client({ connectionString: superOrOwnerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await createIfMissing(client);
    if (appPassword !== null) {
      await client.query(`alter role seb_app login password ${client.escapeLiteral(appPassword)}`);
    } else if (!(await mayStepDown(client))) {
      await client.query('grant seb_app to current_user');
    }
    await client.query(
      `do $$ begin execute format('grant connect on database %I to seb_app', current_database()); end $$`,
    );
  } finally {
    await client.end();
  }
}

async function createIfMissing(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(`select from pg_roles where rolname = 'seb_app'`);
  if (rowCount) return;
  // Two starts at once: roles belong to the whole server, so the other one may have been faster.
  await client.query(`
    do $$ begin
      create role seb_app nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
    exception when duplicate_object or unique_violation then null;
    end $$`);
}

/** Tried rather than looked up: since PostgreSQL 16 a member of a role need not be allowed to act as it. */
async function mayStepDown(client: pg.Client): Promise<boolean> {
  await client.query('begin');
  try {
    await client.query('set local role seb_app');
    return true;
  } catch {
    return false;
  } finally {
    await client.query('rollback');
  }
}
