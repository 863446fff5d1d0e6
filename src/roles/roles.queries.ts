import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, noSql, sql } from '../db/sql.ts';
import { dayOf, lastDayOf } from '../role-assignments/period.queries.ts';
import { likeAnywhere, searchWords } from '../shared/text.ts';
import type { ServiceChoice } from '../users/users.queries.ts';
import { isAdministratorAnywhere, isLockedNow } from '../users/users.queries.ts';
import type { FoundRole, RoleHolder } from './role.ts';

export const holdersPerPage = 50;
export const rolesPerPage = 25;

const isGivable = sql`(o.role_id is not null and o.withdrawn_at is null and r.retired_at is null and s.retired_at is null)`;

// A few hundred roles at most: their words are put together here rather than kept in a column.
const words = sql`search_fold(concat_ws(' ', r.code, r.name, r.description, array_to_string(r.synonyms, ' '), s.code, s.name))`;

function roleRows(organisationId: number, condition: Sql): Sql {
  return sql`
    select r.id, r.code, r.name, r.description, r.synonyms, s.id as "serviceId", s.code as "serviceCode", s.name as "serviceName",
      r.needs_sor as "needsSor", r.needs_cpr as "needsCpr", ${isGivable} as "isGivable",
      coalesce(h.holders, 0) as holders
    from role r join service s on s.id = r.service_id
    left join organisation_role o on o.role_id = r.id and o.organisation_id = ${organisationId}::int
    left join (
      select g.role_id, count(distinct g.user_id)::int as holders from role_assignment g
      where g.organisation_id = ${organisationId}::int and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())
      group by g.role_id) h on h.role_id = r.id
    where ${condition}`;
}

export type RoleFilter = { search: string; serviceId: number | null };

/** Where a page of the finder begins: after this role, in the order of the list. */
export type RoleCursor = { values: string[]; id: number };

function rolesThatMatch({ search, serviceId }: RoleFilter): Sql {
  const conditions = [
    sql`r.retired_at is null and s.retired_at is null`,
    ...searchWords(search).map((word) => sql`${words} like ${likeAnywhere(word)}`),
    ...(serviceId === null ? [] : [sql`s.id = ${serviceId}::int`]),
  ];
  return joinSql(conditions, ' and ');
}

// What cannot be given comes last; the rest of a service stands together.
const placeInList = sql`(case when ${isGivable} then '0' else '1' end), s.name, r.name, r.id`;

/** One page of roles by service, name, description and synonyms, one row more than shown. */
export function findRoles(
  db: ReadDb,
  organisationId: number,
  filter: RoleFilter,
  after: RoleCursor | null,
): Promise<FoundRole[]> {
  const [givable = '', service = '', role = ''] = after?.values ?? [];
  const beyond =
    after === null
      ? noSql
      : sql`and (${placeInList}) > (${givable}::text, ${service}::text, ${role}::text, ${after.id}::int)`;
  return db.rows<FoundRole>(
    sql`${roleRows(organisationId, sql`${rolesThatMatch(filter)} ${beyond}`)} order by ${placeInList} limit ${rolesPerPage + 1}::int`,
  );
}

export async function countRoles(db: ReadDb, filter: RoleFilter): Promise<number> {
  const [row] = await db.rows<{ count: number }>(sql`
    select count(*)::int as count from role r join service s on s.id = r.service_id where ${rolesThatMatch(filter)}`);
  return row?.count ?? 0;
}

export type ServiceOfRoles = ServiceChoice & { roles: number; givable: number };

/** Every service with how many roles it has, and how many of them the organisation may give. */
export function listServicesOfRoles(db: ReadDb, organisationId: number): Promise<ServiceOfRoles[]> {
  return db.rows<ServiceOfRoles>(sql`
    select s.id, s.code, s.name, count(*)::int as roles, count(*) filter (where ${isGivable})::int as givable
    from role r join service s on s.id = r.service_id
    left join organisation_role o on o.role_id = r.id and o.organisation_id = ${organisationId}::int
    where r.retired_at is null and s.retired_at is null
    group by s.id order by s.name, s.id`);
}

export async function findRole(db: ReadDb, organisationId: number, roleId: number): Promise<FoundRole | null> {
  const [role] = await db.rows<FoundRole>(roleRows(organisationId, sql`r.id = ${roleId}::int`));
  return role ?? null;
}

/** Who of the organisation holds a role now, by name, then unit; one more than a page. */
export function listHolders(
  db: ReadDb,
  organisationId: number,
  roleId: number,
  after: { lastName: string; firstName: string; id: number } | null,
): Promise<RoleHolder[]> {
  const beyond =
    after === null
      ? noSql
      : sql`and (u.last_name, u.first_name, g.id) > (${after.lastName}::text, ${after.firstName}::text, ${after.id}::int)`;
  return db.rows<RoleHolder>(sql`
    select g.id as "assignmentId", u.id as "userId", u.first_name as "firstName", u.last_name as "lastName", u.email,
      ${isLockedNow} as "isLocked", ${isAdministratorAnywhere} as "isAdministrator", g.sor_code as "sorCode", su.name as "unitName", g.scope,
      ${dayOf(sql`g.valid_from`)} as "validFrom", ${lastDayOf(sql`g.valid_to`)} as "validTo"
    from role_assignment g join visible_user u on u.id = g.user_id left join sor_unit su on su.code = g.sor_code
    where g.organisation_id = ${organisationId}::int and g.role_id = ${roleId}::int
      and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now()) and u.deleted_at is null ${beyond}
    order by u.last_name, u.first_name, g.id limit ${holdersPerPage + 1}::int`);
}

export type Candidate = { id: number; firstName: string; lastName: string; email: string };

/** Active users who match a search and do not hold the role yet, by name. */
export function listWithoutRole(
  db: ReadDb,
  organisationId: number,
  roleId: number,
  search: string,
): Promise<Candidate[]> {
  const matches = searchWords(search).map((word) => sql`and u.search like ${likeAnywhere(word)}`);
  return db.rows<Candidate>(sql`
    select u.id, u.first_name as "firstName", u.last_name as "lastName", u.email from visible_user u
    where u.organisation_id = ${organisationId}::int and u.deleted_at is null and not ${isLockedNow} ${joinSql([noSql, ...matches], ' ')}
      and not exists (select from role_assignment g where g.user_id = u.id and g.role_id = ${roleId}::int
        and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now()))
    order by u.last_name, u.first_name, u.id limit 50`);
}
