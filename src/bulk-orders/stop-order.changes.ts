import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Change, Changes } from '../audit/record-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { Conflict } from '../shared/errors.ts';

type Organisation = { id: number; name: string };

export type Figures = {
  orderId: number;
  summary: string;
  users: number;
  added: number;
  alreadyThere: number;
  withdrawn: number;
  leftOut: number;
};

/** The line that sums up an order whose users are all done. */
export function eventOfEnd(ended: Figures, organisation: Organisation): AuditEvent {
  return event('bulkOrder.finished', { organisation, target: null }, ended);
}

/** What is done stays done, the rest is left, and the log says so. */
export async function stopOrder(
  changes: Changes,
  organisation: Organisation,
  orderId: number,
  reason: string,
): Promise<void> {
  await recordSystemChange(changes, organisation.id, async (tx) => {
    const stopped = await markStopped(tx, organisation, orderId, reason);
    return { outcome: null, events: stopped === null ? [] : [stopped] };
  });
}

/** The one who ordered it changes their mind in the middle. */
export async function stopOwnOrder(
  tx: Tx,
  as: ActorKind,
  organisation: Organisation,
  orderId: number,
): Promise<Change<{ orderId: number }>> {
  const stopped = await markStopped(
    tx,
    organisation,
    orderId,
    'Den blev stoppet af den administrator, der satte den i gang.',
  );
  if (stopped === null) throw new Conflict('Ændringen er allerede slut. Åbn siden igen, og se resultatet.');
  return { outcome: { orderId }, as, events: [stopped] };
}

const mostFailures = 8;

/** Counts a batch that failed; an order that fails again and again is stopped, so that nobody waits for it in vain. */
export async function noteFailure(changes: Changes, organisation: Organisation, orderId: number): Promise<void> {
  await recordSystemChange(changes, organisation.id, async (tx) => {
    const [order] = await tx.rows<{ failures: number }>(
      sql`update bulk_order set failures = failures + 1 where id = ${orderId}::int and state = 'QUEUED' returning failures`,
    );
    if (order === undefined || order.failures < mostFailures) return { outcome: null, events: [] };
    const reason =
      'SEB kunne ikke gennemføre resten. Prøv igen med de brugere, der ikke blev nået, eller kontakt servicedesk.';
    const stopped = await markStopped(tx, organisation, orderId, reason);
    return { outcome: null, events: stopped === null ? [] : [stopped] };
  });
}

async function markStopped(
  tx: Tx,
  organisation: Organisation,
  orderId: number,
  reason: string,
): Promise<AuditEvent | null> {
  const [stopped] = await tx.rows<Figures & { notReached: number }>(sql`
    update bulk_order set state = 'STOPPED', ended_at = now(), stop_reason = ${reason}
    where id = ${orderId}::int and state = 'QUEUED'
    returning id as "orderId", summary, users, added, already_there as "alreadyThere", withdrawn, left_out_users as "leftOut",
      users - done_users as "notReached"`);
  if (stopped === undefined) return null;
  return event('bulkOrder.stopped', { organisation, target: null }, { ...stopped, reason });
}
