import { listSystemOwners } from '../agreements/appointing.queries.ts';
import { event } from '../audit/events.ts';
import type { Change, Changes } from '../audit/record-change.ts';
import { recordSystemChange, systemName } from '../audit/record-system-change.ts';
import type { Tx } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { Conflict } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { rootsIn } from './root-statement.ts';
import { faultMails } from './root.mail.ts';
import type { TrustedKeys } from './seal-key.ts';
import type { Verification } from './verification.queries.ts';
import { listWaitingVerifications } from './verification.queries.ts';
import type { Checked } from './verify-log.ts';
import { verifyLog } from './verify-log.ts';

/** Orders a check of the whole log; a job makes it within a minute. */
export async function orderVerification(
  tx: Tx,
  actor: Actor,
  outsideRoot: string | null,
): Promise<Change<{ ordered: true }>> {
  const as = ensureEverywhere(actor, 'auditLog.verify');
  // One at a time: the change that is under way holds the lock of what belongs to all.
  if ((await listWaitingVerifications(tx)).length > 0)
    throw new Conflict('En kontrol er allerede i gang. Vent, til den er færdig, og bestil så en ny.');
  await tx.rows(sql`
    insert into audit_verification (ordered_by_id, ordered_by_name, outside_root) values (${actor.userId}::int, ${fullName(actor)}, ${outsideRoot})`);
  const detail = { withOutsideRoot: outsideRoot !== null };
  return {
    outcome: { ordered: true },
    as,
    events: [event('auditLog.verificationOrdered', { organisation: null, target: null }, detail)],
  };
}

/** Makes the checks that wait, and each day one that nobody ordered. */
export async function runVerifications(
  changes: Changes,
  keys: TrustedKeys,
  mailing: MailSetting | null,
): Promise<Checked[]> {
  await orderDaily(changes.database);
  const done: Checked[] = [];
  for (const waiting of await readPage(changes.database, 'all', listWaitingVerifications))
    done.push(await runVerification(changes, keys, mailing, waiting));
  return done;
}

/** Once a day has been closed whose log nobody has checked since. */
async function orderDaily({ prisma }: Database): Promise<void> {
  await prisma.$executeRaw`
    insert into audit_verification (ordered_by_name) select ${systemName}
    where exists (select from audit_root r where not exists (select from audit_verification v where v.created_at > r.closed_at)
      and r.day = (select max(day) from audit_root))`;
}

async function runVerification(
  changes: Changes,
  keys: TrustedKeys,
  mailing: MailSetting | null,
  { id, outsideRoot }: Verification,
): Promise<Checked> {
  const { database } = changes;
  const onProgress = async (events: bigint): Promise<void> => {
    await database.prisma
      .$executeRaw`update audit_verification set checked_events = ${events}::bigint where id = ${id}::int`;
  };
  const outside = rootsIn(outsideRoot ?? '');
  const checked = await readPage(database, 'all', (db) => verifyLog(db, { keys, outside, onProgress }));
  await recordSystemChange(changes, null, async (tx) => {
    await tx.rows(sql`
      update audit_verification set ended_at = now(), checked_events = ${checked.events}::bigint, faults = ${JSON.stringify(checked.faults)}::text::jsonb
      where id = ${id}::int and ended_at is null`);
    const detail = { events: Number(checked.events), faults: checked.faults.length };
    const isFound = checked.faults.length > 0 && mailing !== null;
    return {
      outcome: null,
      events: [event('auditLog.verified', { organisation: null, target: null }, detail)],
      mails: isFound ? faultMails(mailing, await listSystemOwners(tx), checked.faults) : [],
    };
  });
  return checked;
}
