import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, sql } from '../db/sql.ts';
import { likeAnywhere, searchWords } from '../shared/text.ts';
import type { Act, ChosenRole, RightsChoice } from './rights.ts';

/** Neither the role nor its service is retired, or will be today. */
export const isOpenRole = sql`(r.retired_at is null and s.retired_at is null
  and coalesce(least(r.retires_on, s.retires_on) > danish_today(), true))`;

/** The roles that are chosen, and for the page that chooses all roles of the service; retired ones can only be withdrawn. */
export function listRolesToChoose(db: ReadDb, act: Act, choice: RightsChoice): Promise<ChosenRole[]> {
  return db.rows<ChosenRole>(sql`
    select r.id, r.code, r.name, s.id as "serviceId", s.code as "serviceCode", s.name as "serviceName"
    from role r join service s on s.id = r.service_id
    where (r.id = any (${choice.roleIds}::int[]) or s.id = ${choice.serviceId}::int) and ${act === 'grant' ? isOpenRole : sql`true`}
    order by s.name, r.name, r.code limit 500`);
}

export type ServiceChoice = { id: number; code: string; name: string };

/** Services to choose roles of, and to filter organisations by. */
export function listServiceChoices(db: ReadDb): Promise<(ServiceChoice & { isRetired: boolean })[]> {
  return db.rows<ServiceChoice & { isRetired: boolean }>(sql`
    select s.id, s.code, s.name, s.retired_at is not null as "isRetired" from service s
    where exists (select from role r where r.service_id = s.id) order by s.name, s.id`);
}

export type ChosenOrganisation = { id: number; cvr: string; name: string };

/** Organisations that a choice can mean: open ones; for withdrawing only those that may give one of the roles. */
function organisationsThatMatch(act: Act, choice: RightsChoice, roleIds: number[]): Sql {
  const { search, mayGiveServiceId } = choice;
  return joinSql(
    [
      act === 'grant' ? sql`o.closed_at is null` : mayGiveOneOf(roleIds),
      ...searchWords(search.replace(/(?<=\d) (?=\d)/g, '')).map((word) => sql`o.search like ${likeAnywhere(word)}`),
      ...(mayGiveServiceId === null
        ? []
        : [
            sql`exists (select from organisation_role k join role kr on kr.id = k.role_id
              where k.organisation_id = o.id and k.withdrawn_at is null and kr.service_id = ${mayGiveServiceId}::int)`,
          ]),
    ],
    ' and ',
  );
}

function mayGiveOneOf(roleIds: number[]): Sql {
  return sql`exists (select from organisation_role k where k.organisation_id = o.id and k.withdrawn_at is null
    and k.role_id = any (${roleIds}::int[]))`;
}

/** Organisations to tick, by name. */
export function listMatching(
  db: ReadDb,
  act: Act,
  choice: RightsChoice,
  roleIds: number[],
): Promise<ChosenOrganisation[]> {
  return db.rows<ChosenOrganisation>(sql`
    select o.id, o.cvr, o.name from organisation o
    where ${organisationsThatMatch(act, choice, roleIds)} order by o.name, o.id limit 5000`);
}

/** The organisations that were ticked or pasted, by name; closed ones too, so that they can be named. */
export function listTicked(
  db: ReadDb,
  { organisationIds, cvrs }: RightsChoice,
): Promise<(ChosenOrganisation & { isClosed: boolean })[]> {
  return db.rows<ChosenOrganisation & { isClosed: boolean }>(sql`
    select o.id, o.cvr, o.name, o.closed_at is not null as "isClosed" from organisation o
    where o.id = any (${organisationIds}::int[]) or o.cvr = any (${cvrs}::text[]) order by o.name, o.id`);
}

/** What a change would do in one organisation. */
export type Effect = ChosenOrganisation & { rights: number; users: number; assignments: number };

/** How many rights each organisation would get: those that it has stay. */
export function listGrantEffects(db: ReadDb, roleIds: number[], organisationIds: number[]): Promise<Effect[]> {
  return db.rows<Effect>(sql`
    select o.id, o.cvr, o.name, 0 as users, 0 as assignments, count(*)::int as rights
    from organisation o cross join role r
    where o.id = any (${organisationIds}::int[]) and r.id = any (${roleIds}::int[]) and not exists (
      select from organisation_role g where g.organisation_id = o.id and g.role_id = r.id and g.withdrawn_at is null)
    group by o.id order by o.name, o.id`);
}

/** How many rights each organisation would lose, and what of its users' would end; most users first. */
export function listWithdrawalEffects(db: ReadDb, roleIds: number[], organisationIds: number[]): Promise<Effect[]> {
  return db.rows<Effect>(sql`
    select o.id, o.cvr, o.name, g.rights, coalesce(a.users, 0) as users, coalesce(a.assignments, 0) as assignments
    from organisation o
    join (
      select organisation_id, count(*)::int as rights from organisation_role
      where organisation_id = any (${organisationIds}::int[]) and role_id = any (${roleIds}::int[]) and withdrawn_at is null group by 1) g on g.organisation_id = o.id
    left join (
      select organisation_id, count(distinct user_id)::int as users, count(*)::int as assignments from role_assignment
      where organisation_id = any (${organisationIds}::int[]) and role_id = any (${roleIds}::int[])
        and withdrawn_at is null and (valid_to is null or valid_to > now()) group by 1) a on a.organisation_id = o.id
    order by users desc, o.name, o.id`);
}
