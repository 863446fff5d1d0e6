import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm } from '../pages/visit.ts';
import { ensureCan } from '../permissions/can.ts';
import { StaleForm } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import { deleteUser } from './user-deletion.changes.ts';
import { deleteForm } from './user-deletion.forms.ts';
import { deletePage } from './user-deletion.pages.ts';
import { readAccess } from './user-deletion.queries.ts';
import { usersPath } from './users.pages.ts';
import { getUser } from './users.queries.ts';
import { mailSettingOf } from './users.routes.ts';

export const userDeletionRoutes: Route[] = [
  get('/organisationer/:cvr/brugere/:id/slet', 'user.delete', showDelete),
  post('/organisationer/:cvr/brugere/:id/slet', 'user.delete', deleteHere),
];

function showDelete(visit: Visit, db: ReadDb): Promise<Answer> {
  return deletePageFor(visit, db, visit.draft ?? {}, {});
}

async function deletePageFor(
  visit: Visit,
  db: ReadDb,
  posted: Posted,
  errors: FieldErrors,
  isStale = false,
): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await getUser(db, organisation.id, idInUrl(visit));
  ensureCan(visit.actor, 'user.delete', { organisationId: organisation.id, user });
  const access = await readAccess(db, organisation.id, user.id);
  return deletePage({ organisation, user, access, posted, errors, isStale });
}

/** The user is not looked for before the change: a second click finds the first one's outcome, not a user who is gone. */
async function deleteHere(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, deleteForm);
  if (!form.ok) return read(visit, (db) => deletePageFor(visit, db, visit.posted, form.errors));
  const { version, adgange, begrundelse } = form.value;
  const deleting = { userId: idInUrl(visit), version, seen: adgange, reason: begrundelse };
  try {
    const { name, roles } = await change(visit, organisation, (tx, actor) =>
      deleteUser(tx, actor, organisation, deleting, mailSettingOf(visit)),
    );
    const removed = roles === 0 ? '' : ` ${counted(roles, 'rolle', 'roller')} er fjernet.`;
    return seeOther(
      usersPath(organisation),
      `${name} er slettet.${removed} Husk medarbejdersignaturen i MitID Erhverv: det står på forsiden, til der er sat flueben ved det.`,
    );
  } catch (error) {
    if (!(error instanceof StaleForm)) throw error;
    return read(visit, (db) => deletePageFor(visit, db, visit.posted, {}, true));
  }
}
