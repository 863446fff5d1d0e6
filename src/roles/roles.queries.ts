import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, noSql, sql } from '../db/sql.ts';
import { dayOf, lastDayOf } from '../role-assignments/period.queries.ts';
import { likeAnywhere, searchWords } from '../shared/text.ts';
import { isAdministratorAnywhere, isLockedNow } from '../users/users.queries.ts';
import type { FoundRole, RoleHolder } from './role.ts';

export const holdersPerPage = 50;

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

/** Roles by service, name, description and synonyms; those that the organisation may give come first. */
export function findRoles(
  db: ReadDb,
  organisationId: number,
  search: string,
  serviceId: number | null,
): Promise<FoundRole[]> {
  const conditions = [
    sql`(${isGivable} or (r.retired_at is null and s.retired_at is null))`,
    ...searchWords(search).map((word) => sql`${words} like ${likeAnywhere(word)}`),
    ...(serviceId === null ? [] : [sql`s.id = ${serviceId}::int`]),
  ];
  return db.rows<FoundRole>(
    sql`${roleRows(organisationId, joinSql(conditions, ' and '))} order by "isGivable" desc, s.name, r.name, r.code limit 200`,
  );
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
