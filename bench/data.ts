import path from 'node:path';
import type pg from 'pg';
import { importServices } from '../src/services/import/import-services.ts';
import { withClient } from './cluster.ts';
import { firstNames, lastNames } from './names.ts';

export type Size = { users: number; organisations: number; largest: number };

/** What the measurements need to know of the data. */
export type BenchData = {
  cvr: string;
  actorId: number;
  /** Another administrator of the same organisation. */
  colleagueId: number;
  userId: number;
  bulk: { serviceId: number; roleIds: number[]; sorCode: string; search: string };
};

const departmentSize = 1000;
/** No assignment of this service is made, so that its roles are new to everybody in the bulk measurement. */
const bulkService = 'fut';

/** Fills a migrated database whose SOR units are there: set-based, without triggers, indexes made afterwards. */
export async function makeData(urls: { ownerUrl: string; superUrl: string }, size: Size): Promise<BenchData> {
  const file = path.resolve(import.meta.dirname, '../prisma/seed/services-roles.json');
  await importServices({ ownerUrl: urls.ownerUrl, file, actorName: 'bench', progress: () => undefined });
  return withClient(urls.superUrl, async (client) => {
    await client.query("set session_replication_role = replica; set synchronous_commit = off; set work_mem = '256MB'");
    await client.query(
      'create temporary table first_names as select * from unnest($1::text[]) with ordinality n (name, number)',
      [firstNames],
    );
    await client.query(
      'create temporary table last_names as select * from unnest($1::text[]) with ordinality n (name, number)',
      [lastNames],
    );
    await client.query('analyze first_names; analyze last_names');
    await withoutIndexes(client, ['app_user', 'role_assignment', 'audit_event'], async () => {
      for (const statement of statements(size)) await client.query(statement);
    });
    await client.query('vacuum analyze');
    return factsOf(client);
  });
}

function statements({ users, organisations, largest }: Size): string[] {
  const every = users / largest;
  const hash = (text: string): string => `(hashint4(${text}) & 2147483647)`;
  return [
    `insert into organisation (id, cvr, name)
     select n, case when n = 1 then (select owner_cvr from sor_unit group by 1 order by count(*) desc limit 1) else (70000000 + n)::text end,
       case when n = 1 then 'Region Måling' else 'Praksis ' || n end
     from generate_series(1, ${organisations}) n`,
    `insert into app_user (id, organisation_id, username, rid, uuid, first_name, last_name, email, address, postcode, city, phone,
       locked_from, lock_reason, created_at)
     select n, organisation, 'mb' || 100000 + n, (1100000000 + n)::text,
       case when n % 5 > 0 then md5(n::text)::uuid end, f.name, l.name,
       search_fold(f.name || '.' || l.name) || n || '@afd' || lpad(department::text, 2, '0') || '.eksempel.dk',
       case when n % 3 = 0 then 'Sygehusvej ' || n % 200 end, case when n % 3 = 0 then '8000' end, case when n % 3 = 0 then 'Aarhus C' end,
       case when n % 4 = 0 then '+45 ' || 20000000 + n end,
       case when department > 0 and n % 53 = 0 then now() - interval '3 days' end,
       case when department > 0 and n % 53 = 0 then 'Orlov' end, now() - n % 1500 * interval '1 day'
     from (
       select n, case when n % ${every} = 0 then 1 else 2 + n % ${organisations - 1} end as organisation,
         case when n % ${every} = 0 then n / ${every} % ${largest / departmentSize} else 1 + n % 90 end as department
       from generate_series(1, ${users}) n) u
     join first_names f on f.number = 1 + ${hash('n')} % ${firstNames.length}
     join last_names l on l.number = 1 + ${hash('n + 1000003')} % ${lastNames.length}
     order by n`,
    `insert into organisation_state (organisation_id, user_count)
     select o.id, count(u.id) from organisation o left join app_user u on u.organisation_id = o.id and u.deleted_at is null group by 1`,
    `insert into user_login (user_id, organisation_id, last_login_at, provider_id, level, carried_cpr)
     select id, organisation_id, now() - id % 300 * interval '1 day', 'nemlog-in', 'Substantial', true from app_user where id % 5 > 0`,
    `insert into administrator (organisation_id, user_id, home_organisation_id, kind, valid_from)
     select organisation_id, id, organisation_id, (enum_range(null::administrator_kind))[1 + (place - 1) % 3], now() - interval '1 year'
     from (select id, organisation_id, row_number() over (partition by organisation_id order by id) as place
       from app_user where locked_from is null and email not like '%@afd00.%') u
     where place <= case when organisation_id = 1 then 40 else 3 end`,
    `insert into organisation_role (organisation_id, role_id)
     select o.id, r.id from organisation o cross join role r where o.id = 1 or (o.id + r.id) % 3 = 0`,
    `create temporary table given as
     select row_number() over () as number, id, code, name, needs_sor, (select code from service where id = service_id) as service
     from role where service_id <> (select id from service where code = '${bulkService}')`,
    `create temporary table units as
     select row_number() over (order by code) - 1 as number, code, name from sor_unit
     where owner_cvr = (select cvr from organisation where id = 1) and closed_on is null`,
    'analyze given; analyze units',
    `insert into role_assignment (id, organisation_id, user_id, role_id, sor_code, created_by_id, valid_from, created_at, valid_to)
     select (u.id - 1) * 5 + k, u.organisation_id, u.id, r.id, case when r.needs_sor then s.code end, a.user_id,
       now() - (u.id + k * 37) % 900 * interval '1 day', now() - (u.id + k * 37) % 900 * interval '1 day',
       case when (u.id + k) % 29 = 0 then now() + interval '30 days' end
     from app_user u cross join generate_series(1, 5) k
     join given r on r.number = 1 + (${hash('u.id')} + k * 11) % (select count(*) from given)
     join units s on s.number = ${hash('u.id + 77')} % (select count(*) from units)
     join (select distinct on (organisation_id) organisation_id, user_id from administrator order by 1, 2) a
       on a.organisation_id = u.organisation_id`,
    `insert into audit_event (at, transaction_id, kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role,
       target_user_id, target_name, detail, request_id, network_address)
     select g.created_at, '3', 'role.assigned', g.organisation_id, o.name, 'PERSON', g.created_by_id, 'Måle Administrator',
       'organisationAdministrator', u.id, u.first_name || ' ' || u.last_name,
       jsonb_build_object('assignmentId', g.id, 'role', r.code, 'roleName', r.name, 'service', r.service, 'sorCode', g.sor_code,
         'unitName', case when g.sor_code is not null then 'Afdeling' end, 'scope', g.scope, 'reason', null, 'caseNumber', null),
       '7F3K-22QX-9ABM', '10.0.0.1'
     from role_assignment g join app_user u on u.id = g.user_id join given r on r.id = g.role_id join organisation o on o.id = g.organisation_id
     where g.created_by_id <> u.id order by g.created_at`,
    ...['app_user', 'role_assignment', 'organisation'].map(
      (table) => `select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`,
    ),
  ];
}

/** Indexes and exclusion constraints are many times quicker made at once than row by row. */
async function withoutIndexes(client: pg.Client, tables: string[], work: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ drop: string; make: string }>(
    `select format('alter table %I drop constraint %I', c.conrelid::regclass, conname) as drop,
       format('alter table %I add constraint %I %s', c.conrelid::regclass, conname, pg_get_constraintdef(c.oid)) as make
     from pg_constraint c where contype = 'x' and conrelid::regclass::text = any ($1)
     union all
     select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
     from pg_index i where indrelid::regclass::text = any ($1)
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables],
  );
  for (const { drop } of rows) await client.query(drop);
  await work();
  for (const { make } of rows) await client.query(make);
}

async function factsOf(client: pg.Client): Promise<BenchData> {
  const { rows } = await client.query<BenchData>(
    `select (select cvr from organisation where id = 1) as cvr,
       (select min(user_id) from administrator where organisation_id = 1 and kind = 'ORGANISATION') as "actorId",
       (select max(user_id) from administrator where organisation_id = 1 and kind = 'ORGANISATION') as "colleagueId",
       (select max(id) from app_user where organisation_id = 1 and locked_from is null) as "userId",
       jsonb_build_object(
         'serviceId', (select id from service where code = $1),
         'roleIds', (select jsonb_agg(id) from (select id from role where service_id = (select id from service where code = $1) and needs_sor order by id limit 3) r),
         'sorCode', (select min(code) from units), 'search', '@afd00.') as bulk`,
    [bulkService],
  );
  if (rows[0] === undefined) throw new Error('the data could not be read back');
  return rows[0];
}
