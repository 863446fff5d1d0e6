import type { ReadDb } from '../db/access.ts';
import { isoDay, lastIsoDay } from '../db/moments.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { AdministratorKind } from '../permissions/actor.ts';
import { isLockedNow } from '../users/users.queries.ts';
import type { Administrator, NamedService, Substitute } from './administrator.ts';

function administratorRows(organisationId: number): Sql {
  return sql`
    select a.administrator_id as id, a.user_id as "userId", a.home_organisation_id as "homeOrganisationId", a.home_name as "homeName",
      a.first_name as "firstName", a.last_name as "lastName", a.email, a.rid, a.kind, a.responsibility_area as area,
      case when a.limits_services then coalesce((
        select jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) order by s.name, s.id)
        from administrator_service x join service s on s.id = x.service_id where x.administrator_id = a.administrator_id), '[]') end as services,
      ${isoDay(sql`a.valid_from`)} as "startsOn", ${lastIsoDay(sql`a.valid_to`)} as "endsOn", a.valid_from <= now() as "hasBegun",
      a.is_locked as "isLocked", a.is_last as "isLast", a.version, mail_fault_of(a.email) as "mailFault"
    from administrators_of(${organisationId}::int) a`;
}

/** Everybody who administers the organisation, or will, by kind and name; at most some dozens. */
export function listAdministrators(db: ReadDb, organisationId: number): Promise<Administrator[]> {
  return db.rows<Administrator>(administratorRows(organisationId));
}

/** One of them; null for one whose administration is over, and for anything else. */
export async function findAdministrator(
  db: ReadDb,
  organisationId: number,
  administratorId: number,
): Promise<Administrator | null> {
  const [row] = await db.rows<Administrator>(
    sql`${administratorRows(organisationId)} where a.administrator_id = ${administratorId}::int`,
  );
  return row ?? null;
}

/** Who stands in for the organisation's administrators, now or later. */
export function listSubstitutes(db: ReadDb, organisationId: number): Promise<Substitute[]> {
  return db.rows<Substitute>(sql`
    select s.id, s.administrator_id as "administratorId", u.id as "userId", u.first_name as "firstName", u.last_name as "lastName",
      u.email, u.rid, ${isoDay(sql`s.valid_from`)} as "startsOn", ${lastIsoDay(sql`s.valid_to`)} as "endsOn", s.valid_from <= now() as "hasBegun"
    from administrator_substitute s join app_user u on u.id = s.user_id
    where s.organisation_id = ${organisationId}::int and s.valid_to > now() and u.deleted_at is null
    order by s.valid_from, u.last_name, u.first_name, s.id`);
}

/** A user of the organisation who is to be made an administrator, with the administration that is there already. */
export type Appointee = {
  id: number;
  firstName: string;
  lastName: string;
  email: string;
  isLocked: boolean;
  administratorId: number | null;
  kind: AdministratorKind | null;
};

export function listAppointees(db: ReadDb, organisationId: number, userIds: readonly number[]): Promise<Appointee[]> {
  return db.rows<Appointee>(sql`
    select u.id, u.first_name as "firstName", u.last_name as "lastName", u.email, ${isLockedNow} as "isLocked",
      a.id as "administratorId", a.kind
    from app_user u left join administrator a on a.user_id = u.id and a.organisation_id = ${organisationId}::int
      and (a.valid_to is null or a.valid_to > now())
    where u.organisation_id = ${organisationId}::int and u.id = any (${[...userIds]}::int[]) and u.deleted_at is null
    order by u.last_name, u.first_name, u.id`);
}

/** What an administrator can be limited to: services of which the organisation gives roles, and those that are chosen already. */
export function listLimitingServices(
  db: ReadDb,
  organisationId: number,
  chosen: readonly number[],
): Promise<NamedService[]> {
  return db.rows<NamedService>(sql`
    select s.id, s.name from service s
    where s.id = any (${[...chosen]}::int[]) or (s.retired_at is null and exists (
      select from role r join organisation_role o on o.role_id = r.id
      where r.service_id = s.id and r.retired_at is null and o.organisation_id = ${organisationId}::int and o.withdrawn_at is null))
    order by s.name, s.id`);
}
