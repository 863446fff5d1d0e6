import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import { dayOf, lastDayOf } from '../role-assignments/period.queries.ts';
import type { CheckedRole, CheckedUser, RefusedLogin } from './access-facts.ts';

const timeOf = (moment: Sql): Sql =>
  sql`to_char(${moment} at time zone 'Europe/Copenhagen', 'DD-MM-YYYY "kl." HH24.MI')`;
const locked = sql`(u.locked_from is not null and u.locked_from <= now() and (u.locked_until is null or u.locked_until > now()))`;

/** A user of the organisation, also a deleted one; null for anything else. */
export async function findCheckedUser(db: ReadDb, organisationId: number, userId: number): Promise<CheckedUser | null> {
  const [user] = await db.rows<CheckedUser>(sql`
    select u.id, u.first_name as "firstName", u.last_name as "lastName", u.rid, u.username, u.uuid, ${dayOf(sql`u.created_at`)} as "createdOn",
      ${dayOf(sql`u.deleted_at`)} as "deletedOn", ${locked} as "isLocked", ${dayOf(sql`u.locked_from`)} as "lockedFrom",
      ${lastDayOf(sql`u.locked_until`)} as "lockedUntil",
      case when u.locked_from > now() then ${dayOf(sql`u.locked_from`)} end as "plannedLockFrom", u.lock_reason as "lockReason",
      (select ${timeOf(sql`e.ends_at`)} from emergency_lock e
        where e.user_id = u.id and e.outcome is null and e.ends_at > now()) as "emergencyLockUntil",
      (select to_char(d.last_day, 'DD-MM-YYYY') from departure d
        where d.user_id = u.id and d.carried_out_at is null and d.cancelled_at is null) as "lastWorkingDay",
      (exists (select from system_role s where s.user_id = u.id)
        or exists (select from administrator a where a.user_id = u.id and a.valid_from <= now() and (a.valid_to is null or a.valid_to > now()))) as "isAdministrator",
      ${dayOf(sql`o.closed_at`)} as "organisationClosedOn", ${timeOf(sql`l.last_login_at`)} as "lastLogin", l.level as "lastLevel",
      l.carried_cpr as "lastCarriedCpr"
    from app_user u join organisation o on o.id = u.organisation_id left join user_login l on l.user_id = u.id
    where u.id = ${userId}::int and u.organisation_id = ${organisationId}::int`);
  return user ?? null;
}

/** The user's roles in force and to come, and those that ran out in the last 180 days. */
export function listCheckedRoles(db: ReadDb, organisationId: number, userId: number): Promise<CheckedRole[]> {
  return db.rows<CheckedRole>(sql`
    select r.name as "roleName", s.id as "serviceId", s.name as "serviceName", g.sor_code as "sorCode", su.name as "unitName",
      case when g.valid_from > now() then 'future' when g.valid_to <= now() then 'ended' else 'active' end as state,
      ${dayOf(sql`g.valid_from`)} as "validFrom", ${lastDayOf(sql`g.valid_to`)} as "validTo", r.needs_cpr as "needsCpr",
      (r.retired_at is not null or s.retired_at is not null) as "isRetired", o.withdrawn_at is not null as "rightIsWithdrawn",
      case when su.closed_on < danish_today() then to_char(su.closed_on, 'DD-MM-YYYY') end as "unitClosedOn",
      coalesce(su.owner_cvr <> b.cvr, false) as "unitIsAnothers"
    from role_assignment g
    join role r on r.id = g.role_id
    join service s on s.id = r.service_id
    join organisation b on b.id = g.organisation_id
    join organisation_role o on o.organisation_id = g.organisation_id and o.role_id = g.role_id
    left join sor_unit su on su.code = g.sor_code
    where g.user_id = ${userId}::int and g.organisation_id = ${organisationId}::int and g.withdrawn_at is null
      and (g.valid_to is null or g.valid_to > now() - interval '180 days')
    order by s.name, r.name, su.name, g.id`);
}

const refusedColumns: Sql = sql`f.reference, ${timeOf(sql`f.at`)} as at, f.portal, f.reason, f.provider, f.cvr,
  f.organisation_name as "organisationName", f.organisation_id as "organisationId", f.level, f.required_level as "requiredLevel",
  f.carried_cpr as "carriedCpr", f.name, f.uuid, f.rid`;

/** The latest refused logins that named this user's RID or UUID, the latest first. */
export function listRefusedLogins(db: ReadDb, organisationId: number, userId: number): Promise<RefusedLogin[]> {
  return db.rows<RefusedLogin>(sql`
    select ${refusedColumns}, coalesce(f.at > (select l.last_login_at from user_login l where l.user_id = u.id), true) as "isLatest"
    from app_user u join refused_sign_in f on f.organisation_id = u.organisation_id and (f.rid = u.rid or f.uuid = u.uuid)
    where u.id = ${userId}::int and u.organisation_id = ${organisationId}::int
    order by f.at desc limit 5`);
}

/** The refused login of a reference number, when it lies within what the transaction sees. */
export async function findRefusedLogin(db: ReadDb, reference: string): Promise<RefusedLogin | null> {
  const [row] = await db.rows<RefusedLogin>(sql`
    select ${refusedColumns}, true as "isLatest" from refused_sign_in f where f.reference = ${reference}::text`);
  return row ?? null;
}

export type Meant = {
  id: number;
  organisationId: number;
  cvr: string;
  firstName: string;
  lastName: string;
  isDeleted: boolean;
};

/** The users whom a login may have meant: by UUID or RID in its organisation; a deleted one only where nobody else is. */
export async function listMeant(db: ReadDb, { organisationId, uuid, rid }: RefusedLogin): Promise<Meant[]> {
  if (organisationId === null || (uuid === null && rid === null)) return [];
  const users = await db.rows<Meant>(sql`
    select u.id, u.organisation_id as "organisationId", o.cvr, u.first_name as "firstName", u.last_name as "lastName",
      u.deleted_at is not null as "isDeleted"
    from app_user u join organisation o on o.id = u.organisation_id
    where u.organisation_id = ${organisationId}::int and (u.uuid = ${uuid}::uuid or u.rid = ${rid}::text)
    order by u.deleted_at desc nulls first, u.id limit 10`);
  const present = users.filter(({ isDeleted }) => !isDeleted);
  return present.length > 0 ? present : users.slice(0, 1);
}
