import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertOwnsNothing } from '../../src/db/app-role.ts';
import { openDatabase } from '../../src/db/client.ts';
import type { Database } from '../../src/db/client.ts';
import { readPage } from '../../src/db/access.ts';
import { sql } from '../../src/db/sql.ts';
import type { Prisma } from '../../src/db/generated/client.ts';
import { isAdministratorAnywhere } from '../../src/users/users.queries.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { cvrs, only } from '../support/sector.ts';

let testDatabase: TestDatabase;
let app: pg.Client;
let database: Database;
let region: number;
let municipality: number;

beforeAll(async () => {
  testDatabase = await createTestDatabase('demo');
  app = new pg.Client({ connectionString: testDatabase.appUrl });
  await app.connect();
  database = openDatabase(testDatabase.appUrl, 4);
  const owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await owner.connect();
  const id = async (cvr: string) =>
    only((await owner.query<{ id: number }>('select id from organisation where cvr = $1', [cvr])).rows).id;
  region = await id(cvrs.region);
  municipality = await id(cvrs.municipality);
  await owner.query(
    `insert into mail_outbox (organisation_id, message_id, kind, to_name, to_address, subject, text, html) select id, cvr, 'x', 'x', 'x', 'x', 'x', 'x' from organisation`,
  );
  await owner.query(
    `insert into email_change (user_id, organisation_id, token_digest, new_email, expires_at) select min(id), organisation_id, organisation_id::text, 'a@b.dk', now() from app_user group by 2`,
  );
  await owner.end();
});
afterAll(async () => {
  await app.end();
  await database.close();
  await testDatabase.drop();
});

const walled = [
  'app_user',
  'visible_user',
  'user_login',
  'organisation_role',
  'organisation_state',
  'role_assignment',
  'audit_event',
  'mail_outbox',
  'email_change',
  'organisation',
];

/** The organisations that a table shows to the application behind a wall, without any condition in the query. */
async function organisationsIn(table: string, wall: string | null): Promise<(number | null)[]> {
  await app.query('begin');
  if (wall !== null) await app.query(`select set_config('seb.organisations', $1, true)`, [wall]);
  const column = table === 'organisation' ? 'id' : 'organisation_id';
  const found = await app.query<{ organisation: number | null }>(
    `select distinct ${column} as organisation from ${table} order by 1`,
  );
  await app.query('rollback');
  return found.rows.map(({ organisation }) => organisation);
}

describe.each(walled)('%s', (table) => {
  it('shows nothing before a wall is set', async () => {
    expect(await organisationsIn(table, null)).toEqual([]);
    expect(await organisationsIn(table, '')).toEqual([]);
  });
  it('shows only what lies behind the wall, whatever the query forgot', async () => {
    expect(await organisationsIn(table, String(region))).toEqual([region]);
    expect(await organisationsIn(table, `${region},${municipality}`)).toEqual([region, municipality]);
    expect((await organisationsIn(table, '*')).length).toBeGreaterThan(2);
  });
});

it('stands before every table that names an organisation, with no policy that lets all through', async () => {
  const open = await app.query<{ name: string }>(`
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organisation_id' and not a.attisdropped)
      and has_table_privilege('seb_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE')`);
  const idle = await app.query(`
    select tablename from pg_policies where schemaname = 'public' and coalesce(qual, with_check, 'true') = 'true'`);
  const misled = await app.query(`
    select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
      and not coalesce(proconfig::text, '') like '%search_path=public, pg_temp%'`);
  expect([open.rows, idle.rows, misled.rows]).toEqual([[], [], []]);
});

it('shows who administers an organisation to it and to their own, and to no other', async () => {
  expect(await organisationsIn('administrator', null)).toEqual([]);
  await app.query(`begin; select set_config('seb.organisations', '${region}', true)`);
  const seen = await app.query('select from administrator where organisation_id <> $1 and home_organisation_id <> $1', [
    region,
  ]);
  const abroad = await app.query('select from administrator where organisation_id <> $1', [region]);
  await app.query('rollback');
  expect([seen.rowCount, abroad.rowCount]).toEqual([0, 1]);
});

it('shows who stands in for an administrator to that organisation and to their own, and to no other', async () => {
  const owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await owner.connect();
  await owner.query(`alter table administrator_substitute disable trigger user;
    insert into administrator_substitute (organisation_id, administrator_id, user_id, valid_to)
    select a.organisation_id, a.id, (select min(u.id) from app_user u where u.organisation_id = ${region}
      and not exists (select from administrator x where x.user_id = u.id)), now() + interval '1 day'
    from administrator a where a.organisation_id = ${municipality} order by a.id limit 1;
    alter table administrator_substitute enable trigger user`);
  const others = await owner.query<{ id: number }>('select id from organisation where id <> all ($1)', [
    [region, municipality],
  ]);
  await owner.end();
  expect(await organisationsIn('administrator_substitute', String(municipality))).toEqual([municipality]);
  // Of the region's own substitutes the demo has one.
  expect(await organisationsIn('administrator_substitute', String(region))).toEqual([region, municipality]);
  expect(await organisationsIn('administrator_substitute', others.rows.map(({ id }) => id).join())).toEqual([]);
  const [stranger] = await readPage(database, [region], (db) =>
    db.rows<{ isAdministrator: boolean }>(
      sql`select ${isAdministratorAnywhere} as "isAdministrator" from app_user u where u.id in (select user_id from administrator_substitute)`,
    ),
  );
  expect(stranger).toEqual({ isAdministrator: true });
});

describe('writing', () => {
  async function refusal(statement: string, wall: number): Promise<string | number | null> {
    await app.query('begin');
    await app.query(`select set_config('seb.organisations', $1, true)`, [String(wall)]);
    try {
      return (await app.query(statement)).rowCount;
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await app.query('rollback');
    }
  }
  const insert = (organisation: number) =>
    `insert into app_user (organisation_id, username, rid, first_name, last_name, email) values (${organisation}, 'nyny999999', 'r', 'A', 'B', 'a@b.dk')`;
  const event = (organisation: number) =>
    `insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_name, actor_role, detail) values ('demo.seeded', ${organisation}, 'x', 'SYSTEM', 'x', 'x', '{}')`;

  it('into a foreign organisation is refused', async () => {
    expect([await refusal(insert(region), region), await refusal(insert(municipality), region)]).toEqual([1, '42501']);
    expect([await refusal(event(region), region), await refusal(event(municipality), region)]).toEqual([1, '42501']);
  });
  it('a substitute into a foreign organisation is refused', async () => {
    const insertion = `insert into administrator_substitute (organisation_id, administrator_id, user_id, valid_to)
      select ${municipality}, x.administrator_id, u.id, now() + interval '1 day' from administrator_substitute x, app_user u
      where u.organisation_id = ${region} and u.id <> x.user_id order by u.id limit 1`;
    expect(await refusal(insertion, region)).toBe('42501');
  });
  it('to rows of a foreign organisation finds none', async () => {
    const change = `update app_user set phone = '1' where organisation_id = ${municipality}`;
    expect(await refusal(change, region)).toBe(0);
    expect(
      await refusal(`update role_assignment set version = version + 1 where organisation_id = ${municipality}`, region),
    ).toBe(0);
    expect(await refusal(`delete from mail_outbox where organisation_id = ${municipality}`, region)).toBe(0);
  });
});

describe('the application', () => {
  it('owns nothing and cannot step around the wall', async () => {
    await assertOwnsNothing(database.pool);
    const found = await app.query(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user`,
    );
    expect(found.rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }]);
  });

  it('reads a page behind its wall, and leaves no wall to the next on the same connection', async () => {
    const single = openDatabase(testDatabase.appUrl, 1);
    const counted = sql`select count(distinct organisation_id)::int as count from visible_user`;
    const count = async (scope: 'all' | number[]) =>
      only(await readPage(single, scope, (db) => db.rows<{ count: number }>(counted))).count;
    expect([await count('all'), await count([region]), await count([])]).toEqual([6, 1, 0]);
    const after = await single.pool.query<{ count: number }>('select count(*)::int as count from app_user');
    expect(only(after.rows).count).toBe(0);
    await single.close();
  });

  it('cannot write on a page', async () => {
    await expect(
      readPage(database, [region], (db) => db.rows(sql`update app_user set phone = '1' returning id`)),
    ).rejects.toMatchObject({ code: '25006' });
    expect(
      only(await readPage(database, [region], (db) => db.rows<{ fine: boolean }>(sql`select true as fine`))).fine,
    ).toBe(true);
  });

  it('turns a forgotten filter into an error instead of all rows', async () => {
    const forgotten = { id: 1, organisationId: undefined } as unknown as Prisma.AppUserWhereInput;
    await expect(database.prisma.appUser.findFirst({ where: forgotten })).rejects.toThrow(/undefined/);
  });
});
