import type { LookUp } from '../audit/look-ups.changes.ts';
import { typed, typedSearch } from '../http/forms.ts';
import { fullName } from '../permissions/actor.ts';
import { decide } from '../permissions/can.ts';
import type { Answer } from './page.ts';
import type { SignedInRoute } from './route.ts';
import type { Visit } from './visit.ts';

// Which pages tell of a person: decided by their addresses, so that no page of a user can forget it.

const ofUser = /^\/organisationer\/:cvr\/(?:paa-vegne\/)?(?:brugere|administratorer)\/:id(?:\/(.*))?$/;
const searches: Record<string, string> = {
  '/organisationer/:cvr/brugere': 'soeg',
  '/brugere': 'soeg',
  '/adgangstjek': 'reference',
};

/** What somebody has just been shown of another person; null for all other pages, and for one's own information. */
export function lookedUp(route: SignedInRoute, visit: Visit, answer: Answer): LookUp | null {
  const isShown = (answer.answer === 'page' && answer.status === 200) || answer.answer === 'file';
  if (route.method !== 'get' || !isShown) return null;
  const about = personShown(route, visit) ?? searchMade(route, visit);
  if (about === null || about.targetUserId === visit.actor.userId) return null;
  const { actor, addressed } = visit;
  return {
    ...about,
    organisationId: addressed?.id ?? null,
    actorUserId: actor.userId,
    actorName: fullName(actor),
    actorRole: roleIn(route, visit),
    requestId: visit.reference,
  };
}

type About = Pick<LookUp, 'targetUserId' | 'search' | 'page'>;

function personShown({ path }: SignedInRoute, { params, query, addressed }: Visit): About | null {
  const match = ofUser.exec(path);
  if (match !== null) return { targetUserId: Number(params.id), search: null, page: match[1] ?? '' };
  // A report on one user names the user in its query.
  const named = path.includes('/rapporter/') && addressed !== null ? /^\d{1,9}$/.exec(typed(query, 'bruger')) : null;
  return named === null ? null : { targetUserId: Number(named[0]), search: null, page: 'rapport' };
}

function searchMade({ path }: SignedInRoute, { query, portal }: Visit): About | null {
  const name = portal === 'sebadmin' ? searches[path] : undefined;
  const search = name === undefined ? '' : typedSearch(query, name);
  return search === '' ? null : { targetUserId: null, search, page: path };
}

function roleIn({ access }: SignedInRoute, { actor, addressed }: Visit): string {
  const decision = decide(actor, access, { organisationId: addressed?.id ?? actor.organisationId });
  return decision.allowed ? decision.as : 'user';
}
