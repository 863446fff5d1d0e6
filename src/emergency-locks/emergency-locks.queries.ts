import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { noSql, sql } from '../db/sql.ts';
import type { Scope } from '../permissions/scope.ts';
import type { EmergencyLock } from './emergency-lock.ts';

const danishTime = (moment: Sql): Sql =>
  sql`to_char(${moment} at time zone 'Europe/Copenhagen', 'DD-MM-YYYY "kl." HH24.MI')`;

const locks: Sql = sql`
  select e.id, e.organisation_id as "organisationId", o.name as "organisationName", o.cvr, e.user_id as "userId",
    u.first_name || ' ' || u.last_name as "userName", u.deleted_at is not null as "userIsDeleted",
    e.case_number as "caseNumber", e.reason, ${danishTime(sql`e.locked_at`)} as "lockedAt", ${danishTime(sql`e.ends_at`)} as "endsAt",
    coalesce(e.outcome, case when e.ends_at <= now() then 'EXPIRED' end) as outcome,
    ${danishTime(sql`coalesce(e.ended_at, case when e.ends_at <= now() then e.ends_at end)`)} as "endedAt", e.end_reason as "endReason", e.version
  from emergency_lock e join organisation o on o.id = e.organisation_id join app_user u on u.id = e.user_id`;

/** The emergency lock that a user is under now; null without one. */
export async function findEmergencyLock(
  db: ReadDb,
  organisationId: number,
  userId: number,
): Promise<EmergencyLock | null> {
  const [lock] = await db.rows<EmergencyLock>(sql`
    ${locks} where e.user_id = ${userId}::int and e.organisation_id = ${organisationId}::int
      and e.outcome is null and e.ends_at > now() and u.deleted_at is null`);
  return lock ?? null;
}

/** Those in force in the organisations, the one that runs out first on top. */
export function listOpenEmergencyLocks(
  db: ReadDb,
  organisationIds: readonly number[],
  limit: number,
): Promise<EmergencyLock[]> {
  return db.rows<EmergencyLock>(sql`
    ${locks} where e.organisation_id = any (${[...organisationIds]}::int[]) and e.outcome is null and e.ends_at > now()
      and u.deleted_at is null
    order by e.ends_at, e.id limit ${limit}::int`);
}

export const locksPerPage = 50;

/** All of the reach, the latest first; one more than a page. `before` is the id of the last one seen. */
export function listEmergencyLocks(db: ReadDb, scope: Scope, before: number | null): Promise<EmergencyLock[]> {
  const within = scope === 'all' ? noSql : sql`and e.organisation_id = any (${[...scope]}::int[])`;
  const beyond = before === null ? noSql : sql`and e.id < ${before}::int`;
  return db.rows<EmergencyLock>(
    sql`${locks} where true ${within} ${beyond} order by e.id desc limit ${locksPerPage + 1}::int`,
  );
}

/** Whether the case was used before, for a user of any organisation. */
export async function isCaseUsed(db: ReadDb, caseNumber: string): Promise<boolean> {
  const [row] = await db.rows<{ used: boolean }>(sql`select emergency_case_is_used(${caseNumber}::text) as used`);
  return row?.used ?? false;
}

/** Whether a lock of the user's own reaches at least as far as an emergency lock made now would. */
export async function isLockedAsLong(db: ReadDb, userId: number): Promise<boolean> {
  const [row] = await db.rows<{ covered: boolean }>(sql`
    select coalesce(locked_from <= now() and (locked_until is null or locked_until >= now() + interval '72 hours'), false) as covered
    from app_user where id = ${userId}::int`);
  return row?.covered ?? false;
}

export type DueLock = { id: number; userId: number; organisation: { id: number; cvr: string; name: string } };

/** Those whose 72 hours are over and that nobody has closed. */
export function listRunOut(db: ReadDb): Promise<DueLock[]> {
  return db.rows<DueLock>(sql`
    select e.id, e.user_id as "userId", jsonb_build_object('id', o.id, 'cvr', o.cvr, 'name', o.name) as organisation
    from emergency_lock e join organisation o on o.id = e.organisation_id
    where e.outcome is null and e.ends_at <= now() order by e.ends_at, e.id`);
}

export type Address = { userId: number; firstName: string; lastName: string; email: string };

/** The people of the system owner. */
export function listSystemOwners(db: ReadDb): Promise<Address[]> {
  return db.rows<Address>(
    sql`select user_id as "userId", first_name as "firstName", last_name as "lastName", email from system_owner_addresses()`,
  );
}
