import type { ReadDb } from '../db/access.ts';
import { typedSearch } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { idInUrl, organisationOf, readWithin } from '../pages/visit.ts';
import { ensureCan } from '../permissions/can.ts';
import { scope } from '../permissions/scope.ts';
import { NotFound } from '../shared/errors.ts';
import type { StatusBoard } from '../status/status-message.ts';
import { concernText, isAbout, ongoingOf, periodText } from '../status/status-message.ts';
import { ownCheckPage, searchedPage, userCheckPage } from './access-check.pages.ts';
import {
  findCheckedUser,
  findRefusedLogin,
  listCheckedRoles,
  listMeant,
  listRefusedLogins,
} from './access-check.queries.ts';
import type { AccessFacts, CheckedRole, Disruption } from './access-facts.ts';

export const accessCheckRoutes: Route[] = [
  get('/adgangstjek', 'accessCheck.view', search, (visit, work) =>
    readWithin(visit, scope(visit.actor, 'accessCheck.view'), work),
  ),
  get('/organisationer/:cvr/brugere/:id/adgangstjek', 'accessCheck.view', checkUser),
];

/** In sebanmod: of oneself. */
export const ownAccessCheckRoutes: Route[] = [get('/adgangstjek', 'accessCheck.view', checkOneself)];

async function search(visit: Visit, db: ReadDb): Promise<Answer> {
  const text = typedSearch(visit.query, 'reference');
  const reference = asReference(text);
  const refused = reference === null ? null : await findRefusedLogin(db, reference);
  if (refused === null) return searchedPage(visit.actor, text, null);
  const meant = await listMeant(db, refused);
  const [only, ...others] = meant;
  const facts = only === undefined || others.length > 0 ? null : await factsOf(visit, db, only.organisationId, only.id);
  return searchedPage(visit.actor, text, { refused, meant, facts });
}

/** "7f3k 22qx9abm" → "7F3K-22QX-9ABM"; null for what can be no reference number. */
export function asReference(text: string): string | null {
  const letters = text.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return letters.length === 12 ? `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}` : null;
}

async function checkUser(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const facts = await factsOf(visit, db, organisation.id, idInUrl(visit));
  if (facts === null) throw new NotFound('Brugeren findes ikke i organisationen. Find brugeren i brugeroversigten.');
  ensureCan(visit.actor, 'accessCheck.view', { organisationId: organisation.id, user: facts.user });
  return userCheckPage(organisation, facts);
}

async function checkOneself(visit: Visit, db: ReadDb): Promise<Answer> {
  const { organisationId, userId } = visit.actor;
  const facts = await factsOf(visit, db, organisationId, userId);
  if (facts === null) throw new NotFound();
  return ownCheckPage(facts);
}

async function factsOf(visit: Visit, db: ReadDb, organisationId: number, userId: number): Promise<AccessFacts | null> {
  const [user, roles, refused] = await Promise.all([
    findCheckedUser(db, organisationId, userId),
    listCheckedRoles(db, organisationId, userId),
    listRefusedLogins(db, organisationId, userId),
  ]);
  if (user === null) return null;
  return { user, roles, refused, disruptions: disruptionsOf(visit.services.status.current(), roles) };
}

function disruptionsOf(board: StatusBoard, roles: readonly CheckedRole[]): Disruption[] {
  const held = roles.filter(({ state }) => state === 'active');
  return ongoingOf(board, new Date())
    .filter((message) => message.severity !== 'GREEN')
    .filter((message) => message.concernsAll || held.some(({ serviceId }) => isAbout(message, serviceId)))
    .map((message) => ({ title: message.title, concerns: concernText(message), period: periodText(message) }));
}
