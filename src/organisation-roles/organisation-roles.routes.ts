import type { ReadDb } from '../db/access.ts';
import { typed, typedSearch } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { idInUrl, organisationOf, readReach } from '../pages/visit.ts';
import { getServiceRole } from '../services/services.queries.ts';
import { afterOf } from '../services/services.routes.ts';
import { organisationRolesPage, roleOrganisationsPage } from './organisation-roles.pages.ts';
import { listOrganisationsOfRole, listRights, listServicesOfRights } from './organisation-roles.queries.ts';

export const organisationRolesRoutes: Route[] = [
  get('/organisationer/:cvr/rettigheder', 'organisationRole.view', showRights),
  get('/system/roller/:id/organisationer', 'organisationRole.grant', showOrganisations, readReach),
];

async function showRights(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const { actor, query } = visit;
  const search = typedSearch(query, 'soeg');
  const chosen = typed(query, 'service');
  const serviceId = /^\d{1,9}$/.test(chosen) ? Number(chosen) : null;
  const services = await listServicesOfRights(db, organisation.id);
  const rights = await listRights(db, organisation.id, search, serviceId);
  return organisationRolesPage({ organisation, actor, search, serviceId, services, rights });
}

async function showOrganisations(visit: Visit, db: ReadDb): Promise<Answer> {
  const role = await getServiceRole(db, idInUrl(visit));
  const search = typedSearch(visit.query, 'soeg');
  const after = afterOf(visit.query);
  const rows = await listOrganisationsOfRole(db, role.id, search, after);
  return roleOrganisationsPage({ role, rows, search, isFirstPage: after === null });
}
