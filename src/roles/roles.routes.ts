import { batchLink } from '../batches/batch-link.ts';
import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedSearch } from '../http/forms.ts';
import { decodeCursor } from '../http/keyset.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOtherWithLink } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { changeInBatch, idInUrl, organisationOf, read, readForm } from '../pages/visit.ts';
import { mayEver } from '../permissions/scope.ts';
import { withdrawAssignments } from '../role-assignments/role-assignments.changes.ts';
import { withdrawForm } from '../role-assignments/role-assignments.forms.ts';
import { NotFound } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import { serviceNotices } from '../status/status.pages.ts';
import { finderPage, rolesPath } from './role-finder.pages.ts';
import { rolePage } from './roles.pages.ts';
import { countRoles, findRole, findRoles, listHolders, listServicesOfRoles, listWithoutRole } from './roles.queries.ts';

const manyFields = { fields: 600, kilobytes: 100 };

export const rolesRoutes: Route[] = [
  get('/organisationer/:cvr/roller', 'roleFinder.view', showFinder),
  get('/organisationer/:cvr/roller/:id', 'roleHolders.view', showRole),
  post('/organisationer/:cvr/roller/:id', 'role.withdraw', withdrawHere, manyFields),
];

/** Without a search the services are shown, each a way in; a hundred services hold too many roles to read through. */
async function showFinder(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const chosen = typed(visit.query, 'service');
  const filter = {
    search: typedSearch(visit.query, 'soeg'),
    serviceId: /^\d{1,9}$/.test(chosen) ? Number(chosen) : null,
  };
  const services = await listServicesOfRoles(db, organisation.id);
  if (filter.search === '' && filter.serviceId === null)
    return finderPage({ organisation, filter, services, found: null });
  const cursor = decodeCursor(typed(visit.query, 'fra'), 3);
  const roles = await findRoles(db, organisation.id, filter, cursor);
  const count = await countRoles(db, filter);
  const seesHolders = mayEver(visit.actor, 'roleHolders.view', organisation.id);
  const mayRequest = mayEver(visit.actor, 'serviceAccess.request', organisation.id);
  return finderPage({ organisation, filter, services, found: { roles, count, cursor, seesHolders, mayRequest } });
}

async function showRole(visit: Visit, db: ReadDb): Promise<Answer> {
  return rolePageFor(visit, db, visit.draft ?? {}, {});
}

async function rolePageFor(visit: Visit, db: ReadDb, posted: Posted, errors: FieldErrors): Promise<Page> {
  const organisation = organisationOf(visit);
  const role = await findRole(db, organisation.id, idInUrl(visit));
  if (role === null) throw new NotFound('Rollen findes ikke. Find den med søgningen.');
  const after = afterOf(visit.query);
  const holders = await listHolders(db, organisation.id, role.id, after);
  const search = typedSearch(visit.query, 'find');
  const candidates = search === '' ? [] : await listWithoutRole(db, organisation.id, role.id, search);
  const { actor } = visit;
  return rolePage({
    status: serviceNotices(visit.services.status.current(), role.serviceId, new Date()),
    organisation,
    actor,
    role,
    holders,
    isFirstPage: after === null,
    search,
    candidates,
    posted,
    errors,
  });
}

async function withdrawHere(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, withdrawForm);
  if (!form.ok) return read(visit, (db) => rolePageFor(visit, db, visit.posted, form.errors));
  const { done, reference } = await changeInBatch(visit, organisation, (tx, actor) =>
    withdrawAssignments(tx, actor, organisation, { assignmentIds: form.value.tildeling, roleId: idInUrl(visit) }),
  );
  const gone =
    done.alreadyGone === 0 ? '' : ` ${counted(done.alreadyGone, 'tildeling', 'tildelinger')} var allerede fjernet.`;
  return seeOtherWithLink(
    rolesPath(organisation, `/${idInUrl(visit)}`),
    `${counted(done.withdrawn, 'tildeling', 'tildelinger')} er fjernet.${gone}`,
    done.withdrawn === 0 ? undefined : batchLink(organisation, reference),
  );
}

function afterOf(query: Posted): { lastName: string; firstName: string; id: number } | null {
  const id = typed(query, 't');
  if (!/^\d{1,9}$/.test(id)) return null;
  const name = (field: string): string => typed(query, field).replace(/\p{C}/gu, ' ').slice(0, 100);
  return { lastName: name('e'), firstName: name('f'), id: Number(id) };
}
