import type { ReadDb } from '../db/access.ts';
import { typedSearch } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { readWithin } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { scope } from '../permissions/scope.ts';
import { formatCvr } from '../shared/text.ts';
import type { UserHit } from './user-search.queries.ts';
import { mostHits, searchUsers } from './user-search.queries.ts';
import { usersPath } from './users.pages.ts';

export const userSearchRoutes: Route[] = [
  get('/brugere', 'user.list', showHits, (visit, work) => readWithin(visit, scope(visit.actor, 'user.list'), work)),
];

/** Fewer letters are in too many names, and in no index. */
const fewestLetters = 3;

/** Find en bruger in whatever organisation: for those who look after several. */
async function showHits(visit: Visit, db: ReadDb): Promise<Answer> {
  const search = typedSearch(visit.query, 'soeg');
  const isLongEnough = search.split(/\s+/).some((word) => word.length >= fewestLetters);
  const hits = isLongEnough ? await searchUsers(db, scope(visit.actor, 'user.list'), search) : [];
  const model = {
    search,
    isTooShort: search !== '' && !isLongEnough,
    hasSearched: isLongEnough,
    rows: hits.slice(0, mostHits).map(hitModel),
    hasMore: hits.length > mostHits,
  };
  return page('users/search', 'Find bruger', model, [home]);
}

function hitModel(hit: UserHit): object {
  return { ...hit, name: fullName(hit), cvrText: formatCvr(hit.cvr), href: usersPath(hit, `/${hit.id}`) };
}
