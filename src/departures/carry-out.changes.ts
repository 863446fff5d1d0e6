import { event } from '../audit/events.ts';
import type { Changes } from '../audit/record-change.ts';
import type { SystemChange } from '../audit/record-system-change.ts';
import { recordSystemChange, systemName } from '../audit/record-system-change.ts';
import type { Tx } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { fullName } from '../permissions/actor.ts';
import { placementText } from '../role-assignments/assignment.ts';
import { remindOfSignature } from '../todos/todos.changes.ts';
import { tellOfEndedAdministrations } from '../users/access-ended.mail.ts';
import type { EndedAccess } from '../users/end-access.changes.ts';
import { endAccess } from '../users/end-access.changes.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { findUser } from '../users/users.queries.ts';
import type { Receipt } from './departure.ts';
import type { DueDeparture } from './departures.queries.ts';
import { listDueDepartures } from './departures.queries.ts';
import { receiptMails } from './receipt.mail.ts';

export type CarriedOut = { carriedOut: number; failed: { departureId: number; error: unknown }[] };

const lockReason = 'Fratrådt';

/**
 * Carries out every departure whose last day is over, each in a transaction of its own: one that fails is told and tried
 * again at the next run, the others go on. After downtime it catches up; a second run finds nothing to do.
 */
export async function carryOutDepartures(changes: Changes, mailing: MailSetting): Promise<CarriedOut> {
  const due = await readPage(changes.database, 'all', listDueDepartures);
  const result: CarriedOut = { carriedOut: 0, failed: [] };
  for (const departure of due) {
    try {
      const done = await recordSystemChange(changes, departure.organisation.id, (tx) =>
        carryOut(tx, departure, mailing),
      );
      if (done) result.carriedOut += 1;
    } catch (error) {
      result.failed.push({ departureId: departure.id, error });
    }
  }
  return result;
}

/** False when it was moved, cancelled or carried out by another process meanwhile. */
async function carryOut(tx: Tx, departure: DueDeparture, mailing: MailSetting): Promise<SystemChange<boolean>> {
  const { id, userId, organisation } = departure;
  const still = await tx.rows<{ lastDay: string }>(sql`
    select last_day::text as "lastDay" from departure
    where id = ${id}::int and carried_out_at is null and cancelled_at is null and last_day < danish_today() for update`);
  const [due] = still;
  if (due === undefined) return { outcome: false, events: [] };
  const user = await findUser(tx, organisation.id, userId);
  if (user === null) throw new Error(`departure ${id} is of a user who is not there`);
  const ended = await endAccess(tx, organisation, user, lockReason);
  const receipt = receiptFor(ended);
  await lockForGood(tx, userId);
  await tx.rows(sql`
    update departure set carried_out_at = now(), receipt = ${JSON.stringify(receipt)}::text::jsonb, version = version + 1
    where id = ${id}::int`);
  const { rid, email } = user;
  await remindOfSignature(tx, organisation.id, userId, { name: fullName(user), rid, email, because: 'departed' });
  const about = { organisation, target: { userId, name: fullName(user) } };
  const departed = event('user.departed', about, { lastDay: due.lastDay, roles: ended.roles.length });
  return {
    outcome: true,
    events: [...ended.events, departed],
    mails: [
      ...(await receiptMails(tx, departure, user, receipt, mailing)),
      ...(await tellOfEndedAdministrations(tx, user, ended, { userId: null, name: systemName }, mailing)),
    ],
  };
}

/** A lock that is in force keeps the day it began. */
async function lockForGood(tx: Tx, userId: number): Promise<void> {
  await tx.rows(sql`
    update app_user u set
      locked_from = case when u.locked_from <= now() and (u.locked_until is null or u.locked_until > now()) then u.locked_from else now() end,
      locked_until = null, lock_reason = ${lockReason}::text, session_epoch = u.session_epoch + 1, version = u.version + 1
    where u.id = ${userId}::int`);
}

function receiptFor({ roles, administrations }: EndedAccess): Receipt {
  return {
    roles: roles.map(({ serviceName, roleName, role, sorCode, unitName }) => ({
      service: serviceName,
      role: roleName,
      code: role,
      placement: placementText({ sorCode, unitName }),
    })),
    administrations: administrations.map(({ kind, organisationName }) => ({ kind, organisation: organisationName })),
  };
}
