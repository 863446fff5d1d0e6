import type { ReadDb } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';
import type { OrderKind } from './bulk-order.ts';

export type BulkOrder = {
  id: number;
  kind: OrderKind;
  summary: string;
  state: 'QUEUED' | 'DONE' | 'STOPPED';
  stopReason: string | null;
  users: number;
  doneUsers: number;
  leftOutUsers: number;
  added: number;
  alreadyThere: number;
  withdrawn: number;
  createdAt: Date;
  endedAt: Date | null;
  /** The reference that its events carry. */
  requestId: string;
};

const columns = sql`b.id, b.kind, b.summary, b.state, b.stop_reason as "stopReason", b.users, b.done_users as "doneUsers",
  b.left_out_users as "leftOutUsers", b.added, b.already_there as "alreadyThere", b.withdrawn, b.created_at as "createdAt",
  b.ended_at as "endedAt", b.request_id as "requestId"`;

/** A large change of the organisation that this person ordered; null for anybody else's. */
export async function findOrder(
  db: ReadDb,
  organisationId: number,
  orderedById: number,
  id: number,
): Promise<BulkOrder | null> {
  const [found] = await db.rows<BulkOrder>(sql`
    select ${columns} from bulk_order b
    where b.id = ${id}::int and b.organisation_id = ${organisationId}::int and b.ordered_by_id = ${orderedById}::int`);
  return found ?? null;
}

/** The person's large changes here of the last days, newest first. */
export function listOrders(db: ReadDb, organisationId: number, orderedById: number): Promise<BulkOrder[]> {
  return db.rows<BulkOrder>(sql`
    select ${columns} from bulk_order b
    where b.organisation_id = ${organisationId}::int and b.ordered_by_id = ${orderedById}::int
    order by b.id desc limit 100`);
}

export type LeftOut = { position: number; userId: number; name: string; isDeleted: boolean; reason: string };

export const leftOutPerPage = 50;

/** Users who were left out, or some of whose roles were, by their turn; one more than a page shows. */
export function listLeftOut(db: ReadDb, orderId: number, after: number): Promise<LeftOut[]> {
  return db.rows<LeftOut>(sql`
    select c.position, c.user_id as "userId", u.first_name || ' ' || u.last_name as name, u.deleted_at is not null as "isDeleted", c.reason
    from bulk_order_user c join app_user u on u.id = c.user_id
    where c.order_id = ${orderId}::int and c.reason is not null and c.position > ${after}::int
    order by c.position limit ${leftOutPerPage + 1}::int`);
}

export type WaitingOrder = {
  id: number;
  kind: OrderKind;
  terms: unknown;
  cvr: string;
  orderedById: number;
  sourceOrganisationId: number | null;
  batchSize: number;
  requestId: string;
  networkAddress: string | null;
};

/** The order as the workers need it; null when it is done, stopped or unknown. */
export async function findWaitingOrder(database: Database, id: number): Promise<WaitingOrder | null> {
  const [found] = await readPage(database, 'all', (db) =>
    db.rows<WaitingOrder>(sql`
      select b.id, b.kind, b.terms, o.cvr, b.ordered_by_id as "orderedById", b.source_organisation_id as "sourceOrganisationId",
        b.batch_size as "batchSize", b.request_id as "requestId", b.network_address as "networkAddress"
      from bulk_order b join organisation o on o.id = b.organisation_id where b.id = ${id}::int and b.state = 'QUEUED'`),
  );
  return found ?? null;
}

/** Orders that are not done, of any organisation, oldest first: for the sweep. */
export function listWaitingOrders(database: Database): Promise<{ id: number }[]> {
  return readPage(database, 'all', (db) =>
    db.rows<{ id: number }>(sql`select id from bulk_order where state = 'QUEUED' order by id limit 1000`),
  );
}
