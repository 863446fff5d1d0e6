import { isLogLimitedIn, peopleTyped } from '../audit/log.routes.ts';
import { readLogSearch } from '../audit/log-filter.ts';
import type { ReadDb } from '../db/access.ts';
import type { Answer } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { AddressedOrganisation, Visit } from '../pages/visit.ts';
import { organisationOf, readReach } from '../pages/visit.ts';
import { ensureCan, ensureEverywhere } from '../permissions/can.ts';
import { lookUpsPage, ownLookUpsPage, ownLookUpsPath, placeIn } from './look-ups.pages.ts';
import { listLookUps, listLookUpsOfOneself } from './look-ups.queries.ts';

export const lookUpsRoutes: Route[] = [
  get('/opslag', 'auditLog.view', showAll, readReach),
  get('/organisationer/:cvr/opslag', 'auditLog.view', (visit, db) => show(visit, db, organisationOf(visit))),
];

/** In sebanmod. */
export const ownLookUpsRoutes: Route[] = [get(ownLookUpsPath, 'auditLog.view', showOwn)];

async function showAll(visit: Visit, db: ReadDb): Promise<Answer> {
  ensureEverywhere(visit.actor, 'auditLog.view');
  return show(visit, db, null);
}

async function show(visit: Visit, db: ReadDb, organisation: AddressedOrganisation | null): Promise<Answer> {
  const { search, errors } = readLogSearch(visit.query);
  const isLimited = isLogLimitedIn(visit, organisation);
  const { actorIds, targetIds, tooMany } = await peopleTyped(db, search, organisation?.id ?? null);
  const after = placeIn(visit.query);
  const isOff = Object.keys(errors).length > 0 || tooMany.length > 0;
  const { from, to } = search;
  const filter = { organisationId: organisation?.id ?? null, actorIds, targetIds, from, to, after };
  const rows = isOff ? [] : await listLookUps(db, { ...filter, withoutAdministrators: isLimited });
  return lookUpsPage({ organisation, rows, query: visit.query, errors, isFirst: after === null, isLimited, tooMany });
}

async function showOwn(visit: Visit, db: ReadDb): Promise<Answer> {
  const { organisationId, userId } = visit.actor;
  ensureCan(visit.actor, 'auditLog.view', { organisationId, user: { id: userId, isAdministrator: false } });
  const after = placeIn(visit.query);
  return ownLookUpsPage(await listLookUpsOfOneself(db, { organisationId, userId }, after), after === null);
}
