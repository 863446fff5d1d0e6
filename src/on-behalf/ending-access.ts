import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Visit } from '../pages/visit.ts';
import { idInUrl, organisationOf, read } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { withdrawAssignments } from '../role-assignments/role-assignments.changes.ts';
import { withdrawForm } from '../role-assignments/role-assignments.forms.ts';
import { userRolesPage } from '../role-assignments/role-assignments.pages.ts';
import { listAssignments } from '../role-assignments/role-assignments.queries.ts';
import { StaleForm } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import { deleteUser } from '../users/user-deletion.changes.ts';
import { deleteForm } from '../users/user-deletion.forms.ts';
import { deletePage } from '../users/user-deletion.pages.ts';
import { readAccess } from '../users/user-deletion.queries.ts';
import { usersPath } from '../users/users.pages.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { act, readActForm } from './acting.ts';
import { inPlaceOf, onBehalfPath } from './on-behalf.pages.ts';
import { told, userInPlaceOf } from './user-data.ts';

export function showDelete(visit: Visit, db: ReadDb): Promise<Answer> {
  return deletePageOf(visit, db, visit.draft ?? {}, {});
}

async function deletePageOf(
  visit: Visit,
  db: ReadDb,
  posted: Posted,
  errors: FieldErrors,
  isStale = false,
): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await userInPlaceOf(visit, db, 'user.delete');
  const access = await readAccess(db, organisation.id, user.id);
  const shown = deletePage({ organisation, user, access, posted, errors, isStale });
  return inPlaceOf(shown, onBehalfPath(organisation, `/${user.id}/slet`), posted, errors);
}

/** The user is not looked for before the change: a second click finds the first one's outcome, not a user who is gone. */
export async function removeInPlaceOf(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readActForm(visit, deleteForm);
  if (!form.ok) return read(visit, (db) => deletePageOf(visit, db, visit.posted, form.errors));
  const { version, adgange, begrundelse } = form.value.input;
  const deleting = { userId: idInUrl(visit), version, seen: adgange, reason: begrundelse };
  try {
    const { name } = await act(visit, { act: 'slettede en bruger', reason: form.value.reason }, (tx, actor, ensure) =>
      deleteUser(tx, actor, organisation, deleting, mailSettingOf(visit), ensure),
    );
    return seeOther(usersPath(organisation), `${name} er slettet. ${told}`);
  } catch (error) {
    if (!(error instanceof StaleForm)) throw error;
    return read(visit, (db) => deletePageOf(visit, db, visit.posted, {}, true));
  }
}

export function showRoles(visit: Visit, db: ReadDb): Promise<Answer> {
  return rolesPageOf(visit, db, visit.draft ?? {}, {});
}

async function rolesPageOf(visit: Visit, db: ReadDb, posted: Posted, errors: FieldErrors): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await userInPlaceOf(visit, db, 'role.withdraw');
  const assignments = await listAssignments(db, organisation.id, user.id);
  const may = { mayWithdraw: true, mayAssign: false, limit: null };
  const shown = userRolesPage({ organisation, user, assignments, serviceId: null, ...may, posted, errors });
  return inPlaceOf(shown, onBehalfPath(organisation, `/${user.id}/roller`), posted, errors);
}

export async function withdrawInPlaceOf(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await read(visit, (db) => userInPlaceOf(visit, db, 'role.withdraw'));
  const form = readActForm(visit, withdrawForm);
  if (!form.ok) return read(visit, (db) => rolesPageOf(visit, db, visit.posted, form.errors));
  const { input, reason } = form.value;
  const withdrawing = { userId: user.id, assignmentIds: input.tildeling };
  const { withdrawn } = await act(visit, { act: 'fjernede roller fra en bruger', reason }, (tx, actor, ensure) =>
    withdrawAssignments(tx, actor, organisation, withdrawing, ensure),
  );
  return seeOther(
    usersPath(organisation, `/${user.id}/roller`),
    `${counted(withdrawn, 'rolle', 'roller')} er fjernet fra ${fullName(user)}. ${told}`,
  );
}
