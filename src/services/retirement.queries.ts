import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { Concerned, Retiring, Successor } from './retirement.ts';
import { getService, getServiceRole } from './services.queries.ts';

type Which = Pick<Retiring, 'kind' | 'id'>;

/** @throws NotFound */
export async function getRetiring(db: ReadDb, { kind, id }: Which): Promise<Retiring> {
  const found = kind === 'service' ? await getService(db, id) : await getServiceRole(db, id);
  const { code, name, version, retiresOn, isRetired, successorCode } = found;
  const service = 'serviceCode' in found ? found.serviceCode : null;
  return { kind, id, code, name, service, version, retiresOn, isRetired, successorCode };
}

function rolesOf({ kind, id }: Which): Sql {
  return kind === 'service' ? sql`select r.id from role r where r.service_id = ${id}::int` : sql`select ${id}::int`;
}

/** Open organisations that may give it or whose users hold it, most users first. */
export function listConcerned(db: ReadDb, which: Which): Promise<Concerned[]> {
  return db.rows<Concerned>(sql`
    with roles as materialized (${rolesOf(which)}),
    rights as (select distinct organisation_id from organisation_role where role_id in (select * from roles) and withdrawn_at is null),
    held as (
      select organisation_id, count(distinct user_id)::int as users from role_assignment
      where role_id in (select * from roles) and withdrawn_at is null and (valid_to is null or valid_to > now())
      group by organisation_id)
    select o.id, o.cvr, o.name, g.organisation_id is not null as "mayGive", coalesce(h.users, 0) as users
    from organisation o left join rights g on g.organisation_id = o.id left join held h on h.organisation_id = o.id
    where o.closed_at is null and (g.organisation_id is not null or h.organisation_id is not null)
    order by users desc, o.name, o.id`);
}

/** The organisations that were told and have not ticked it yet. */
export function listTold(db: ReadDb, { kind, id }: Which): Promise<{ id: number; name: string }[]> {
  return db.rows<{ id: number; name: string }>(sql`
    select o.id, o.name from organisation o where exists (
      select from todo t where t.organisation_id = o.id and t.kind = ${`${kind}.retirement`}::text
        and t.facts ->> 'id' = ${String(id)}::text and t.done_at is null)
    order by o.id`);
}

/** What goes by "fut" (a service) or "fut/clinical_viewer" (a role) and stays open; null for anything else. */
export async function findSuccessor(db: ReadDb, codes: string): Promise<Successor | null> {
  const [service = '', role] = codes.split('/');
  const [row] = await db.rows<Successor>(
    role === undefined
      ? sql`select s.id as "serviceId", null::int as "roleId", s.name from service s
          where s.code = ${service}::text and s.retired_at is null and s.retires_on is null`
      : sql`select s.id as "serviceId", r.id as "roleId", r.name from role r join service s on s.id = r.service_id
          where s.code = ${service}::text and r.code = ${role}::text
            and r.retired_at is null and r.retires_on is null and s.retired_at is null and s.retires_on is null`,
  );
  return row ?? null;
}

/** Every open service and role to suggest as successor: "fut" or "fut/clinical_viewer". */
export function listSuccessors(db: ReadDb): Promise<{ code: string; name: string }[]> {
  return db.rows<{ code: string; name: string }>(sql`
    select s.code, s.name from service s where s.retired_at is null and s.retires_on is null
    union all
    select s.code || '/' || r.code, r.name from role r join service s on s.id = r.service_id
    where s.retired_at is null and s.retires_on is null and r.retired_at is null and r.retires_on is null
    order by 1`);
}
