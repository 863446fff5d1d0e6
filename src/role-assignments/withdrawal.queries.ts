import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { ServiceLimit } from '../permissions/service-limit.ts';
import type { ServiceChoice } from '../users/users.queries.ts';
import { isOfServices } from './service-limit.queries.ts';

/** A role at a place that some of the chosen users hold, now or from a later day. */
export type HeldRole = {
  /** "12_0" or "12_90000031000016005": the role and the unit, as ticked. */
  key: string;
  roleName: string;
  roleCode: string;
  sorCode: string | null;
  unitName: string | null;
  holders: number;
};

const holding = (organisationId: number, userIds: readonly number[]): Sql =>
  sql`g.organisation_id = ${organisationId}::int and g.user_id = any (${[...userIds]}::int[])
    and g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now())`;

/** The services of which the users hold roles, of those that the administrator answers for. */
export function listServicesHeld(
  db: ReadDb,
  organisationId: number,
  userIds: readonly number[],
  limit: ServiceLimit,
): Promise<ServiceChoice[]> {
  return db.rows<ServiceChoice>(sql`
    select s.id, s.code, s.name from service s
    where s.id in (select r.service_id from role_assignment g join role r on r.id = g.role_id where ${holding(organisationId, userIds)})
      and ${isOfServices(limit, sql`s.id`)}
    order by s.name, s.id`);
}

/** Roles and places of a service that the users hold, with how many of them do. */
export function listRolesHeld(
  db: ReadDb,
  organisationId: number,
  userIds: readonly number[],
  serviceId: number,
): Promise<HeldRole[]> {
  return db.rows<HeldRole>(sql`
    select r.id || '_' || coalesce(g.sor_code, '0') as key, r.name as "roleName", r.code as "roleCode", g.sor_code as "sorCode",
      su.name as "unitName", count(distinct g.user_id)::int as holders
    from role_assignment g join role r on r.id = g.role_id left join sor_unit su on su.code = g.sor_code
    where ${holding(organisationId, userIds)} and r.service_id = ${serviceId}::int
    group by r.id, r.name, r.code, g.sor_code, su.name
    order by r.name, r.code, su.name, g.sor_code`);
}

export type WithdrawalPreview = { users: number; assignments: number; later: number; holderIds: number[] };

/** What taking the ticked roles and places away would do to these users. */
export async function previewWithdrawal(
  db: ReadDb,
  organisationId: number,
  userIds: readonly number[],
  keys: readonly string[],
): Promise<WithdrawalPreview> {
  const [row] = await db.rows<WithdrawalPreview>(sql`
    select count(distinct g.user_id)::int as users, coalesce(array_agg(distinct g.user_id), '{}') as "holderIds", count(*)::int as assignments, count(*) filter (where g.valid_from > now())::int as later
    from role_assignment g
    where ${holding(organisationId, userIds)} and ${withdrawnPlacements(userIds, keys)}`);
  return row ?? { users: 0, assignments: 0, later: 0, holderIds: [] };
}

/** The roles of the ticked "12_0". */
export function roleIdsIn(keys: readonly string[]): number[] {
  return keys.map((key) => Number(key.split('_', 1)[0]));
}

/** The users' assignments `g` of the ticked roles and places. */
export function withdrawnPlacements(userIds: readonly number[], keys: readonly string[]): Sql {
  return sql`g.user_id = any (${[...userIds]}::int[]) and g.role_id || '_' || coalesce(g.sor_code, '0') = any (${[...keys]}::text[])`;
}
