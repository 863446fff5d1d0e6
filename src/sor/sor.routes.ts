import type { ReadDb } from '../db/access.ts';
import { typed, typedSearch } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { data } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { organisationOf } from '../pages/visit.ts';
import type { SorUnit } from './sor-unit.ts';
import { afterOf, nameTyped, sorPage } from './sor.pages.ts';
import { readPlace, searchUnits } from './sor.queries.ts';

export const sorRoutes: Route[] = [
  get('/organisationer/:cvr/sor', 'sor.view', showUnits),
  get('/organisationer/:cvr/sor/find', 'sor.view', async (visit, db) =>
    data(await suggestUnits(db, organisationOf(visit).cvr, typedSearch(visit.query, 'find'))),
  ),
];

async function showUnits(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const { query } = visit;
  const search = typedSearch(query.find === undefined ? { find: nameTyped(query) } : query, 'find');
  const after = afterOf(query);
  const at = typed(query, 'enhed');
  const { cvr } = organisation;
  const place =
    search === ''
      ? await readPlace(db, cvr, /^\d{6,18}$/.test(at) ? at : null, after)
      : { within: null, way: [], units: await searchUnits(db, cvr, search, after) };
  return sorPage({ organisation, query, search, ...place });
}

const suggestions = 12;

/** Suggestions while a unit is typed; open units only, since closed ones cannot be chosen. */
export async function suggestUnits(
  db: ReadDb,
  cvr: string,
  search: string,
): Promise<{ units: Pick<SorUnit, 'code' | 'name' | 'entityType'>[] }> {
  const units = search.length < 2 ? [] : await searchUnits(db, cvr, search, null, suggestions);
  return {
    units: units.filter((unit) => !unit.isClosed).map(({ code, name, entityType }) => ({ code, name, entityType })),
  };
}
