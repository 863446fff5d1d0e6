import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureAs, ensureCan } from '../permissions/can.ts';
import { Conflict, FieldRefused, StaleForm } from '../shared/errors.ts';
import type { User } from '../users/user.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import { getUser } from '../users/users.queries.ts';
import type { EmergencyLock } from './emergency-lock.ts';
import { confirmedReasonOf, lockReasonOf } from './emergency-lock.ts';
import { endedMails, lockedMails } from './emergency-lock.mail.ts';
import { findEmergencyLock, isCaseUsed, isLockedAsLong } from './emergency-locks.queries.ts';
import { closeRunOut } from './expiry.changes.ts';
import { restoreLock } from './restored-lock.changes.ts';

export type Locking = { userId: number; version: number; caseNumber: string; reason: string };
export type Ending = { userId: number; lockId: number; version: number; reason: string | null };

/** The servicedesk's lock for 72 hours, once a case; also of the last organisationsadministrator. Told to all at once. */
export async function lockInEmergency(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { userId, version, caseNumber, reason }: Locking,
  mailing: MailSetting,
): Promise<Change<{ until: string }>> {
  const user = await getUser(tx, organisation.id, userId);
  const as = ensureAs(actor, 'servicedesk', 'user.lock', { organisationId: organisation.id, user });
  if (user.hasEmergencyLock) throw new Conflict('Brugeren er allerede nødspærret. Åbn siden igen, og se hvornår.');
  if (user.version !== version) throw new StaleForm();
  if (await isCaseUsed(tx, caseNumber)) throw new FieldRefused('sagsnummer', caseIsUsed);
  if (await isLockedAsLong(tx, userId)) throw new FieldRefused('form', lockedAsLong);
  const expired = await closeRunOut(tx, organisation, userId);
  await insertLock(tx, actor, organisation, { userId, version, caseNumber, reason });
  await lockUserByEmergency(tx, userId, lockReasonOf(caseNumber));
  const lock = await findEmergencyLock(tx, organisation.id, userId);
  if (lock === null) throw new Error('the new emergency lock is not there');
  const about = { organisation, target: { userId, name: fullName(user) } };
  return {
    outcome: { until: lock.endsAt },
    as,
    events: [...expired, event('user.emergencyLocked', about, { caseNumber, until: lock.endsAt, reason })],
    mails: await lockedMails(tx, { organisation, user, lock, by: fullName(actor) }, mailing),
  };
}

const caseIsUsed = 'Sagsnummeret er allerede brugt til en nødspærring. Hver sag kan kun bruges én gang';
const lockedAsLong =
  'Brugeren er allerede spærret i mindst 72 timer endnu. En nødspærring ville ikke ændre noget. Se spærringen på brugerens side';

/** What was locked or planned before is kept beside it, when it still counts. */
async function insertLock(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { userId, caseNumber, reason }: Locking,
): Promise<void> {
  await tx.rows(sql`
    insert into emergency_lock (organisation_id, user_id, case_number, reason, locked_by_id, before_from, before_until, before_reason)
    select ${organisation.id}::int, u.id, ${caseNumber}::text, ${reason}::text, ${actor.userId}::int,
      case when counts then u.locked_from end, case when counts then u.locked_until end, case when counts then u.lock_reason end
    from app_user u, lateral (select u.locked_from is not null and (u.locked_until is null or u.locked_until > now()) as counts) k
    where u.id = ${userId}::int`);
}

/** The 72 hours, joined with a lock that reaches into them, so that nothing opens in between. */
async function lockUserByEmergency(tx: Tx, userId: number, lockReason: string): Promise<void> {
  await tx.rows(sql`
    update app_user u set
      locked_from = case when e.before_from <= now() then e.before_from else e.locked_at end,
      locked_until = ${emergencyUntil}, lock_reason = ${lockReason}::text, session_epoch = u.session_epoch + 1, version = u.version + 1
    from emergency_lock e where e.user_id = u.id and e.outcome is null and u.id = ${userId}::int`);
}

const emergencyUntil = sql`case when e.before_from <= e.ends_at
  then nullif(greatest(coalesce(e.before_until, 'infinity'), e.ends_at), 'infinity') else e.ends_at end`;

/** The organisation takes the lock over as its own: without end, until one of its administrators opens it. */
export async function confirmEmergencyLock(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  ending: Ending,
  mailing: MailSetting,
): Promise<Change<{ ended: boolean }>> {
  const { user, lock } = await openLock(tx, organisation, ending);
  const as = ensureCan(actor, 'emergencyLock.confirm', { organisationId: organisation.id, user });
  await endLock(tx, actor, lock, 'CONFIRMED', ending.reason);
  await tx.rows(sql`
    update app_user set locked_until = null, lock_reason = ${confirmedReasonOf(lock.caseNumber)}::text, version = version + 1
    where id = ${user.id}::int`);
  const { caseNumber } = lock;
  const about = { organisation, target: { userId: user.id, name: fullName(user) } };
  return {
    outcome: { ended: true },
    as,
    events: [event('user.emergencyLockConfirmed', about, { caseNumber, reason: ending.reason })],
    mails: await endedMails(tx, { organisation, user, lock, by: fullName(actor) }, 'CONFIRMED', mailing),
  };
}

/** Opens the user before the 72 hours are over; a lock that was there before counts again. */
export async function liftEmergencyLock(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  ending: Ending & { reason: string },
  mailing: MailSetting,
): Promise<Change<{ ended: boolean }>> {
  const { user, lock } = await openLock(tx, organisation, ending);
  const as = ensureCan(actor, 'emergencyLock.lift', { organisationId: organisation.id, user });
  await endLock(tx, actor, lock, 'LIFTED', ending.reason);
  await restoreLock(tx, lock.id);
  const { caseNumber } = lock;
  const about = { organisation, target: { userId: user.id, name: fullName(user) } };
  return {
    outcome: { ended: true },
    as,
    events: [event('user.emergencyLockLifted', about, { caseNumber, reason: ending.reason })],
    mails: await endedMails(tx, { organisation, user, lock, by: fullName(actor) }, 'LIFTED', mailing),
  };
}

/** The lock that the page showed, still open and as it was. */
async function openLock(
  tx: Tx,
  organisation: Organisation,
  { userId, lockId, version }: Ending,
): Promise<{ user: User; lock: EmergencyLock }> {
  const user = await getUser(tx, organisation.id, userId);
  const lock = await findEmergencyLock(tx, organisation.id, userId);
  if (lock === null || lock.id !== lockId || lock.version !== version)
    throw new Conflict('Nødspærringen er afgjort af en anden eller udløbet. Åbn brugerens side igen, og se hvordan.');
  return { user, lock };
}

async function endLock(
  tx: Tx,
  actor: Actor,
  lock: EmergencyLock,
  outcome: 'CONFIRMED' | 'LIFTED',
  reason: string | null,
): Promise<void> {
  await tx.rows(sql`
    update emergency_lock set outcome = ${outcome}::text, ended_at = now(), ended_by_id = ${actor.userId}::int,
      end_reason = ${reason}::text, version = version + 1
    where id = ${lock.id}::int`);
}
