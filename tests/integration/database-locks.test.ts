import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { cvrs, only } from '../support/sector.ts';

let database: TestDatabase;
let owner: pg.Client;
let app: pg.Client;
let region: number;

beforeAll(async () => {
  database = await createTestDatabase('demo');
  owner = await connect(database.ownerUrl);
  app = await connect(database.appUrl);
  region = only(
    (await owner.query<{ id: number }>('select id from organisation where cvr = $1', [cvrs.region])).rows,
  ).id;
});
afterAll(async () => {
  await Promise.all([owner.end(), app.end()]);
  await database.drop();
});

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

type Fault = { code: string; constraint?: string; message: string };

/** Runs the statements in one transaction that sees all; the database's objection, or null when it was carried out. */
async function inTransaction(client: pg.Client, statements: string[], level = 'read committed'): Promise<Fault | null> {
  try {
    await client.query(`begin isolation level ${level}`);
    await client.query(`select set_config('seb.organisations', '*', true)`);
    for (const statement of statements) await client.query(statement);
    await client.query('commit');
    return null;
  } catch (error) {
    await client.query('rollback');
    const { code, constraint, message } = error as Fault;
    return { code, message, ...(constraint === undefined ? {} : { constraint }) };
  }
}

const eventOf = (organisation: string): string =>
  `insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_name, actor_role, detail)
   values ('demo.seeded', ${organisation}, ${organisation === 'null' ? 'null' : `'x'`}, 'OPERATOR', 'Prøven', 'Drift', '{"users": 0, "assignments": 0}')`;

const audited: Record<string, { change: string; insert: string; delete: string }> = {
  organisation: {
    change: `update organisation set name = name || '!' where id = $region`,
    insert: `insert into organisation (cvr, name) values ('39919990', 'Ny')`,
    delete: `delete from organisation where false or cvr = 'none'`,
  },
  app_user: {
    change: `update app_user set phone = '1' where id = (select min(id) from app_user where organisation_id = $region)`,
    insert: `insert into app_user (organisation_id, username, rid, first_name, last_name, email) values ($region, 'nyny999999', 'r', 'A', 'B', 'a@b.dk')`,
    delete: `delete from app_user where false`,
  },
  administrator: {
    change: `update administrator set responsibility_area = 'x' where organisation_id = $region`,
    insert: `insert into administrator (organisation_id, user_id, home_organisation_id, kind) select $region, max(id), $region, 'USER' from app_user u where organisation_id = $region and not exists (select from administrator a where a.user_id = u.id)`,
    delete: `delete from administrator where organisation_id = $region and kind = 'READ_ONLY'`,
  },
  organisation_role: {
    change: `update organisation_role set withdrawn_at = now() where organisation_id = $region`,
    insert: `insert into organisation_role (organisation_id, role_id) select $region, id from role where id not in (select role_id from organisation_role where organisation_id = $region) limit 1`,
    delete: `delete from organisation_role where organisation_id = $region and role_id not in (select role_id from role_assignment where organisation_id = $region)`,
  },
  role_assignment: {
    change: `update role_assignment set valid_to = now(), withdrawn_at = now() where organisation_id = $region and valid_to is null and valid_from < now()`,
    insert: `insert into role_assignment (organisation_id, user_id, role_id) select organisation_id, user_id, role_id from role_assignment where organisation_id = $region and false`,
    delete: `delete from role_assignment where organisation_id = $region`,
  },
  system_role: {
    change: `update system_role set kind = kind`,
    insert: `insert into system_role (user_id, kind) select min(id), 'SERVICEDESK' from app_user where organisation_id = $region`,
    delete: `delete from system_role where kind = 'SERVICEDESK'`,
  },
  service: {
    change: `update service set name = name || '!'`,
    insert: `insert into service (code, name, owner, source) values ('NEW', 'Ny', 'x', 'x')`,
    delete: `delete from service where false`,
  },
  role: {
    change: `update role set needs_cpr = not needs_cpr`,
    insert: `insert into role (service_id, code, name, needs_sor, needs_cpr, source) select min(id), 'NEW', 'Ny', false, false, 'x' from service`,
    delete: `delete from role where id not in (select role_id from organisation_role)`,
  },
  sor_unit: {
    change: `update sor_unit set name = name || '!' where owner_cvr = '${cvrs.region}'`,
    insert: `insert into sor_unit (code, kind, name, entity_type, owner_cvr) values ('999999999999999', 'UNIT', 'Ny', 'x', '${cvrs.region}')`,
    delete: `delete from sor_unit where code not in (select sor_code from role_assignment where sor_code is not null) and code not in (select parent_code from sor_unit where parent_code is not null)`,
  },
};
/** What the pages change by themselves, with an event each; the rest is the owner's and the importers'. */
const written: Record<string, string[]> = {
  organisation: ['update', 'insert'],
  app_user: ['update', 'insert'],
  administrator: ['update', 'insert'],
  organisation_role: ['update', 'insert'],
  role_assignment: ['update', 'insert'],
  system_role: ['insert', 'delete'],
  service: ['update', 'insert'],
  role: ['update', 'insert'],
};
const common = ['system_role', 'service', 'role', 'sor_unit'];

describe.each(Object.keys(audited))('%s', (table) => {
  const { change, insert, delete: remove } = audited[table] ?? { change: '', insert: '', delete: '' };
  const here = (statement: string): string => statement.replaceAll('$region', String(region));

  it('is not changed without an event of the same transaction and organisation, not by the owner either', async () => {
    const before = await contentOf(table);
    for (const statement of [change, insert, remove].filter(
      (one) => !/where false|and false|or cvr = 'none'/.test(one),
    )) {
      const refused = await inTransaction(owner, [here(statement)]);
      expect([statement, refused]).toEqual([
        statement,
        { code: '23514', constraint: 'audit_event_demanded', message: expect.stringContaining(table) },
      ]);
      const elsewhere = await inTransaction(owner, [
        here(statement),
        eventOf(common.includes(table) ? String(region) : 'null'),
      ]);
      expect([statement, elsewhere?.constraint]).toEqual([statement, 'audit_event_demanded']);
    }
    expect(await contentOf(table)).toBe(before);
  });

  it('is not changed by an event of an earlier transaction', async () => {
    expect(await inTransaction(owner, [eventOf(String(region)), eventOf('null')])).toBeNull();
    expect((await inTransaction(owner, [here(change)]))?.constraint).toBe('audit_event_demanded');
  });

  it('is changed with its event', async () => {
    const event = eventOf(common.includes(table) ? 'null' : String(region));
    expect(
      await inTransaction(owner, [
        'savepoint before',
        here(change),
        event,
        'set constraints all immediate',
        'rollback to before',
      ]),
    ).toBeNull();
  });

  it('is never emptied', async () => {
    expect((await inTransaction(owner, [`truncate ${table} cascade`]))?.code).toBe('42501');
  });

  it('is not the application’s to change beyond what its pages need', async () => {
    for (const statement of [change, insert, remove]) {
      const refused = await inTransaction(app, [here(statement)]);
      const word = statement.split(' ', 1)[0] ?? '';
      const mayWrite = (written[table] ?? []).includes(word);
      expect([statement, refused?.code ?? null]).toEqual([
        statement,
        mayWrite ? (statement.includes('and false') ? null : '23514') : '42501',
      ]);
    }
  });
});

async function contentOf(table: string): Promise<string> {
  const found = await owner.query<{ digest: string }>(
    `select md5(string_agg(t::text, '|' order by t::text collate "C")) as digest from ${table} t`,
  );
  return only(found.rows).digest;
}

it('has its lock on every table that holds what is audited', async () => {
  const locked = await owner.query<{ name: string }>(
    `select distinct tgrelid::regclass::text as name from pg_trigger where tgname = 'audit_update' order by 1`,
  );
  expect(locked.rows.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(audited)));
});

describe('the log', () => {
  it.each([
    `update audit_event set actor_name = 'x'`,
    `delete from audit_event`,
    `truncate audit_event`,
    `update audit_event set at = now() where false`,
  ])('refuses “%s” to the application and to the owner', async (statement) => {
    for (const client of [app, owner]) expect((await inTransaction(client, [statement]))?.code).toBe('42501');
  });

  it.each([
    [
      'its own id',
      `insert into audit_event (id, kind, actor_kind, actor_name, actor_role, detail) overriding system value values (1, 'demo.seeded', 'SYSTEM', 'x', 'x', '{}')`,
    ],
    [
      'its own time',
      `insert into audit_event (at, kind, actor_kind, actor_name, actor_role, detail) values ('2020-01-01', 'demo.seeded', 'SYSTEM', 'x', 'x', '{}')`,
    ],
    [
      'another transaction',
      `insert into audit_event (transaction_id, kind, actor_kind, actor_name, actor_role, detail) values ('1', 'demo.seeded', 'SYSTEM', 'x', 'x', '{}')`,
    ],
    ['no triggers', `set local session_replication_role = replica`],
    ['a trigger less', `alter table audit_event disable trigger all`],
    ['a trigger dropped', `drop trigger audit_event_append_only on audit_event`],
    ['a mark less', `delete from audit_due`],
    ['the owner’s role', `set local role seb_owner`],
    ['a table of its own', `create table public.mine (id int)`],
  ])('does not give the application %s', async (_what, statement) => {
    expect((await inTransaction(app, [statement]))?.code).toBe('42501');
  });

  it('takes no event of a person without that person, nor of an organisation without its name', async () => {
    const insert = (columns: string, values: string) =>
      `insert into audit_event (kind, actor_kind, actor_name, actor_role, detail${columns}) values ('demo.seeded', ${values})`;
    expect((await inTransaction(app, [insert('', `'PERSON', 'x', 'x', '{}'`)]))?.code).toBe('23514');
    expect((await inTransaction(app, [insert(', organisation_id', `'SYSTEM', 'x', 'x', '{}', ${region}`)]))?.code).toBe(
      '23514',
    );
  });

  it('lets nobody give a role to oneself as if to another', async () => {
    const user = `(select min(id) from app_user where organisation_id = ${region})`;
    const insert = `insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role, target_user_id, target_name, detail)
      values ('role.assigned', ${region}, 'x', 'PERSON', ${user}, 'x', 'x', ${user}, 'x', '{}')`;
    expect((await inTransaction(app, [insert]))?.code).toBe('23514');
  });
});

describe('columns that a user keeps for life', () => {
  it.each(['username', 'organisation_id', 'id', 'created_at'])(
    '%s is not the application’s to change',
    async (column) => {
      expect(
        (await inTransaction(app, [`update app_user set ${column} = ${column}`, eventOf(String(region))]))?.code,
      ).toBe('42501');
    },
  );
  it.each(['user_id', 'role_id', 'organisation_id', 'created_by_id', 'created_at'])(
    'an assignment’s %s neither',
    async (column) => {
      expect((await inTransaction(app, [`update role_assignment set ${column} = ${column}`]))?.code).toBe('42501');
    },
  );
});

describe('the last organisationsadministrator', () => {
  type Administrator = { id: number; user_id: number; organisation_id: number };
  let pair: Administrator[];
  beforeAll(async () => {
    pair = (
      await owner.query<Administrator>(
        `select a.id, a.user_id, a.organisation_id from administrator a join organisation o on o.id = a.organisation_id
       where o.cvr = $1 and a.kind = 'ORGANISATION' order by a.id`,
        [cvrs.municipality],
      )
    ).rows;
    expect(pair).toHaveLength(2);
  });

  const ways: Record<string, (one: Administrator) => string> = {
    remove: ({ id }) => `delete from administrator where id = ${id}`,
    demote: ({ id }) => `update administrator set kind = 'USER' where id = ${id}`,
    'end tomorrow': ({ id }) => `update administrator set valid_to = now() + interval '1 day' where id = ${id}`,
    lock: ({ user_id }) => `update app_user set locked_from = now() where id = ${user_id}`,
    'lock next week': ({ user_id }) =>
      `update app_user set locked_from = now() + interval '7 days' where id = ${user_id}`,
    delete: ({ user_id }) => `update app_user set deleted_at = now() where id = ${user_id}`,
  };
  const both = (): string[] => [eventOf(String(pair[0]?.organisation_id))];

  it.each(Object.keys(ways))('cannot be taken away by: %s', async (way) => {
    const [first, second] = pair;
    if (!first || !second) throw new Error('two are needed');
    const gone = await inTransaction(owner, [ways[way]?.(first) ?? '', ways[way]?.(second) ?? '', ...both()]);
    expect(gone).toMatchObject({ code: '23514', constraint: 'organisation_keeps_administrator' });
  });

  const races: [string, string][] = [
    ['remove', 'remove'],
    ['lock', 'delete'],
    ['remove', 'lock'],
    ['end tomorrow', 'demote'],
  ];
  describe.each(['read committed', 'repeatable read', 'serializable'])(
    'with two acting at the same moment under %s',
    (level) => {
      it.each(races)('stays when one would %s and the other %s', async (one, other) => {
        const [first, second] = pair;
        if (!first || !second) throw new Error('two are needed');
        const clients = await Promise.all([connect(database.ownerUrl), connect(database.ownerUrl)]);
        const statements = [ways[one]?.(first) ?? '', ways[other]?.(second) ?? ''];
        const begun = Promise.all(
          clients.map((client) => client.query(`begin isolation level ${level}; set local lock_timeout = '5s'`)),
        );
        await begun;
        // Each takes its picture of the data before the other has changed anything.
        await Promise.all(clients.map((client) => client.query('select count(*) from administrator')));
        await Promise.all(clients.map((client, index) => client.query(`${statements[index]}; ${both().join(';')}`)));
        const ended = await Promise.allSettled(clients.map((client) => client.query('commit')));
        await Promise.all(clients.map((client) => client.end()));
        expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        const left = await owner.query('select from lasting_organisation_administrator where organisation_id = $1', [
          first.organisation_id,
        ]);
        expect(left.rowCount).toBe(1);
        await restore(first, second);
      });
    },
  );

  async function restore(...administrators: Administrator[]): Promise<void> {
    const statements = administrators.flatMap(({ id, user_id, organisation_id }) => [
      `insert into administrator (id, organisation_id, user_id, home_organisation_id, kind) values (${id}, ${organisation_id}, ${user_id}, ${organisation_id}, 'ORGANISATION')
       on conflict (id) do update set kind = 'ORGANISATION', valid_to = null`,
      `update app_user set locked_from = null, deleted_at = null where id = ${user_id}`,
    ]);
    expect(await inTransaction(owner, [...statements, ...both()])).toBeNull();
  }
});

describe('an assignment', () => {
  type Facts = {
    user: number;
    plain: number;
    placed: number;
    unit: string;
    foreignUnit: string;
    closedUnit: string;
    withdrawn: number;
  };
  let facts: Facts;
  beforeAll(async () => {
    facts = only(
      (
        await owner.query<Facts>(
          `with given as (select r.id, r.needs_sor from role r join organisation_role g on g.role_id = r.id join service s on s.id = r.service_id
         where g.organisation_id = $1 and g.withdrawn_at is null and r.retired_at is null and s.retired_at is null)
       select (select min(u.id) from app_user u where organisation_id = $1 and deleted_at is null and locked_from is null and not exists (select from role_assignment g where g.user_id = u.id)) as user,
         (select min(id) from given where not needs_sor) as plain, (select min(id) from given where needs_sor) as placed,
         (select min(code) from sor_unit where owner_cvr = $2 and closed_on is null) as unit,
         (select min(code) from sor_unit where owner_cvr = $3) as "foreignUnit",
         (select min(code) from sor_unit where owner_cvr = $2 and closed_on < danish_today()) as "closedUnit",
         (select min(role_id) from organisation_role where organisation_id = $1 and withdrawn_at is not null) as withdrawn`,
          [region, cvrs.region, cvrs.municipality],
        )
      ).rows,
    );
  });
  const give = (role: number, unit: string | null, more = '', columns = ''): string =>
    `insert into role_assignment (organisation_id, user_id, role_id, sor_code${columns}) values (${region}, ${facts.user}, ${role}, ${unit === null ? 'null' : `'${unit}'`}${more})`;

  it('is refused for each reason of its own', async () => {
    const refusals: [string, string, string][] = [
      ['role_assignment_role_not_givable', give(facts.withdrawn, null), ''],
      ['role_assignment_unit_required', give(facts.placed, null), ''],
      ['role_assignment_unit_not_relevant', give(facts.plain, facts.unit), ''],
      ['role_assignment_unit_not_usable', give(facts.placed, facts.foreignUnit), ''],
      ['role_assignment_unit_not_usable', give(facts.placed, facts.closedUnit), ''],
      ['role_assignment_self_not_allowed', give(facts.plain, null, `, ${facts.user}`, ', created_by_id'), ''],
      [
        'role_assignment_user_not_active',
        give(facts.plain, null),
        `update app_user set locked_from = now() - interval '1 second' where id = ${facts.user}`,
      ],
      [
        'role_assignment_user_not_active',
        give(facts.plain, null),
        `update app_user set deleted_at = now() where id = ${facts.user}`,
      ],
      [
        'role_assignment_organisation_closed',
        give(facts.plain, null),
        `update organisation set closed_at = now() where id = ${region}`,
      ],
      [
        'role_assignment_role_not_givable',
        give(facts.plain, null),
        `update role set retired_at = now() where id = ${facts.plain}`,
      ],
    ];
    for (const [constraint, statement, before] of refusals) {
      const refused = await inTransaction(owner, [...(before === '' ? [] : [before]), statement]);
      expect([constraint, refused?.constraint]).toEqual([constraint, constraint]);
    }
  });

  it('exists once at a time for user, role and placement', async () => {
    const event = eventOf(String(region));
    const undone = [
      'savepoint before',
      give(facts.plain, null),
      event,
      'set constraints all immediate',
      'rollback to before',
    ];
    expect(await inTransaction(owner, undone)).toBeNull();
    expect((await inTransaction(owner, [give(facts.plain, null), give(facts.plain, null), event]))?.constraint).toBe(
      'role_assignment_once',
    );
    const later = give(facts.plain, null, `, now() + interval '1 day'`, ', valid_from');
    expect((await inTransaction(owner, [give(facts.plain, null), later, event]))?.constraint).toBe(
      'role_assignment_once',
    );
    const ended = `update role_assignment set valid_to = now(), withdrawn_at = now() where user_id = ${facts.user} and role_id = ${facts.plain}`;
    expect(
      await inTransaction(owner, [
        'savepoint before',
        give(facts.plain, null),
        ended,
        give(facts.plain, null, `, now() + interval '1 second'`, ', valid_from'),
        'rollback to before',
      ]),
    ).toBeNull();
    const elsewhere = `insert into role_assignment (organisation_id, user_id, role_id) select id, ${facts.user}, ${facts.plain} from organisation where cvr = '${cvrs.municipality}'`;
    expect((await inTransaction(owner, [elsewhere]))?.code).toMatch(/^235/);
  });
});

it('keeps RID and UUID once among the users of an organisation who are not deleted', async () => {
  const copy = (rid: string, uuid: string) =>
    `insert into app_user (organisation_id, username, rid, uuid, first_name, last_name, email) select organisation_id, 'kopi' || (900000 + id), ${rid}, ${uuid}, 'A', 'B', 'a@b.dk'
     from app_user where organisation_id = ${region} and uuid is not null and deleted_at is null limit 1`;
  expect((await inTransaction(owner, [copy('rid', 'gen_random_uuid()'), eventOf(String(region))]))?.constraint).toBe(
    'app_user_rid',
  );
  expect((await inTransaction(owner, [copy(`'other'`, 'uuid'), eventOf(String(region))]))?.constraint).toBe(
    'app_user_uuid',
  );
});
