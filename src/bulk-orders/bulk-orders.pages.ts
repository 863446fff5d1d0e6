import { batchLink } from '../batches/batch-link.ts';
import type { Page } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { formatDateTime } from '../shared/dates.ts';
import { counted, formatNumber } from '../shared/text.ts';
import { organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import type { OrderKind } from './bulk-order.ts';
import type { BulkOrder, LeftOut } from './bulk-orders.queries.ts';
import { leftOutPerPage } from './bulk-orders.queries.ts';

export function ordersPath({ cvr }: { cvr: string }, rest = ''): string {
  return `/organisationer/${cvr}/store-aendringer${rest}`;
}

const kindNames: Record<OrderKind, string> = {
  ASSIGN: 'Tildeling af roller',
  WITHDRAW: 'Fjernelse af roller',
  CLONE: 'Kloning af roller',
};
const stateNames: Record<BulkOrder['state'], string> = { QUEUED: 'I gang', DONE: 'Gennemført', STOPPED: 'Stoppet' };

/** Store ændringer: one's own of the last days, with how far they are. */
export function ordersPage(organisation: AddressedOrganisation, orders: BulkOrder[]): Page {
  const isAnyUnderWay = orders.some((order) => order.state === 'QUEUED');
  const shown = page(
    'bulk-orders/index',
    'Store ændringer',
    {
      organisation: { line: organisationLine(organisation) },
      orders: orders.map((order) => ({
        href: ordersPath(organisation, `/${order.id}`),
        number: order.id,
        kind: kindNames[order.kind],
        summary: order.summary,
        at: formatDateTime(order.createdAt),
        state: stateNames[order.state],
        progress: progressText(order),
      })),
      paths: { list: usersPath(organisation) },
    },
    usersCrumbs(organisation),
  );
  return isAnyUnderWay ? { ...shown, refresh: 10 } : shown;
}

type Shown = { order: BulkOrder; leftOut: LeftOut[]; after: number };

/** How far a large change is, or what came of it, and who was left out and why. */
export function orderPage(organisation: AddressedOrganisation, { order, leftOut, after }: Shown): Page {
  const isUnderWay = order.state === 'QUEUED';
  const path = ordersPath(organisation, `/${order.id}`);
  const rows = leftOut.slice(0, leftOutPerPage);
  const shown = page(
    'bulk-orders/show',
    kindNames[order.kind],
    {
      organisation: { line: organisationLine(organisation) },
      kind: kindNames[order.kind],
      summary: order.summary,
      orderedAt: formatDateTime(order.createdAt),
      endedAt: order.endedAt === null ? null : formatDateTime(order.endedAt),
      isUnderWay,
      isStopped: order.state === 'STOPPED',
      isDone: order.state === 'DONE',
      stopText: order.stopReason === null ? null : `${order.stopReason} ${notReachedText(order)}`,
      progress: { done: order.doneUsers, users: order.users, text: progressText(order) },
      figuresTitle: { QUEUED: 'Indtil nu', DONE: 'Det er gennemført', STOPPED: 'Det nåede at ske' }[order.state],
      figures: figuresOf(order),
      batch: isUnderWay || order.added + order.withdrawn === 0 ? null : batchLink(organisation, order.requestId),
      leftOutText: counted(order.leftOutUsers, 'bruger', 'brugere'),
      leftOut: rows.map((row) => ({
        name: row.name,
        href: row.isDeleted ? null : usersPath(organisation, `/${row.userId}`),
        reason: row.reason,
      })),
      pager: {
        first: after > 0 ? path : null,
        next: leftOut.length > leftOutPerPage ? `${path}?efter=${rows.at(-1)?.position ?? 0}` : null,
      },
      paths: { stop: `${path}/stop`, list: usersPath(organisation), orders: ordersPath(organisation) },
    },
    [...usersCrumbs(organisation), { label: 'Store ændringer', href: ordersPath(organisation) }],
  );
  return isUnderWay ? { ...shown, refresh: 5 } : shown;
}

function progressText({ doneUsers, users }: BulkOrder): string {
  return `${formatNumber(doneUsers)} af ${counted(users, 'bruger', 'brugere')}`;
}

function notReachedText({ doneUsers, users }: BulkOrder): string {
  const left = users - doneUsers;
  return left === 0
    ? 'Alle brugere var nået.'
    : `${counted(left, 'bruger', 'brugere')} blev ikke nået. Det, der nåede at ske, står ved magt.`;
}

function figuresOf(order: BulkOrder): { label: string; value: string }[] {
  const { kind, added, alreadyThere, withdrawn, leftOutUsers } = order;
  const gives = kind !== 'WITHDRAW';
  const takes = kind !== 'ASSIGN';
  return [
    ...(gives ? [{ label: 'Nye tildelinger', value: formatNumber(added) }] : []),
    ...(gives ? [{ label: 'Fandtes i forvejen', value: formatNumber(alreadyThere) }] : []),
    ...(takes ? [{ label: 'Tildelinger fjernet', value: formatNumber(withdrawn) }] : []),
    { label: 'Brugere sprunget over, helt eller delvist', value: formatNumber(leftOutUsers) },
  ];
}
