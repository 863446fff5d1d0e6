import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPeople } from '../../src/demo/demo-people.ts';
import { seedDemoSector } from '../../src/demo/demo-sector.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase('empty');
  await seedDemoSector(database.ownerUrl, () => undefined);
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await database?.drop();
});

async function rowsOf<Row extends pg.QueryResultRow>(query: string, values: unknown[] = []): Promise<Row[]> {
  const { rows } = await client.query<Row>(query, values);
  return rows;
}

describe('the demo sector in the database', () => {
  it('has six organisations and some 300 users', async () => {
    const [count] = await rowsOf<{ organisations: number; users: number; open: number }>(
      `select (select count(*)::int from organisation) as organisations, (select count(*)::int from app_user) as users,
         (select count(*)::int from organisation where closed_at is null) as open`,
    );
    expect(count).toMatchObject({ organisations: 6, open: 5 });
    expect(count?.users).toBeGreaterThan(280);
    expect(count?.users).toBeLessThan(320);
  });

  it('knows every demo person as the login tells of them', async () => {
    for (const { key, cvr, rid, uuid, firstName, lastName, email } of demoPeople) {
      const found = await rowsOf(
        `select u.first_name, u.last_name, u.email, u.uuid from app_user u join organisation o on o.id = u.organisation_id
         where o.cvr = $1 and u.rid = $2`,
        [cvr, rid],
      );
      const expected = { first_name: firstName, last_name: lastName, email, uuid: key === 'unbound' ? null : uuid };
      expect(found).toEqual(['no-user', 'new-organisation'].includes(key) ? [] : [expected]);
    }
  });

  it('puts the demo people where their roles say', async () => {
    const found = await rowsOf<{ last_name: string; state: string }>(
      `select u.last_name, concat_ws(' ', a.kind, s.kind, case when u.locked_from is not null then 'locked' end,
         case when u.deleted_at is not null then 'deleted' end) as state
       from app_user u left join administrator a on a.user_id = u.id and a.organisation_id = u.organisation_id
         left join system_role s on s.user_id = u.id
       where u.rid = any ($1)`,
      [demoPeople.map(({ rid }) => rid)],
    );
    const states = Object.fromEntries(found.map(({ last_name, state }) => [last_name, state]));
    expect(states).toMatchObject({
      Ahlgreen: 'SYSTEM_OWNER',
      'Krogh Vestergaard': 'SERVICEDESK',
      Østergård: 'ORGANISATION',
      Bjerregaard: 'ORGANISATION',
      Sørensen: 'USER',
      Ærø: 'READ_ONLY',
      'Lindholm Juul': 'USER',
      'Ægidius Nørgård': '',
      Øland: 'ORGANISATION',
      Thygesen: 'USER locked',
      Haddad: 'USER',
      Skovgaard: 'deleted',
    });
  });

  it('has one lasting organisationsadministrator in the practice and at least two in the other open organisations', async () => {
    const counts = await rowsOf<{ name: string; count: number }>(
      `select o.name, count(*)::int from lasting_organisation_administrator a join organisation o on o.id = a.organisation_id
       where o.closed_at is null group by o.name`,
    );
    expect(Object.fromEntries(counts.map(({ name, count }) => [name, count]))).toEqual({
      'Sundhedsdatastyrelsen (demo)': 2,
      'Region Eksempel': 2,
      'Eksempel Kommune': 2,
      'Lægehuset Prøvegade': 1,
      'Klinik Fjordblik ApS': 2,
    });
  });

  it('has a login of two users that waits to be decided, as the login itself would have left it', async () => {
    const found = await rowsOf<{ decidable: boolean }>(
      `select t.facts ->> 'rid' = r.rid and t.facts ->> 'uuid' = u.uuid::text and r.id <> u.id and r.organisation_id = u.organisation_id
         and r.deleted_at is null and u.deleted_at is null as decidable
       from todo t join app_user r on r.id = t.user_id join app_user u on u.id = (t.facts -> 'other' ->> 'userId')::int
       where t.kind = 'identity.conflict' and t.done_at is null`,
    );
    expect(found).toEqual([{ decidable: true }]);
    expect(await rowsOf(`select from audit_event where kind = 'identity.conflictFound'`)).toHaveLength(1);
  });

  it('has a report as a file that can be fetched', async () => {
    const [file] = await rowsOf<{ rows: number; isWhole: boolean; isThere: boolean }>(
      `select e.rows, e.sha256 = encode(sha256(p.content), 'hex') as "isWhole", e.expires_at > now() as "isThere"
       from report_export e join report_export_piece p on p.export_id = e.id and p.attempt = e.attempt`,
    );
    expect(file).toMatchObject({ isWhole: true, isThere: true });
    expect(file?.rows).toBeGreaterThan(5);
  });

  it('lets one person administer two organisations', async () => {
    expect(await rowsOf('select from administrator where organisation_id <> home_organisation_id')).toHaveLength(1);
  });

  it('has assignments of every kind', async () => {
    const [kinds] = await rowsOf<Record<string, number>>(
      `select count(*) filter (where sor_code is null)::int as without_unit,
         count(*) filter (where sor_code is not null)::int as at_unit,
         count(*) filter (where scope = 'UNIT_ONLY')::int as unit_only,
         count(*) filter (where withdrawn_at is not null)::int as withdrawn,
         count(*) filter (where withdrawn_at is null and valid_to < now())::int as expired,
         count(*) filter (where valid_to > now())::int as ending,
         count(*) filter (where a.valid_from > now())::int as beginning,
         count(*) filter (where reason is not null)::int as with_reason,
         count(*) filter (where case_number is not null)::int as with_case_number,
         count(*) filter (where u.closed_on < current_date and valid_to is null)::int as at_closed_unit
       from role_assignment a left join sor_unit u on u.code = a.sor_code`,
    );
    expect(Object.entries(kinds ?? {}).filter(([, count]) => count < 5)).toEqual([]);
  });

  it('has locked users of every kind, deleted ones, and ones who never logged in or have no role', async () => {
    const [kinds] = await rowsOf<Record<string, number>>(
      `select count(*) filter (where locked_from <= now() and locked_until > now())::int as on_leave,
         count(*) filter (where locked_from <= now() and locked_until is null)::int as without_end,
         count(*) filter (where locked_from > now())::int as planned,
         count(*) filter (where deleted_at is not null)::int as deleted,
         count(*) filter (where not exists (select from user_login l where l.user_id = u.id))::int as never_logged_in,
         count(*) filter (where not exists (select from role_assignment a where a.user_id = u.id))::int as without_role
       from app_user u`,
    );
    expect(Object.entries(kinds ?? {}).filter(([, count]) => count < 1)).toEqual([]);
  });

  it('tells nothing of the future in the log, and all of it in the order of time', async () => {
    const [faults] = await rowsOf<{ ahead: number; disordered: number }>(
      `select count(*) filter (where at > now())::int as ahead, count(*) filter (where at < before)::int as disordered
       from (select at, lag(at) over (order by id) as before from audit_event where organisation_id is not null) as e`,
    );
    expect(faults).toEqual({ ahead: 0, disordered: 0 });
  });

  it('has a log in which no brugeradministrator changed an administrator', async () => {
    expect(
      await rowsOf(
        `select from audit_event e
         where actor_role = 'userAdministrator' and exists (
           select from administrator a where a.user_id = e.target_user_id)`,
      ),
    ).toEqual([]);
  });

  it('frees a deleted user’s RID number for another', async () => {
    const shared = await rowsOf('select rid from app_user group by organisation_id, rid having count(*) > 1');
    expect(shared).toHaveLength(1);
  });

  it('is counted right in the list’s pager', async () => {
    expect(
      await rowsOf(
        `select from organisation_state s where user_count <>
           (select count(*) from app_user u where u.organisation_id = s.organisation_id and u.deleted_at is null)`,
      ),
    ).toEqual([]);
  });

  it('leaves a database with organisations alone', async () => {
    const lines: string[] = [];
    await seedDemoSector(database.ownerUrl, (line) => lines.push(line));
    expect(lines).toEqual([expect.stringContaining('already')]);
    expect(await rowsOf('select from organisation')).toHaveLength(6);
  });
});
