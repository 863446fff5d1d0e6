import type { ReadDb } from '../db/access.ts';
import type { Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { personalGet, personalPost } from '../pages/route.ts';
import type { PersonalVisit } from '../pages/visit.ts';
import { changeAsPerson } from '../pages/visit.ts';
import { BadRequest } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import type { Ended, Ending } from './own-sessions.changes.ts';
import { endOwnSessions } from './own-sessions.changes.ts';
import { ownSessionsPage, ownSessionsPath } from './own-sessions.pages.ts';
import type { Now } from './own-sessions.queries.ts';
import { listOwnSessions } from './own-sessions.queries.ts';

export const ownSessionsRoutes: Route[] = [
  personalGet(ownSessionsPath, 'ownSessions.view', showOwnSessions),
  personalPost(ownSessionsPath, 'ownSessions.end', endSessions),
];

async function showOwnSessions(visit: PersonalVisit, db: ReadDb): Promise<Answer> {
  const { person, services, sessionRow: here } = visit;
  const sessions = await listOwnSessions(db, person, nowOf(visit));
  return ownSessionsPage({ person, sessions, here }, services.settings.current().portals);
}

async function endSessions(visit: PersonalVisit): Promise<Answer> {
  const ending = endingIn(visit.posted);
  const ended = await changeAsPerson(visit, (tx, person) =>
    endOwnSessions(tx, person, { ending, here: visit.sessionRow, now: nowOf(visit) }),
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

function nowOf({ services }: PersonalVisit): Now {
  return { absoluteHours: services.session.absoluteHours, moment: Date.now() };
}
