import type { ReadDb } from '../db/access.ts';
import { findDeparture } from '../departures/departures.queries.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readAtOnce, readForm } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { listAssignments } from '../role-assignments/role-assignments.queries.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import { joinedWithAnd } from '../shared/text.ts';
import { isFiltered, readListQuery } from './user-list.ts';
import type { MailSetting } from './users.changes.ts';
import { createUser, editUser } from './users.changes.ts';
import { asTyped, createUserForm, editUserForm } from './users.forms.ts';
import { userPage } from './user.pages.ts';
import { createUserPage, editUserPage, usersPage, usersPath } from './users.pages.ts';
import { countUsers, getUser, listServices, listUsers, listUsersByEmail } from './users.queries.ts';

export const usersRoutes: Route[] = [
  get('/organisationer/:cvr/brugere', 'user.list', showUsers, readAtOnce),
  get('/organisationer/:cvr/brugere/opret', 'user.create', showCreate),
  post('/organisationer/:cvr/brugere/opret', 'user.create', create),
  get('/organisationer/:cvr/brugere/:id', 'user.view', showUser, readAtOnce),
  get('/organisationer/:cvr/brugere/:id/rediger', 'user.edit', showEdit),
  post('/organisationer/:cvr/brugere/:id/rediger', 'user.edit', edit),
];

async function showUsers(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const query = readListQuery(visit.query);
  const filtered = isFiltered(query.filter);
  const counting = countUsers(db, organisation.id, query.filter, filtered);
  const [services, count, rows] = await Promise.all([
    listServices(db, organisation.id),
    counting,
    // The last page is counted from the end; any other needs no number.
    query.isLastPage
      ? counting.then((total) => listUsers(db, organisation.id, query, total))
      : listUsers(db, organisation.id, query, null),
  ]);
  return usersPage({ organisation, actor: visit.actor, query, rows, count, services });
}

async function showUser(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const id = idInUrl(visit);
  const [user, assignments] = await Promise.all([
    getUser(db, organisation.id, id),
    listAssignments(db, organisation.id, id),
  ]);
  const departure = user.hasDeparture ? await findDeparture(db, organisation.id, user.id) : null;
  return userPage(organisation, visit.actor, user, assignments, departure);
}

async function showCreate(visit: Visit): Promise<Answer> {
  return createUserPage(organisationOf(visit), { posted: visit.draft ?? {}, errors: {} });
}

async function create(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, createUserForm);
  if (!form.ok) return createUserPage(organisation, { posted: visit.posted, errors: form.errors });
  try {
    const { userId } = await change(visit, organisation, (tx, actor) =>
      createUser(tx, actor, organisation, form.value),
    );
    const name = fullName(form.value);
    return seeOther(
      usersPath(organisation, `/${userId}`),
      `${name} er oprettet. ${await sharedAddress(visit, form.value.email, userId)}`.trim(),
    );
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    return createUserPage(organisation, {
      posted: visit.posted,
      errors: { [error.field]: error.message },
      errorHref: error.href,
    });
  }
}

async function showEdit(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await getUser(db, organisation.id, idInUrl(visit));
  ensureCan(visit.actor, 'user.edit', { organisationId: organisation.id, user });
  return editUserPage(organisation, user, { posted: visit.draft ?? asTyped(user), errors: {} });
}

async function edit(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const userId = idInUrl(visit);
  const user = await read(visit, (db) => getUser(db, organisation.id, userId));
  ensureCan(visit.actor, 'user.edit', { organisationId: organisation.id, user });
  const form = readForm(visit, editUserForm);
  if (!form.ok) return editUserPage(organisation, user, { posted: visit.posted, errors: form.errors });
  const { version, ...input } = form.value;
  try {
    const { changed } = await change(visit, organisation, (tx, actor) =>
      editUser(tx, actor, organisation, { userId, version, input }, mailSettingOf(visit)),
    );
    const shared = input.email === user.email ? '' : await sharedAddress(visit, input.email, userId);
    return seeOther(
      usersPath(organisation, `/${userId}`),
      changed ? `Ændringerne er gemt. ${shared}`.trim() : 'Der var ingen ændringer at gemme.',
    );
  } catch (error) {
    if (error instanceof StaleForm)
      return editUserPage(
        organisation,
        await read(visit, (db) => getUser(db, organisation.id, userId)),
        { posted: visit.posted, errors: {} },
        true,
      );
    if (!(error instanceof FieldRefused)) throw error;
    return editUserPage(organisation, user, {
      posted: visit.posted,
      errors: { [error.field]: error.message },
      errorHref: error.href,
    });
  }
}

/** Shared mailboxes are allowed, but nobody should make one by mistake: the others are named. */
async function sharedAddress(visit: Visit, email: string, userId: number): Promise<string> {
  const others = await read(visit, (db) => listUsersByEmail(db, organisationOf(visit).id, email, userId));
  return others.length === 0 ? '' : `Bemærk: E-mailadressen bruges også af ${joinedWithAnd(others.map(fullName))}.`;
}

export function mailSettingOf({ services }: Pick<Visit, 'services'>): MailSetting {
  return {
    views: services.views,
    contact: services.contact,
    texts: services.mailTexts.current(),
    sebadminOrigin: services.origins.sebadmin,
  };
}
