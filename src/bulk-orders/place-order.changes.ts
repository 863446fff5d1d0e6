import { event } from '../audit/events.ts';
import type { ActorOnRecord, Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { Conflict } from '../shared/errors.ts';
import type { OrderedWork } from './bulk-order.ts';
import { batchSizeFor, mostWaiting } from './bulk-order.ts';

export type NewOrder = OrderedWork & {
  userIds: number[];
  /** Assignments that one user may gain or lose by it, which decides how many users one transaction takes. */
  perUser: number;
  /** What the preview counted. */
  assignments: number;
  /** One sentence of what is done to whom, for the log and the page. */
  summary: string;
  sourceOrganisationId: number | null;
};

type PlacedBy = { onRecord: ActorOnRecord; organisation: { id: number; name: string }; as: ActorKind };

/** Keeps what is to be done to whom, for the job; whoever gets it judges each user anew when the turn comes. */
export async function placeOrder(
  tx: Tx,
  { onRecord, organisation, as }: PlacedBy,
  order: NewOrder,
): Promise<Change<{ orderId: number }>> {
  const { kind, terms, userIds, perUser, assignments, summary, sourceOrganisationId } = order;
  await refuseMore(tx, organisation.id, onRecord.userId);
  const [placed] = await tx.rows<{ id: number }>(sql`
    insert into bulk_order (organisation_id, ordered_by_id, kind, terms, source_organisation_id, summary, batch_size, request_id,
      network_address, users)
    values (${organisation.id}::int, ${onRecord.userId}::int, ${kind}, ${JSON.stringify(terms)}::jsonb, ${sourceOrganisationId}::int,
      ${summary.slice(0, 2000)}, ${batchSizeFor(perUser)}::int, ${onRecord.requestId}, ${onRecord.networkAddress}, ${userIds.length}::int)
    returning id`);
  if (placed === undefined) throw new Error('an order was not placed');
  await tx.rows(sql`
    insert into bulk_order_user (order_id, organisation_id, position, user_id)
    select ${placed.id}::int, ${organisation.id}::int, position, user_id
    from unnest(${userIds}::int[]) with ordinality as chosen (user_id, position)`);
  const detail = { orderId: placed.id, summary, users: userIds.length, assignments };
  return {
    outcome: { orderId: placed.id },
    as,
    events: [event('bulkOrder.placed', { organisation, target: null }, detail)],
  };
}

/** One at a time is looked at: the organisation's row is locked by every change. @throws Conflict */
async function refuseMore(tx: Tx, organisationId: number, userId: number): Promise<void> {
  const [waiting] = await tx.rows<{ count: number }>(sql`
    select count(*)::int as count from bulk_order
    where organisation_id = ${organisationId}::int and ordered_by_id = ${userId}::int and state = 'QUEUED'`);
  if ((waiting?.count ?? 0) >= mostWaiting)
    throw new Conflict(
      `Du har allerede ${mostWaiting} store ændringer i gang i organisationen. Intet er bestilt. Vent, til en af dem er færdig, eller stop en af dem under “Store ændringer”.`,
    );
}
