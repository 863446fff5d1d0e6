import { z } from 'zod';
import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { oneOf, typedSearch, wholeNumber } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { freshly, get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, readForm, readWithin } from '../pages/visit.ts';
import { FieldRefused } from '../shared/errors.ts';
import { searchUsers } from '../users/user-search.queries.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { systemRoleNames } from './system-role.ts';
import { appointToSystemRole, removeSystemRole } from './system-roles.changes.ts';
import { systemRolesPage, systemRolesPath } from './system-roles.pages.ts';
import { listSystemRoleHolders } from './system-roles.queries.ts';

const everywhere = <T>(visit: Visit, work: (db: ReadDb) => Promise<T>): Promise<T> => readWithin(visit, 'all', work);

export const systemRolesRoutes: Route[] = [
  get('/system/systemroller', 'systemRole.appoint', show, everywhere),
  freshly(post('/system/systemroller', 'systemRole.appoint', appoint)),
  post('/system/systemroller/:id/fjern', 'systemRole.remove', remove),
];

const appointForm = z.object({
  bruger: wholeNumber('Søg efter en bruger, og vælg på listen'),
  rolle: oneOf(['SYSTEM_OWNER', 'SERVICEDESK'], 'Vælg en rolle'),
});

function show(visit: Visit, db: ReadDb): Promise<Answer> {
  return pageFor(visit, db, visit.draft ?? {}, {});
}

async function pageFor(visit: Visit, db: ReadDb, posted: Posted, errors: FieldErrors): Promise<Page> {
  const { actor } = visit;
  const search = typedSearch(visit.query, 'soeg');
  const holders = await listSystemRoleHolders(db);
  const found = search === '' ? [] : await searchUsers(db, 'all', search);
  return systemRolesPage({ actor, holders, search, found, posted, errors });
}

async function appoint(visit: Visit): Promise<Answer> {
  const again = (errors: FieldErrors): Promise<Page> =>
    everywhere(visit, (db) => pageFor(visit, db, visit.posted, errors));
  const form = readForm(visit, appointForm);
  if (!form.ok) return again(form.errors);
  const { bruger: userId, rolle: kind } = form.value;
  try {
    const { name, added } = await change(visit, null, (tx, actor) =>
      appointToSystemRole(tx, actor, { userId, kind }, mailSettingOf(visit)),
    );
    const role = systemRoleNames[kind].toLowerCase();
    return seeOther(
      systemRolesPath,
      added ? `${name} har fået rollen ${role}.` : `${name} havde allerede rollen ${role}.`,
    );
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    return again({ [error.field]: error.message });
  }
}

async function remove(visit: Visit): Promise<Answer> {
  const { removed } = await change(visit, null, (tx, actor) =>
    removeSystemRole(tx, actor, idInUrl(visit), mailSettingOf(visit)),
  );
  return seeOther(systemRolesPath, removed);
}
