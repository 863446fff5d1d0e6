import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import { typed, typedSearch } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, readForm, readReach } from '../pages/visit.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import type { Service } from './service.ts';
import { createServicePage, editServicePage } from './service-forms.pages.ts';
import { createService, editService } from './services.changes.ts';
import { createServiceForm, editServiceForm, serviceAsTyped, serviceInputOf } from './services.forms.ts';
import { servicePage, servicesPage, servicesPath } from './services.pages.ts';
import type { AfterName } from './services.queries.ts';
import { getService, listCatalogue, listRolesOfService, serviceStates } from './services.queries.ts';

export const servicesRoutes: Route[] = [
  get('/system/services', 'service.edit', showServices, readReach),
  get('/system/services/opret', 'service.create', async (visit) =>
    createServicePage({ posted: visit.draft ?? {}, errors: {} }),
  ),
  post('/system/services/opret', 'service.create', create),
  get('/system/services/:id', 'service.edit', showService, readReach),
  get('/system/services/:id/rediger', 'service.edit', showEdit, readReach),
  post('/system/services/:id/rediger', 'service.edit', edit),
];

async function showServices({ query }: Visit, db: ReadDb): Promise<Answer> {
  const state = serviceStates.find((one) => one === typed(query, 'status')) ?? null;
  const filter = { search: typedSearch(query, 'soeg'), state };
  const after = afterOf(query);
  return servicesPage(await listCatalogue(db, filter, after), filter, after === null);
}

/** Where a list by name goes on. */
export function afterOf(query: Visit['query']): AfterName {
  const id = typed(query, 'efterid');
  const name = typed(query, 'efternavn').replace(/\p{C}/gu, ' ').slice(0, 300);
  return /^\d{1,9}$/.test(id) ? { name, id: Number(id) } : null;
}

async function create(visit: Visit): Promise<Answer> {
  const again = (errors: FieldErrors): Answer => createServicePage({ posted: visit.posted, errors });
  const form = readForm(visit, createServiceForm);
  if (!form.ok) return again(form.errors);
  const input = { code: form.value.kode, ...serviceInputOf(form.value) };
  try {
    const { serviceId } = await change(visit, null, (tx, actor) => createService(tx, actor, input));
    return seeOther(servicesPath(`/${serviceId}`), `Servicen ${input.name} er oprettet. Opret nu dens roller.`);
  } catch (error) {
    if (error instanceof FieldRefused) return again({ [error.field]: error.message });
    throw error;
  }
}

async function showService(visit: Visit, db: ReadDb): Promise<Answer> {
  const service = await getService(db, idInUrl(visit));
  return servicePage(service, await listRolesOfService(db, service.id));
}

async function showEdit(visit: Visit, db: ReadDb): Promise<Answer> {
  const service = await getService(db, idInUrl(visit));
  return editServicePage(service, { posted: visit.draft ?? serviceAsTyped(service), errors: {} });
}

async function edit(visit: Visit): Promise<Answer> {
  const found = (): Promise<Service> => readReach(visit, (db) => getService(db, idInUrl(visit)));
  const service = await found();
  const again = (errors: FieldErrors): Answer => editServicePage(service, { posted: visit.posted, errors });
  const form = readForm(visit, editServiceForm);
  if (!form.ok) return again(form.errors);
  const input = { code: form.value.kode ?? null, ...serviceInputOf(form.value) };
  try {
    const { changed } = await change(visit, null, (tx, actor) =>
      editService(tx, actor, { serviceId: service.id, version: form.value.version, input }),
    );
    return seeOther(
      servicesPath(`/${service.id}`),
      changed ? 'Ændringerne er gemt.' : 'Der var ingen ændringer at gemme.',
    );
  } catch (error) {
    if (error instanceof StaleForm) return editServicePage(await found(), { posted: visit.posted, errors: {} }, true);
    if (error instanceof FieldRefused) return again({ [error.field]: error.message });
    throw error;
  }
}
