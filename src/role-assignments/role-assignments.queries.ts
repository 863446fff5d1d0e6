import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { serviceLimit } from '../permissions/service-limit.ts';
import type { AssignmentRow, GivableRole } from './assignment.ts';
import { dayOf, lastDayOf } from './period.queries.ts';
import { isOfServices } from './service-limit.queries.ts';

/** All of a user's assignments that were not withdrawn: in force, to come, and run out. */
export function listAssignments(db: ReadDb, organisationId: number, userId: number): Promise<AssignmentRow[]> {
  return db.rows<AssignmentRow>(sql`
    select g.id, g.role_id as "roleId", r.code as "roleCode", r.name as "roleName", s.id as "serviceId", s.code as "serviceCode",
      s.name as "serviceName", g.sor_code as "sorCode", su.name as "unitName", coalesce(su.closed_on < danish_today(), false) as "unitIsClosed",
      g.scope, ${dayOf(sql`g.valid_from`)} as "validFrom", ${lastDayOf(sql`g.valid_to`)} as "validTo",
      case when g.valid_from > now() then 'future' when g.valid_to <= now() then 'ended' else 'active' end as state,
      g.reason, g.case_number as "caseNumber"
    from role_assignment g
    join role r on r.id = g.role_id
    join service s on s.id = r.service_id
    left join sor_unit su on su.code = g.sor_code
    where g.user_id = ${userId}::int and g.organisation_id = ${organisationId}::int and g.withdrawn_at is null
    order by s.name, r.code, su.name, g.sor_code, g.id`);
}

/** The roles of a service that the organisation and this administrator may give now, and how many of the chosen users hold each. */
export function listGivableRoles(
  db: ReadDb,
  actor: Actor,
  organisationId: number,
  serviceId: number,
  userIds: number[],
): Promise<GivableRole[]> {
  return db.rows<GivableRole>(sql`
    select r.id, r.code, r.name, r.description, r.needs_sor as "needsSor", r.needs_cpr as "needsCpr",
      (select count(distinct g.user_id)::int from role_assignment g
        where g.organisation_id = ${organisationId}::int and g.role_id = r.id and g.user_id = any (${userIds}::int[])
          and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())) as holders
    from role r
    join service s on s.id = r.service_id
    join organisation_role o on o.role_id = r.id and o.organisation_id = ${organisationId}::int
    where r.service_id = ${serviceId}::int and ${isOfServices(serviceLimit(actor, organisationId), sql`r.service_id`)} and r.retired_at is null and s.retired_at is null and o.withdrawn_at is null
    order by r.name, r.code`);
}

export type HeldPlacement = { roleId: number; sorCode: string | null; unitName: string | null };

/** Where one user holds the roles of a service now, to be shown beside each role. */
export function listHeldPlacements(
  db: ReadDb,
  organisationId: number,
  userId: number,
  serviceId: number,
): Promise<HeldPlacement[]> {
  return db.rows<HeldPlacement>(sql`
    select g.role_id as "roleId", g.sor_code as "sorCode", su.name as "unitName"
    from role_assignment g join role r on r.id = g.role_id left join sor_unit su on su.code = g.sor_code
    where g.organisation_id = ${organisationId}::int and g.user_id = ${userId}::int and r.service_id = ${serviceId}::int
      and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())
    order by su.name, g.sor_code`);
}

export type OrderedRole = { id: number; name: string; needsSor: boolean; isGivable: boolean };

/** Roles that were chosen earlier, and whether the organisation may give them now. */
export function listRolesNow(db: ReadDb, organisationId: number, roleIds: readonly number[]): Promise<OrderedRole[]> {
  return db.rows<OrderedRole>(sql`
    select r.id, r.name, r.needs_sor as "needsSor",
      (r.retired_at is null and s.retired_at is null and o.role_id is not null and o.withdrawn_at is null) as "isGivable"
    from role r
    join service s on s.id = r.service_id
    left join organisation_role o on o.role_id = r.id and o.organisation_id = ${organisationId}::int
    where r.id = any (${[...roleIds]}::int[])
    order by r.name, r.code`);
}
