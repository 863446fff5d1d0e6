import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Visit } from '../pages/visit.ts';
import { idInUrl, organisationOf, read } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import type { Action } from '../permissions/rules.ts';
import { ensureEmergency } from '../permissions/can.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import type { User } from '../users/user.ts';
import { createUser, editUser } from '../users/users.changes.ts';
import { asTyped, createUserForm, editUserForm } from '../users/users.forms.ts';
import { createUserPage, editUserPage, usersPath } from '../users/users.pages.ts';
import { getUser } from '../users/users.queries.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { act, readActForm } from './acting.ts';
import { choicePage, editInPlaceOf, inPlaceOf, onBehalfPath } from './on-behalf.pages.ts';

/** The user of the URL, whom the system owner may do this to in the organisation's place. */
export async function userInPlaceOf(visit: Visit, db: ReadDb, action: Action): Promise<User> {
  const organisationId = organisationOf(visit).id;
  const user = await getUser(db, organisationId, idInUrl(visit));
  ensureEmergency(visit.actor, action, { organisationId, user });
  return user;
}

export async function showChoice(visit: Visit, db: ReadDb): Promise<Answer> {
  return choicePage(organisationOf(visit), visit.actor, await userInPlaceOf(visit, db, 'user.edit'));
}

export async function showCreate(visit: Visit): Promise<Answer> {
  return createPage(visit, visit.draft ?? {}, {});
}

function createPage(visit: Visit, posted: Posted, errors: FieldErrors): Answer {
  const organisation = organisationOf(visit);
  return inPlaceOf(
    createUserPage(organisation, { posted, errors }),
    onBehalfPath(organisation, '/opret'),
    posted,
    errors,
  );
}

export async function createInPlaceOf(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readActForm(visit, createUserForm);
  if (!form.ok) return createPage(visit, visit.posted, form.errors);
  const { input, reason } = form.value;
  try {
    const { userId } = await act(visit, { act: 'oprettede en bruger', reason }, (tx, actor, ensure) =>
      createUser(tx, actor, organisation, input, ensure),
    );
    return seeOther(usersPath(organisation, `/${userId}`), `${fullName(input)} er oprettet. ${told}`);
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    return createPage(visit, visit.posted, { [error.field]: error.message });
  }
}

/** What every act ends with. */
export const told = 'Organisationens organisationsadministratorer har fået besked.';

export async function showEdit(visit: Visit, db: ReadDb): Promise<Answer> {
  const user = await userInPlaceOf(visit, db, 'user.edit');
  return editPage(visit, user, visit.draft ?? asTyped(user), {});
}

function editPage(visit: Visit, user: User, posted: Posted, errors: FieldErrors, isStale = false): Answer {
  const organisation = organisationOf(visit);
  const shown = editUserPage(organisation, user, { posted, errors }, isStale);
  return editInPlaceOf(shown, user, onBehalfPath(organisation, `/${user.id}/rediger`), posted, errors);
}

export async function editOther(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await read(visit, (db) => userInPlaceOf(visit, db, 'user.edit'));
  const posted = withOwnFields(visit.posted, user);
  const form = readActForm({ ...visit, posted }, editUserForm);
  const errors = { ...(form.ok ? {} : form.errors), ...faultsOfOwnFields(posted, user) };
  if (!form.ok || Object.keys(errors).length > 0) return editPage(visit, user, posted, errors);
  const { input, reason } = form.value;
  const { version, ...data } = input;
  try {
    const { changed } = await act(visit, { act: 'rettede oplysninger om en bruger', reason }, (tx, actor, ensure) =>
      editUser(tx, actor, organisation, { userId: user.id, version, input: data }, mailSettingOf(visit), ensure),
    );
    return seeOther(
      usersPath(organisation, `/${user.id}`),
      changed ? `Ændringerne er gemt. ${told}` : 'Der var ingen ændringer at gemme.',
    );
  } catch (error) {
    if (error instanceof StaleForm) {
      const now = await read(visit, (db) => userInPlaceOf(visit, db, 'user.edit'));
      return editPage(visit, now, withOwnFields(visit.posted, now), {}, true);
    }
    if (!(error instanceof FieldRefused)) throw error;
    return editPage(visit, user, posted, { [error.field]: error.message });
  }
}

// The fields that the page does not have stay as they are.
function withOwnFields(posted: Posted, user: User): Posted {
  return { rid: user.rid, ...(user.isAdministrator ? { email: user.email } : {}), ...posted };
}

/** A post that was not made with the page: the organisation alone changes these. */
function faultsOfOwnFields(posted: Posted, user: User): FieldErrors {
  const onlyThey = 'Det kan kun organisationens egne administratorer ændre';
  return {
    ...(typed(posted, 'rid') === user.rid ? {} : { rid: onlyThey }),
    ...(user.isAdministrator && typed(posted, 'email') !== user.email ? { email: onlyThey } : {}),
  };
}
