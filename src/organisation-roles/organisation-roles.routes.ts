import type { ReadDb } from '../db/access.ts';
import { typed, typedSearch } from '../http/forms.ts';
import { decodeCursor } from '../http/keyset.ts';
import type { Answer } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { idInUrl, organisationOf, readReach } from '../pages/visit.ts';
import { getServiceRole } from '../services/services.queries.ts';
import { afterOf } from '../services/services.routes.ts';
import { organisationRolesPage, roleOrganisationsPage } from './organisation-roles.pages.ts';
import {
  countRights,
  listOrganisationsOfRole,
  listRights,
  listServicesOfRights,
} from './organisation-roles.queries.ts';

export const organisationRolesRoutes: Route[] = [
  get('/organisationer/:cvr/rettigheder', 'organisationRole.view', showRights),
  get('/system/roller/:id/organisationer', 'organisationRole.grant', showOrganisations, readReach),
];

async function showRights(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const { actor, query } = visit;
  const chosen = typed(query, 'service');
  const filter = {
    search: typedSearch(query, 'soeg'),
    serviceId: /^\d{1,9}$/.test(chosen) ? Number(chosen) : null,
  };
  const cursor = decodeCursor(typed(query, 'fra'), 2);
  const services = await listServicesOfRights(db, organisation.id);
  const rights = await listRights(db, organisation.id, filter, cursor);
  const count = await countRights(db, organisation.id, filter);
  return organisationRolesPage({ organisation, actor, filter, cursor, services, rights, count });
}

async function showOrganisations(visit: Visit, db: ReadDb): Promise<Answer> {
  const role = await getServiceRole(db, idInUrl(visit));
  const search = typedSearch(visit.query, 'soeg');
  const after = afterOf(visit.query);
  const rows = await listOrganisationsOfRole(db, role.id, search, after);
  return roleOrganisationsPage({ role, rows, search, isFirstPage: after === null });
}
