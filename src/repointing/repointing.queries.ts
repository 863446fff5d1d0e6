import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { AssignmentScope } from '../role-assignments/assignment.ts';
import type { ChosenUser } from '../users/users.queries.ts';
import { isAdministratorAnywhere, isLockedNow } from '../users/users.queries.ts';

/** A unit that no role can be given at any longer, but that assignments still point at. */
export type UnusableUnit = {
  code: string;
  name: string;
  entityType: string;
  /** dd-mm-åååå; null when it is open, but another's now. */
  closedOn: string | null;
  isAnothers: boolean;
  assignments: number;
  users: number;
};

const isUnusable: Sql = sql`(su.closed_on < danish_today() or su.owner_cvr <> o.cvr)`;
const stillCounts: Sql = sql`g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now())`;

/** Of an organisation `o`: how many assignments still point at such units. */
export const atUnusableUnits: Sql = sql`(select count(*)::int from role_assignment g join sor_unit su on su.code = g.sor_code
  where g.organisation_id = o.id and ${stillCounts} and ${isUnusable})`;

export async function countAtUnusableUnits(db: ReadDb, organisationId: number): Promise<number> {
  const [row] = await db.rows<{ count: number }>(
    sql`select ${atUnusableUnits} as count from organisation o where o.id = ${organisationId}::int`,
  );
  return row?.count ?? 0;
}

const units = (organisationId: number, more: Sql): Sql => sql`
  select su.code, su.name, su.entity_type as "entityType",
    case when su.closed_on < danish_today() then to_char(su.closed_on, 'DD-MM-YYYY') end as "closedOn", su.owner_cvr <> o.cvr as "isAnothers",
    count(*)::int as assignments, count(distinct g.user_id)::int as users
  from role_assignment g join organisation o on o.id = g.organisation_id join sor_unit su on su.code = g.sor_code
  where g.organisation_id = ${organisationId}::int and ${stillCounts} and ${isUnusable} ${more}
  group by su.code, o.cvr order by su.name, su.code`;

/** Closed and another's units with assignments of the organisation, by name; at most `limit`. */
export function listUnusableUnits(db: ReadDb, organisationId: number, limit: number): Promise<UnusableUnit[]> {
  return db.rows<UnusableUnit>(sql`${units(organisationId, sql``)} limit ${limit}::int`);
}

export async function findUnusableUnit(db: ReadDb, organisationId: number, code: string): Promise<UnusableUnit | null> {
  const [unit] = await db.rows<UnusableUnit>(units(organisationId, sql`and su.code = ${code}::text`));
  return unit ?? null;
}

/** An assignment at such a unit with its user, and what could be in the way of another unit. */
export type AssignmentAt = {
  id: number;
  version: number;
  user: ChosenUser;
  roleId: number;
  roleCode: string;
  roleName: string;
  serviceId: number;
  serviceCode: string;
  serviceName: string;
  isGivable: boolean;
  scope: AssignmentScope;
  /** yyyy-mm-dd, the last day included. */
  startsOn: string;
  endsOn: string | null;
  /** The user holds the role at the new unit in some of the time. */
  isThere: boolean;
};

/** The organisation's assignments at a unit, by user; at most `limit`. `target` is the unit they may go to. */
export function listAssignmentsAt(
  db: ReadDb,
  organisationId: number,
  code: string,
  target: string | null,
  limit: number,
): Promise<AssignmentAt[]> {
  return db.rows<AssignmentAt>(sql`
    select g.id, g.version, jsonb_build_object('id', u.id, 'firstName', u.first_name, 'lastName', u.last_name, 'email', u.email,
        'isLocked', ${isLockedNow}, 'isAdministrator', ${isAdministratorAnywhere}) as "user",
      r.id as "roleId", r.code as "roleCode", r.name as "roleName", s.id as "serviceId", s.code as "serviceCode", s.name as "serviceName",
      (b.withdrawn_at is null and r.retired_at is null and s.retired_at is null) as "isGivable", g.scope,
      to_char(g.valid_from at time zone 'Europe/Copenhagen', 'YYYY-MM-DD') as "startsOn",
      to_char((g.valid_to - interval '1 millisecond') at time zone 'Europe/Copenhagen', 'YYYY-MM-DD') as "endsOn",
      exists (select from role_assignment x where x.user_id = g.user_id and x.role_id = g.role_id and x.sor_code = ${target}::text
        and tstzrange(x.valid_from, x.valid_to) && tstzrange(g.valid_from, g.valid_to)) as "isThere"
    from role_assignment g
    join app_user u on u.id = g.user_id
    join role r on r.id = g.role_id
    join service s on s.id = r.service_id
    join organisation_role b on b.organisation_id = g.organisation_id and b.role_id = g.role_id
    where g.organisation_id = ${organisationId}::int and g.sor_code = ${code}::text and ${stillCounts}
    order by u.last_name, u.first_name, u.id, s.name, r.name, g.id limit ${limit}::int`);
}
