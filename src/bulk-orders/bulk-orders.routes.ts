import type { ReadDb } from '../db/access.ts';
import { typed } from '../http/forms.ts';
import type { Answer, SeeOther } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { AddressedOrganisation, Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read } from '../pages/visit.ts';
import { ensureCan } from '../permissions/can.ts';
import { NotFound } from '../shared/errors.ts';
import type { MaybeOrdered } from './bulk-order.ts';
import { orderPage, ordersPage, ordersPath } from './bulk-orders.pages.ts';
import type { BulkOrder } from './bulk-orders.queries.ts';
import { findOrder, listLeftOut, listOrders } from './bulk-orders.queries.ts';
import { stopOwnOrder } from './stop-order.changes.ts';

// Whoever has lost the right to give roles may still see what came of their own orders.
export const bulkOrdersRoutes: Route[] = [
  get('/organisationer/:cvr/store-aendringer', 'user.list', showOrders),
  get('/organisationer/:cvr/store-aendringer/:id', 'user.list', showOrder),
  post('/organisationer/:cvr/store-aendringer/:id/stop', 'role.withdraw', stop),
];

/** Hands an order that was just placed to the job and leads to its page; null for a change that is done already. */
export async function toProgress(
  { services }: Visit,
  organisation: AddressedOrganisation,
  { orderId }: MaybeOrdered,
): Promise<SeeOther | null> {
  if (orderId === null) return null;
  await services.queueOrder(orderId);
  return seeOther(ordersPath(organisation, `/${orderId}`));
}

async function showOrders(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  return ordersPage(organisation, await listOrders(db, organisation.id, visit.actor.userId));
}

async function showOrder(visit: Visit, db: ReadDb): Promise<Answer> {
  const order = await getOrder(visit, db);
  const after = Number(/^\d{1,8}$/.exec(typed(visit.query, 'efter'))?.[0] ?? 0);
  const leftOut = order.leftOutUsers === 0 ? [] : await listLeftOut(db, order.id, after);
  return orderPage(organisationOf(visit), { order, leftOut, after });
}

async function stop(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const { id } = await read(visit, (db) => getOrder(visit, db));
  await change(visit, organisation, (tx, actor) =>
    stopOwnOrder(tx, ensureCan(actor, 'role.withdraw', { organisationId: organisation.id }), organisation, id),
  );
  return seeOther(ordersPath(organisation, `/${id}`));
}

/** Only the one who ordered it sees it: for everybody else there is no such page. */
async function getOrder(visit: Visit, db: ReadDb): Promise<BulkOrder> {
  const order = await findOrder(db, organisationOf(visit).id, visit.actor.userId, idInUrl(visit));
  if (order === null)
    throw new NotFound(
      'Ændringen findes ikke her. Siden slettes efter syv dage; det, der skete, står i ændringsloggen.',
    );
  return order;
}
