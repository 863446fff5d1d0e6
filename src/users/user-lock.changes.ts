import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import type { Ensure } from '../permissions/can.ts';
import { ensureCan } from '../permissions/can.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import type { Lock } from './user-lock.ts';
import { ensureMayLock, faultsOfLock, laterStart, refuseEmergencyLock } from './user-lock.ts';
import type { Organisation } from './users.changes.ts';
import { getUser, readToday } from './users.queries.ts';

/** Locks at once or from a day on; changes a lock that is there. A lock in force ends the user's sessions for good. */
export async function lockUser(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { userId, version, lock }: { userId: number; version: number; lock: Lock },
  ensure: Ensure = ensureMayLockHere,
): Promise<Change<{ startsLater: boolean }>> {
  const user = await getUser(tx, organisation.id, userId);
  const as = ensure(actor, 'user.lock', { organisationId: organisation.id, user });
  refuseEmergencyLock(user);
  if (user.version !== version) throw new StaleForm();
  const today = await readToday(tx);
  const [fault] = Object.entries(faultsOfLock(lock, user.isLocked, today));
  if (fault !== undefined) throw new FieldRefused(fault[0], fault[1]);
  const from = laterStart(lock, today);
  // Days begin and end in Denmark, whatever the server's clock and time zone say.
  await tx.rows(sql`
    update app_user u set
      locked_from = case
        when ${from}::text is not null then (${from}::text::date)::timestamp at time zone 'Europe/Copenhagen'
        when ${user.isLocked}::boolean then u.locked_from else now() end,
      locked_until = (${lock.until}::text::date + 1)::timestamp at time zone 'Europe/Copenhagen',
      lock_reason = ${lock.reason}::text,
      session_epoch = u.session_epoch + case when ${from}::text is null then 1 else 0 end,
      version = u.version + 1
    where u.id = ${userId}::int`);
  const about = { organisation, target: { userId, name: fullName(user) } };
  return {
    outcome: { startsLater: from !== null },
    as,
    events: [event('user.locked', about, { from, until: lock.until, reason: lock.reason })],
  };
}

const ensureMayLockHere: Ensure = (actor, _action, target) => ensureMayLock(actor, target);

/** Opens a locked user, or cancels a lock that lies ahead; one that has ended meanwhile needs no opening. */
export async function unlockUser(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { userId, version }: { userId: number; version: number },
  ensure: Ensure = ensureCan,
): Promise<Change<{ unlocked: boolean }>> {
  const user = await getUser(tx, organisation.id, userId);
  const as = ensure(actor, 'user.unlock', { organisationId: organisation.id, user });
  refuseEmergencyLock(user);
  const wasPlanned = user.plannedLockFrom !== null;
  if (!user.isLocked && !wasPlanned) return { outcome: { unlocked: false }, as, events: [] };
  if (user.version !== version) throw new StaleForm();
  // A session from before the lock must not come alive again.
  await tx.rows(sql`
    update app_user u set locked_from = null, locked_until = null, lock_reason = null, version = u.version + 1,
      session_epoch = u.session_epoch + case when ${user.isLocked}::boolean then 1 else 0 end
    where u.id = ${userId}::int`);
  const about = { organisation, target: { userId, name: fullName(user) } };
  return { outcome: { unlocked: true }, as, events: [event('user.unlocked', about, { wasPlanned })] };
}
