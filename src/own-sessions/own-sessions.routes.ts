import type { ReadDb } from '../db/access.ts';
import type { Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change } from '../pages/visit.ts';
import { BadRequest } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import type { Ended, Ending } from './own-sessions.changes.ts';
import { endOwnSessions } from './own-sessions.changes.ts';
import { ownSessionsPage, ownSessionsPath } from './own-sessions.pages.ts';
import type { Now } from './own-sessions.queries.ts';
import { listOwnSessions } from './own-sessions.queries.ts';

export const ownSessionsRoutes: Route[] = [
  get(ownSessionsPath, 'ownSessions.view', showOwnSessions),
  post(ownSessionsPath, 'ownSessions.end', endSessions),
];

async function showOwnSessions(visit: Visit, db: ReadDb): Promise<Answer> {
  const { actor, services, sessionRow } = visit;
  const sessions = await listOwnSessions(db, actor, nowOf(visit));
  return ownSessionsPage(sessions, sessionRow, services.settings.current().portals);
}

async function endSessions(visit: Visit): Promise<Answer> {
  const ending = endingIn(visit.posted);
  const { actor, sessionRow: here } = visit;
  const own = { id: actor.organisationId, cvr: actor.cvr };
  const ended = await change(visit, own, (tx, actorNow) =>
    endOwnSessions(tx, actorNow, { ending, here, now: nowOf(visit) }),
  );
  if (ended.isHere) return seeOther('/logget-af');
  return seeOther(ownSessionsPath, endedText(ended), ended.sessions === 0 ? 'info' : 'success');
}

// The button that was pressed says which.
function endingIn(posted: Posted): Ending {
  const chosen = typed(posted, 'afslut');
  if (chosen === 'alle') return 'all';
  if (chosen === 'andre') return 'others';
  if (/^[\w-]{43}$/.test(chosen)) return { reference: chosen };
  throw new BadRequest('Vælg på siden, hvor du vil logge af.', 422);
}

function endedText({ sessions }: Ended): string {
  if (sessions === 0) return 'Du var allerede logget af der.';
  return `Du er logget af ${counted(sessions, 'andet sted', 'andre steder')}.`;
}

function nowOf({ services }: Visit): Now {
  return { absoluteHours: services.session.absoluteHours, moment: Date.now() };
}
