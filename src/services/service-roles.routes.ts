import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, readForm, readReach } from '../pages/visit.ts';
import { PreviewOutdated } from '../role-assignments/preview.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import type { ServiceRole } from './service.ts';
import { createRolePage, editRolePage } from './service-forms.pages.ts';
import { createRole, editRole } from './service-roles.changes.ts';
import { createRoleForm, editRoleForm, roleAsTyped, roleInputOf } from './services.forms.ts';
import { rolePath, serviceRolePage, servicesPath } from './services.pages.ts';
import { getService, getServiceRole, readNeedsEffect } from './services.queries.ts';

export const serviceRolesRoutes: Route[] = [
  get('/system/services/:id/roller/opret', 'role.create', showCreate, readReach),
  post('/system/services/:id/roller/opret', 'role.create', create),
  get('/system/roller/:id', 'role.edit', showRole, readReach),
  get('/system/roller/:id/rediger', 'role.edit', showEdit, readReach),
  post('/system/roller/:id/rediger', 'role.edit', edit),
];

async function showCreate(visit: Visit, db: ReadDb): Promise<Answer> {
  const service = await getService(db, idInUrl(visit));
  return createRolePage(service, { posted: visit.draft ?? {}, errors: {} });
}

async function create(visit: Visit): Promise<Answer> {
  const service = await readReach(visit, (db) => getService(db, idInUrl(visit)));
  const again = (errors: FieldErrors): Answer => createRolePage(service, { posted: visit.posted, errors });
  const form = readForm(visit, createRoleForm);
  if (!form.ok) return again(form.errors);
  const input = { code: form.value.kode, ...roleInputOf(form.value) };
  try {
    await change(visit, null, (tx, actor) => createRole(tx, actor, service.id, input));
    return seeOther(
      servicesPath(`/${service.id}`),
      `Rollen ${input.name} er oprettet. Ingen kan tildele den, før en organisation får ret til det.`,
    );
  } catch (error) {
    if (error instanceof FieldRefused) return again({ [error.field]: error.message });
    throw error;
  }
}

async function showRole(visit: Visit, db: ReadDb): Promise<Answer> {
  return serviceRolePage(await getServiceRole(db, idInUrl(visit)));
}

async function showEdit(visit: Visit, db: ReadDb): Promise<Answer> {
  const role = await getServiceRole(db, idInUrl(visit));
  return editRolePage(role, { posted: visit.draft ?? roleAsTyped(role), errors: {} });
}

async function edit(visit: Visit): Promise<Answer> {
  const found = (): Promise<ServiceRole> => readReach(visit, (db) => getServiceRole(db, idInUrl(visit)));
  const role = await found();
  const { posted } = visit;
  const form = readForm(visit, editRoleForm);
  if (!form.ok) return editRolePage(role, { posted, errors: form.errors });
  const { kode, version, set: seen } = form.value;
  const input = { code: kode ?? null, ...roleInputOf(form.value) };
  try {
    const { changed } = await change(visit, null, (tx, actor) =>
      editRole(tx, actor, { roleId: role.id, version, seen, input }),
    );
    return seeOther(rolePath(role.id), changed ? 'Ændringerne er gemt.' : 'Der var ingen ændringer at gemme.');
  } catch (error) {
    if (error instanceof StaleForm) return editRolePage(await found(), { posted, errors: {}, isStale: true });
    if (error instanceof FieldRefused) return editRolePage(role, { posted, errors: { [error.field]: error.message } });
    if (!(error instanceof PreviewOutdated)) throw error;
    const effect = await readReach(visit, (db) => readNeedsEffect(db, role.id));
    return editRolePage(role, { posted, errors: {}, effect });
  }
}
