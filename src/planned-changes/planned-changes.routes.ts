import type { ReadDb } from '../db/access.ts';
import { oneOf, typed } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { organisationOf } from '../pages/visit.ts';
import { plannedChangesPage } from './planned-changes.pages.ts';
import { listPlannedChanges, plannedKinds } from './planned-changes.queries.ts';

export const plannedChangesRoutes: Route[] = [
  get('/organisationer/:cvr/planlagte-aendringer', 'user.list', showPlannedChanges),
];

const kinds = oneOf(plannedKinds, '');

/** A URL that means nothing here shows everything from the first page. */
async function showPlannedChanges(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const kind = kinds.safeParse(typed(visit.query, 'slags')).data ?? null;
  const side = typed(visit.query, 'side');
  const pageNumber = /^[1-9]\d{0,3}$/.test(side) ? Number(side) : 1;
  const rows = await listPlannedChanges(db, organisation.id, kind, pageNumber);
  return plannedChangesPage({ organisation, kind, pageNumber, rows });
}
