import type { ReadDb } from '../db/access.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { organisationOf, readWithin } from '../pages/visit.ts';
import { listAgreements } from '../agreements/agreements.queries.ts';
import { listAwaitedLogins } from '../agreements/first-login.queries.ts';
import type { Actor } from '../permissions/actor.ts';
import { can } from '../permissions/can.ts';
import type { Action } from '../permissions/rules.ts';
import type { Scope } from '../permissions/scope.ts';
import { mayEver, scope } from '../permissions/scope.ts';
import { Forbidden } from '../shared/errors.ts';
import { organisationListQuery } from './organisation-list.ts';
import { organisationPage } from './organisation.pages.ts';
import { organisationsPage } from './organisations.pages.ts';
import {
  getOrganisation,
  listAdministratorsOnPage,
  listContacts,
  listOrganisations,
  listRights,
} from './organisations.queries.ts';

export const organisationsRoutes: Route[] = [
  get('/organisationer', 'organisation.view', showOrganisations, (visit, work) =>
    readWithin(visit, administeredScope(visit.actor), work),
  ),
  get('/organisationer/:cvr', 'organisation.view', showOrganisation),
];

/** Where the actor has users to look after, or all for the system owner and the servicedesk. */
function administeredScope(actor: Actor): Scope {
  const seen = scope(actor, 'user.list');
  return seen === 'all' ? 'all' : actor.administrations.map((held) => held.organisationId);
}

/** Vælg brugerorganisation; somebody with one organisation is led straight to its users. */
async function showOrganisations(visit: Visit, db: ReadDb): Promise<Answer> {
  const within = administeredScope(visit.actor);
  if (within !== 'all' && within.length === 0)
    throw new Forbidden('Du er ikke administrator for nogen organisation.', 'organisation.view');
  const [only, ...others] = visit.actor.administrations;
  if (within !== 'all' && only !== undefined && others.length === 0)
    return seeOther(`/organisationer/${only.cvr}/brugere`);
  const seesAll = within === 'all';
  const read = organisationListQuery(visit.query);
  const query = seesAll ? read : { ...read, filter: 'alle' as const };
  const rows = await listOrganisations(db, within, query);
  const mayCreate = mayEver(visit.actor, 'organisation.create', visit.actor.organisationId);
  return organisationsPage({ rows, query, seesAll, mayCreate });
}

/** The organisation's own page: each actor sees what the permission table gives. */
async function showOrganisation(visit: Visit, db: ReadDb): Promise<Answer> {
  const { id } = organisationOf(visit);
  const may = (action: Action): boolean => can(visit.actor, action, { organisationId: id });
  return organisationPage(visit.actor, {
    organisation: await getOrganisation(db, id),
    contacts: await listContacts(db, id),
    administrators: may('administrator.view') ? await listAdministratorsOnPage(db, id) : [],
    rights: may('organisationRole.view') ? await listRights(db, id) : [],
    agreements: may('agreement.view') ? await listAgreements(db, id) : null,
    awaited: may('agreement.view') ? await listAwaitedLogins(db, id) : [],
  });
}
