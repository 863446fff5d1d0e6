import type { ReadDb } from '../db/access.ts';
import { typed } from '../http/forms.ts';
import { decodeCursor } from '../http/keyset.ts';
import type { OpenVisit } from '../pages/open-visit.ts';
import type { Answer } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { openGet } from '../pages/route.ts';
import { NotFound } from '../shared/errors.ts';
import { rssFeed } from './rss.ts';
import { messagePage, publicStatusPage, statusPath } from './status.pages.ts';
import { findMessage, listFeed, listOldMessages, listOpenMessages } from './status.queries.ts';
import { subscriptionsRoutes } from './subscriptions.routes.ts';

/** Drift for everyone, in both portals. */
export const statusRoutes: Route[] = [
  openGet(statusPath, 'status.view', showStatus),
  openGet(`${statusPath}/rss.xml`, 'status.view', sendFeed),
  ...subscriptionsRoutes, // before a message's own page, whose :message would take "tilmeld"
  openGet(`${statusPath}/:message`, 'status.view', showMessage),
];

async function showStatus({ services, query }: OpenVisit, db: ReadDb): Promise<Answer> {
  const before = placeIn(typed(query, 'fra'));
  const open = before === null ? await listOpenMessages(db) : [];
  const old = await listOldMessages(db, before);
  const board = services.status.current();
  return publicStatusPage({ board, open, old, isFirstPage: before === null, now: new Date() });
}

/** Where a page of the history begins; anything that is no cursor of ours begins at the first. */
export function placeIn(cursor: string): { startsAt: string; id: number } | null {
  const place = decodeCursor(cursor, 1);
  const startsAt = place?.values[0] ?? '';
  return place === null || !isMoment(startsAt) ? null : { startsAt, id: place.id };
}

/** As we write one: neither a 30th of February nor a year 0, which the database would refuse. */
function isMoment(text: string): boolean {
  if (!/^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return false;
  const moment = new Date(text);
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === text;
}

async function sendFeed({ services, portal }: OpenVisit, db: ReadDb): Promise<Answer> {
  const content = rssFeed(await listFeed(db), services.origins[portal], new Date());
  return { answer: 'feed', type: 'application/rss+xml; charset=utf-8', content };
}

async function showMessage({ params }: OpenVisit, db: ReadDb): Promise<Answer> {
  const id = /^[1-9]\d{0,8}$/.test(params.message ?? '') ? Number(params.message) : 0;
  const message = await findMessage(db, id);
  if (message === null) throw new NotFound();
  return messagePage(message, new Date());
}
