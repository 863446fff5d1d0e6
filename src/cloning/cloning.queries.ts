import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import type { ServiceLimit } from '../permissions/service-limit.ts';
import { serviceLimit } from '../permissions/service-limit.ts';
import { isInTheWay } from '../role-assignments/grants.queries.ts';
import { dayOf, lastDayOf } from '../role-assignments/period.queries.ts';
import { isOfServices } from '../role-assignments/service-limit.queries.ts';
import type { CloneableRole, PlannedRole } from './clone-plan.ts';

/** The source: a user of the organisation in the URL. */
export type Source = { organisationId: number; userId: number };

export async function findOrganisation(db: ReadDb, organisationId: number): Promise<AddressedOrganisation | null> {
  const [row] = await db.rows<AddressedOrganisation>(sql`
    select id, cvr, name, closed_at is not null as "isClosed", self_assignment_allowed as "selfAssignmentAllowed"
    from organisation where id = ${organisationId}::int`);
  return row ?? null;
}

const isHeld: Sql = sql`g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now())`;

/** The source's roles, in force and to come, as the receiver's organisation, and this administrator in it, could give them. */
export function listCloneableRoles(
  db: ReadDb,
  actor: Actor,
  source: Source,
  receiving: AddressedOrganisation,
): Promise<CloneableRole[]> {
  return db.rows<CloneableRole>(sql`
    select g.id as "assignmentId", r.id as "roleId", r.code as "roleCode", r.name as "roleName", s.name as "serviceName",
      r.needs_cpr as "needsCpr", g.sor_code as "sorCode", su.name as "unitName", g.scope,
      ${dayOf(sql`g.valid_from`)} as "validFrom", ${lastDayOf(sql`g.valid_to`)} as "validTo",
      (o.role_id is not null and o.withdrawn_at is null and r.retired_at is null and s.retired_at is null) as "isGivable",
      ${isOfServices(serviceLimit(actor, receiving.id), sql`r.service_id`)} as "isWithinArea",
      (g.sor_code is null or (su.owner_cvr = ${receiving.cvr} and not coalesce(su.closed_on < danish_today(), false))) as "unitIsUsable"
    from role_assignment g
    join role r on r.id = g.role_id
    join service s on s.id = r.service_id
    left join organisation_role o on o.organisation_id = ${receiving.id}::int and o.role_id = r.id
    left join sor_unit su on su.code = g.sor_code
    where g.organisation_id = ${source.organisationId}::int and g.user_id = ${source.userId}::int and ${isHeld}
    order by s.name, r.name, r.code, su.name, g.sor_code, g.valid_from, g.id`);
}

/** One row for each receiver and role of the plan; see wantedRows. The period is the source's, from now on. */
export function clonedRows(
  source: Source,
  receivingId: number,
  receiverIds: readonly number[],
  given: readonly PlannedRole[],
): Sql {
  return sql`
    select u.id as user_id, u.first_name || ' ' || u.last_name as user_name, r.id as role_id, r.code as role, r.name as role_name,
      s.code as service, plan.sor_code, g.scope, greatest(g.valid_from, now()::timestamptz(3)) as valid_from, g.valid_to,
      case when g.valid_from > now() then to_char(g.valid_from at time zone 'Europe/Copenhagen', 'YYYY-MM-DD') end as starts_on,
      to_char((g.valid_to - interval '1 millisecond') at time zone 'Europe/Copenhagen', 'YYYY-MM-DD') as ends_on
    from unnest(${given.map((one) => one.role.assignmentId)}::int[], ${given.map((one) => one.sorCode ?? '')}::text[]) as chosen (assignment_id, code)
    cross join lateral (select nullif(chosen.code, '') as sor_code) plan
    join role_assignment g on g.id = chosen.assignment_id and g.organisation_id = ${source.organisationId}::int
      and g.user_id = ${source.userId}::int and ${isHeld}
    join role r on r.id = g.role_id
    join service s on s.id = r.service_id
    cross join app_user u
    where u.organisation_id = ${receivingId}::int and u.id = any (${[...receiverIds]}::int[])`;
}

/** Of a receiver's own roles `g`, those that are just as wanted `w`: they stay when the others are taken away. */
const isAsWanted: Sql = sql`${isInTheWay} and g.scope = w.scope and g.valid_from <= w.valid_from and g.valid_to is not distinct from w.valid_to`;

/** The receivers' roles `g` that "Slet eksisterende roller" takes away, of the services that the administrator answers for. */
export function replacedByClone(receiverIds: readonly number[], wanted: Sql, limit: ServiceLimit): Sql {
  return sql`g.user_id = any (${[...receiverIds]}::int[])
    and exists (select from role r where r.id = g.role_id and ${isOfServices(limit, sql`r.service_id`)})
    and not exists (select from (${wanted}) w where ${isAsWanted})`;
}

export type ClonePreview = { userId: number; added: number; alreadyThere: number; withdrawn: number };

/** What the clone would do to each receiver, when theirs are kept. */
export function previewKeeping(db: ReadDb, wanted: Sql): Promise<ClonePreview[]> {
  return db.rows<ClonePreview>(sql`
    with w as materialized (${wanted}),
    judged as (select w.user_id, exists (select from role_assignment g where ${isInTheWay}) as is_there from w)
    select user_id as "userId", count(*) filter (where not is_there)::int as added,
      count(*) filter (where is_there)::int as "alreadyThere", 0 as withdrawn
    from judged group by user_id`);
}

/** What the clone would do to each receiver, when theirs are taken away. */
export function previewReplacing(
  db: ReadDb,
  receivingId: number,
  receiverIds: readonly number[],
  wanted: Sql,
  limit: ServiceLimit,
): Promise<ClonePreview[]> {
  return db.rows<ClonePreview>(sql`
    with w as materialized (${wanted}),
    judged as (select w.user_id, exists (select from role_assignment g where ${isHeld} and ${isAsWanted}) as is_there from w),
    gone as (
      select g.user_id, count(*)::int as withdrawn from role_assignment g
      where g.organisation_id = ${receivingId}::int and ${isHeld} and ${replacedByClone(receiverIds, sql`select * from w`, limit)}
      group by g.user_id)
    select j.user_id as "userId", count(*) filter (where not is_there)::int as added,
      count(*) filter (where is_there)::int as "alreadyThere", coalesce(max(gone.withdrawn), 0) as withdrawn
    from judged j left join gone on gone.user_id = j.user_id group by j.user_id`);
}
