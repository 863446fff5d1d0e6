import type { ReadDb } from '../db/access.ts';
import { typed } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { idInUrl, organisationOf } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { NotFound } from '../shared/errors.ts';
import { organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import { listChangesOnUser } from './audit.queries.ts';
import { logLine } from './log.pages.ts';
import type { LogRow } from './log.queries.ts';
import { eventsPerPage, findLoggedUser } from './log.queries.ts';
import { isLogLimitedIn } from './log.routes.ts';

export const auditRoutes: Route[] = [
  get('/organisationer/:cvr/brugere/:id/log', 'report.changesOnUser', showChangesOnUser),
];

/** In sebanmod: what was done to oneself, and by whom. */
export const ownChangesRoutes: Route[] = [get('/mine-aendringer', 'auditLog.view', showOwnChanges)];

/** Ændringer udført på bruger, in sentences, newest first; also of a user who is deleted. */
async function showChangesOnUser(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await findLoggedUser(db, organisation.id, idInUrl(visit));
  if (user === null) throw new NotFound('Brugeren findes ikke i organisationen. Find brugeren i brugeroversigten.');
  const target = { id: user.id, isAdministrator: false };
  ensureCan(visit.actor, 'report.changesOnUser', { organisationId: organisation.id, user: target });
  const before = beforeIn(visit);
  // What the log withholds, this page tells no more than a report; one's own everybody may see.
  const isLimited = user.id !== visit.actor.userId && isLogLimitedIn(visit, organisation);
  const events = await listChangesOnUser(db, {
    organisationId: organisation.id,
    userId: user.id,
    before,
    withoutAdministrators: isLimited,
  });
  const model = {
    organisation: { line: organisationLine(organisation) },
    isLimited,
    user: { name: fullName(user), deletedOn: user.deletedOn },
    ...linesOf(events, usersPath(organisation, `/${user.id}/log`), before),
  };
  const crumbs = user.deletedOn === null ? usersCrumbs(organisation, user) : usersCrumbs(organisation);
  return page('audit/user-log', 'Ændringslog', model, crumbs);
}

async function showOwnChanges(visit: Visit, db: ReadDb): Promise<Answer> {
  const { organisationId, userId } = visit.actor;
  ensureCan(visit.actor, 'auditLog.view', { organisationId, user: { id: userId, isAdministrator: false } });
  const before = beforeIn(visit);
  const events = await listChangesOnUser(db, { organisationId, userId, before, withoutAdministrators: false });
  return page(
    'audit/own-changes',
    'Ændringer af mine oplysninger og adgange',
    linesOf(events, '/mine-aendringer', before),
  );
}

function beforeIn({ query }: Visit): string | null {
  return /^\d{1,18}$/.exec(typed(query, 'foer'))?.[0] ?? null;
}

function linesOf(events: LogRow[], path: string, before: string | null): object {
  const shown = events.slice(0, eventsPerPage);
  return {
    rows: shown.map(logLine),
    first: before === null ? null : path,
    next: events.length > eventsPerPage ? `${path}?foer=${shown.at(-1)?.id ?? ''}` : null,
  };
}
