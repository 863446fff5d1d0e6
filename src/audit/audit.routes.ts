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
import { formatDateTime } from '../shared/dates.ts';
import { organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import { getUser } from '../users/users.queries.ts';
import type { LogRow } from './audit.queries.ts';
import { eventsPerPage, listChangesOnUser } from './audit.queries.ts';
import { sentenceOf } from './events.ts';

export const auditRoutes: Route[] = [
  get('/organisationer/:cvr/brugere/:id/log', 'report.changesOnUser', showChangesOnUser),
];

/** Ændringer udført på bruger, in sentences, newest first. */
async function showChangesOnUser(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await getUser(db, organisation.id, idInUrl(visit));
  ensureCan(visit.actor, 'report.changesOnUser', { organisationId: organisation.id, user });
  const before = /^\d{1,18}$/.exec(typed(visit.query, 'foer'))?.[0] ?? null;
  const events = await listChangesOnUser(db, organisation.id, user.id, before);
  const shown = events.slice(0, eventsPerPage);
  const path = usersPath(organisation, `/${user.id}/log`);
  const model = {
    organisation: { line: organisationLine(organisation) },
    user: { name: fullName(user) },
    rows: shown.map(logLine),
    first: before === null ? null : path,
    next: events.length > eventsPerPage ? `${path}?foer=${shown.at(-1)?.id ?? ''}` : null,
  };
  return page('audit/user-log', 'Ændringslog', model, usersCrumbs(organisation, user));
}

function logLine(row: LogRow): { at: string; iso: string; sentence: string } {
  const actor = row.onBehalf ? `${row.actorName} (på organisationens vegne)` : row.actorName;
  const told = { actor, target: row.targetName ?? 'ukendt' };
  return { at: formatDateTime(row.at), iso: row.at.toISOString(), sentence: sentenceOf(row.kind, row.detail, told) };
}
