import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Changes } from '../audit/record-change.ts';
import type { SystemChange } from '../audit/record-system-change.ts';
import { recordSystemChange, systemName } from '../audit/record-system-change.ts';
import type { Tx } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { fullName } from '../permissions/actor.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import { findUser } from '../users/users.queries.ts';
import { endedMails } from './emergency-lock.mail.ts';
import type { DueLock } from './emergency-locks.queries.ts';
import { listRunOut } from './emergency-locks.queries.ts';
import { restoreLock } from './restored-lock.changes.ts';

export type Closed = { closed: number; failed: { lockId: number; error: unknown }[] };

/**
 * Closes emergency locks whose 72 hours are over. The user has been let in again since that very moment (locked_until):
 * this tells the organisation, and lets a lock that was planned before count again. A second run finds nothing.
 */
export async function closeRunOutLocks(changes: Changes, mailing: MailSetting): Promise<Closed> {
  const result: Closed = { closed: 0, failed: [] };
  for (const due of await readPage(changes.database, 'all', listRunOut)) {
    try {
      const closed = await recordSystemChange(changes, due.organisation.id, (tx) => closeAndTell(tx, due, mailing));
      if (closed) result.closed += 1;
    } catch (error) {
      result.failed.push({ lockId: due.id, error });
    }
  }
  return result;
}

async function closeAndTell(tx: Tx, due: DueLock, mailing: MailSetting): Promise<SystemChange<boolean>> {
  const { organisation, userId } = due;
  const events = await closeRunOut(tx, organisation, userId);
  const user = await findUser(tx, organisation.id, userId);
  // Somebody whose user is deleted by now has nothing that could open.
  const mails =
    events.length === 0 || user === null
      ? []
      : await endedMails(
          tx,
          { organisation, user, lock: await lockOf(tx, due.id), by: systemName },
          'EXPIRED',
          mailing,
        );
  return { outcome: events.length > 0, events, mails };
}

/** Closes a user's emergency lock that has run out, if there is one; its events belong to the caller's change. */
export async function closeRunOut(tx: Tx, organisation: Organisation, userId: number): Promise<AuditEvent[]> {
  const closed = await tx.rows<{ id: number; caseNumber: string; firstName: string; lastName: string }>(sql`
    update emergency_lock e set outcome = 'EXPIRED', ended_at = now(), version = e.version + 1
    from app_user u
    where u.id = e.user_id and e.user_id = ${userId}::int and e.outcome is null and e.ends_at <= now()
    returning e.id, e.case_number as "caseNumber", u.first_name as "firstName", u.last_name as "lastName"`);
  for (const { id } of closed) await restoreLock(tx, id);
  return closed.map(({ caseNumber, ...name }) =>
    event('user.emergencyLockExpired', { organisation, target: { userId, name: fullName(name) } }, { caseNumber }),
  );
}

async function lockOf(tx: Tx, lockId: number): Promise<{ caseNumber: string }> {
  const [lock] = await tx.rows<{ caseNumber: string }>(
    sql`select case_number as "caseNumber" from emergency_lock where id = ${lockId}::int`,
  );
  if (lock === undefined) throw new Error(`emergency lock ${lockId} vanished`);
  return lock;
}
