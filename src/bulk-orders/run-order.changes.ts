import { randomUUID } from 'node:crypto';
import type { Changes } from '../audit/record-change.ts';
import { recordChange } from '../audit/record-change.ts';
import { mayNoLonger, whoOrdered } from '../audit/who-ordered.ts';
import type { Tx } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { Unavailable } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { listChosenUsers } from '../users/users.queries.ts';
import { assignBatch } from './assign-batch.changes.ts';
import type { Batch, BatchDone } from './batch.ts';
import { OrderIsVoid } from './batch.ts';
import type { OrderKind, OrderTerms } from './bulk-order.ts';
import type { WaitingOrder } from './bulk-orders.queries.ts';
import { findWaitingOrder } from './bulk-orders.queries.ts';
import { cloneBatch } from './clone-batch.changes.ts';
import type { Figures } from './stop-order.changes.ts';
import { eventOfEnd, noteFailure, stopOrder } from './stop-order.changes.ts';
import { withdrawBatch } from './withdraw-batch.changes.ts';

const noRightAnyLonger = 'Den, der satte ændringen i gang, har ikke længere ret til den.';

/**
 * Carries an order on to its end, batch by batch, each one transaction under the organisation's lock, with the rights of that
 * moment and with its log lines in the name of the person who ordered it. Between batches the lock is free for others. What
 * is done is marked in the same transaction: killed at any moment, the next run goes on where it stopped, and a second run at
 * the same time waits for the lock and finds the users done.
 */
export async function runOrder(changes: Changes, mailing: MailSetting, orderId: number): Promise<void> {
  const order = await findWaitingOrder(changes.database, orderId);
  if (order === null) return;
  const { actor, organisation } = await whoOrdered(changes.database, order);
  if (organisation === null) return;
  try {
    while (await runBatch(changes, mailing, order, { actor, organisation }));
  } catch (error) {
    const reason = await reasonToStop(changes.database, order, error);
    if (reason !== null) return stopOrder(changes, organisation, orderId, reason);
    // A database that is away is nobody's fault: the queue tries again until it is back.
    if (!(error instanceof Unavailable)) await noteFailure(changes, organisation, orderId);
    throw error;
  }
}

async function reasonToStop(database: Database, order: WaitingOrder, error: unknown): Promise<string | null> {
  if (error instanceof OrderIsVoid) return error.message;
  return (await mayNoLonger(database, order, error)) ? noRightAnyLonger : null;
}

type Who = { actor: Actor; organisation: AddressedOrganisation };

/** Whether there is more to do after this one. */
function runBatch(changes: Changes, mailing: MailSetting, order: WaitingOrder, who: Who): Promise<boolean> {
  const { id, requestId, networkAddress, sourceOrganisationId } = order;
  const { actor, organisation } = who;
  const once = { key: randomUUID(), action: 'bulkOrder', bodyDigest: `order ${id}` };
  const alongside = sourceOrganisationId === null ? [] : [sourceOrganisationId];
  const request = { actor, organisation, alongside, requestId, networkAddress, once };
  return recordChange(changes, request, async (tx, current, onRecord) => {
    await limitTime(tx);
    const userIds = await nextUsers(tx, order);
    // Another process was quicker, or somebody stopped the order.
    if (userIds.length === 0) return { outcome: false, as: 'user', events: [] };
    const users = await listChosenUsers(tx, organisation.id, userIds);
    const batch = { actor: current, onRecord, organisation, sourceOrganisationId, userIds, users, mailing };
    const done = await doIt(tx, batch, order);
    const ended = await markDone(tx, order, userIds, done);
    const events = ended === null ? done.events : [...done.events, eventOfEnd(ended, organisation)];
    return { outcome: ended === null, as: done.as, events, mails: done.mails };
  });
}

// A batch that takes this long is stuck: it is given up, and the queue tries it again.
async function limitTime(tx: Tx): Promise<void> {
  await tx.rows(
    sql`select set_config('statement_timeout', '20000', true), set_config('transaction_timeout', '30000', true)`,
  );
}

/** Under the lock: nobody else carries the same users out. None when the order is done or stopped. */
async function nextUsers(tx: Tx, { id, batchSize }: WaitingOrder): Promise<number[]> {
  const rows = await tx.rows<{ userId: number }>(sql`
    select c.user_id as "userId" from bulk_order_user c join bulk_order b on b.id = c.order_id
    where c.order_id = ${id}::int and c.done_at is null and b.state = 'QUEUED'
    order by c.position limit ${batchSize}::int`);
  return rows.map(({ userId }) => userId);
}

const doers: { [Kind in OrderKind]: (tx: Tx, batch: Batch, terms: OrderTerms[Kind]) => Promise<BatchDone> } = {
  ASSIGN: assignBatch,
  WITHDRAW: withdrawBatch,
  CLONE: cloneBatch,
};

function doIt(tx: Tx, batch: Batch, { kind, terms }: WaitingOrder): Promise<BatchDone> {
  // The terms were kept by placeOrder with the kind that they belong to.
  const carryOut = doers[kind] as (tx: Tx, batch: Batch, terms: unknown) => Promise<BatchDone>;
  return carryOut(tx, batch, terms);
}

/** Marks the users and counts what was done; the order as it ended, or null when there is more to do. */
async function markDone(tx: Tx, { id }: WaitingOrder, userIds: number[], done: BatchDone): Promise<Figures | null> {
  await tx.rows(sql`
    update bulk_order_user c set done_at = now(), reason = missed.reason
    from unnest(${userIds}::int[]) as turn (user_id)
      left join jsonb_to_recordset(${JSON.stringify(done.leftOut)}::jsonb) as missed ("userId" int, reason text) on missed."userId" = turn.user_id
    where c.order_id = ${id}::int and c.user_id = turn.user_id`);
  const [order] = await tx.rows<Figures & { isDone: boolean }>(sql`
    update bulk_order set done_users = done_users + ${userIds.length}::int, left_out_users = left_out_users + ${done.leftOut.length}::int,
      added = added + ${done.added}::int, already_there = already_there + ${done.alreadyThere}::int,
      withdrawn = withdrawn + ${done.withdrawn}::int, failures = 0,
      state = case when done_users + ${userIds.length}::int = users then 'DONE' else state end,
      ended_at = case when done_users + ${userIds.length}::int = users then now() end
    where id = ${id}::int
    returning state = 'DONE' as "isDone", id as "orderId", summary, users, added, already_there as "alreadyThere", withdrawn,
      left_out_users as "leftOut"`);
  if (order === undefined) throw new Error('an order vanished while it was carried out');
  const { isDone, ...ended } = order;
  return isDone ? ended : null;
}
