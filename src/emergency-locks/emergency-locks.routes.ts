import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm, readWithin } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureAs, ensureCan } from '../permissions/can.ts';
import { scope } from '../permissions/scope.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import type { User } from '../users/user.ts';
import { usersPath } from '../users/users.pages.ts';
import { getUser } from '../users/users.queries.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { confirmEmergencyLock, liftEmergencyLock, lockInEmergency } from './emergency-locks.changes.ts';
import { confirmLockForm, emergencyLockForm, liftLockForm } from './emergency-locks.forms.ts';
import type { Ending } from './emergency-locks.pages.ts';
import { emergencyLockPage, emergencyLocksPage, endLockPage, shownLockPage } from './emergency-locks.pages.ts';
import { findEmergencyLock, listEmergencyLocks } from './emergency-locks.queries.ts';

const lockPath = '/organisationer/:cvr/brugere/:id/noedspaerring';

export const emergencyLocksRoutes: Route[] = [
  get('/noedspaerringer', 'emergencyLock.view', showLocks, (visit, work) =>
    readWithin(visit, scope(visit.actor, 'emergencyLock.view'), work),
  ),
  get(lockPath, 'emergencyLock.view', showLock),
  post(lockPath, 'user.lock', lock),
  get(`${lockPath}/bekraeft`, 'emergencyLock.confirm', (visit, db) => showEnding(visit, db, 'bekraeft')),
  post(`${lockPath}/bekraeft`, 'emergencyLock.confirm', confirm),
  get(`${lockPath}/ophaev`, 'emergencyLock.lift', (visit, db) => showEnding(visit, db, 'ophaev')),
  post(`${lockPath}/ophaev`, 'emergencyLock.lift', lift),
];

async function showLocks(visit: Visit, db: ReadDb): Promise<Answer> {
  const before = /^\d{1,9}$/.test(typed(visit.query, 'foer')) ? Number(typed(visit.query, 'foer')) : null;
  return emergencyLocksPage(await listEmergencyLocks(db, scope(visit.actor, 'emergencyLock.view'), before));
}

/** The lock that is in force; else the servicedesk's form to make one. */
async function showLock(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await getUser(db, organisation.id, idInUrl(visit));
  const target = { organisationId: organisation.id, user };
  ensureCan(visit.actor, 'emergencyLock.view', target);
  const current = await findEmergencyLock(db, organisation.id, user.id);
  if (current !== null) return shownLockPage(organisation, visit.actor, user, current);
  if (!visit.actor.systemRoles.includes('SERVICEDESK')) return notLocked(visit, user);
  ensureAs(visit.actor, 'servicedesk', 'user.lock', target);
  return emergencyLockPage(organisation, user, { posted: visit.draft ?? {}, errors: {} });
}

function notLocked(visit: Visit, user: User): Answer {
  return seeOther(usersPath(organisationOf(visit), `/${user.id}`), `${fullName(user)} er ikke nødspærret.`, 'info');
}

async function lock(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await read(visit, (db) => getUser(db, organisation.id, idInUrl(visit)));
  ensureAs(visit.actor, 'servicedesk', 'user.lock', { organisationId: organisation.id, user });
  const form = readForm(visit, emergencyLockForm);
  if (!form.ok) return emergencyLockPage(organisation, user, { posted: visit.posted, errors: form.errors });
  const { sagsnummer, begrundelse, version } = form.value;
  const locking = { userId: user.id, version, caseNumber: sagsnummer, reason: begrundelse };
  try {
    const { until } = await change(visit, organisation, (tx, actor) =>
      lockInEmergency(tx, actor, organisation, locking, mailSettingOf(visit)),
    );
    return seeOther(
      usersPath(organisation, `/${user.id}/noedspaerring`),
      `${fullName(user)} er nødspærret til ${until}. Organisationens organisationsadministratorer og systemejeren har fået besked.`,
    );
  } catch (error) {
    if (error instanceof StaleForm) return lockAgain(visit);
    if (!(error instanceof FieldRefused)) throw error;
    return emergencyLockPage(organisation, user, {
      posted: visit.posted,
      errors: { [error.field]: error.message },
    });
  }
}

async function lockAgain(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await read(visit, (db) => getUser(db, organisation.id, idInUrl(visit)));
  return emergencyLockPage(organisation, user, { posted: visit.posted, errors: {} }, true);
}

async function showEnding(visit: Visit, db: ReadDb, ending: Ending): Promise<Answer> {
  return endingPage(visit, db, ending, visit.draft ?? {}, {});
}

async function endingPage(
  visit: Visit,
  db: ReadDb,
  ending: Ending,
  posted: Posted,
  errors: FieldErrors,
): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await userInLock(visit, db, ending);
  const current = await findEmergencyLock(db, organisation.id, user.id);
  return current === null
    ? notLocked(visit, user)
    : endLockPage(organisation, user, current, ending, { posted, errors });
}

async function userInLock(visit: Visit, db: ReadDb, ending: Ending): Promise<User> {
  const organisationId = organisationOf(visit).id;
  const user = await getUser(db, organisationId, idInUrl(visit));
  ensureCan(visit.actor, ending === 'bekraeft' ? 'emergencyLock.confirm' : 'emergencyLock.lift', {
    organisationId,
    user,
  });
  return user;
}

async function confirm(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await read(visit, (db) => userInLock(visit, db, 'bekraeft'));
  const form = readForm(visit, confirmLockForm);
  if (!form.ok) return read(visit, (db) => endingPage(visit, db, 'bekraeft', visit.posted, form.errors));
  const { spaerring, version, begrundelse } = form.value;
  const ending = { userId: user.id, lockId: spaerring, version, reason: begrundelse };
  await change(visit, organisation, (tx, actor) =>
    confirmEmergencyLock(tx, actor, organisation, ending, mailSettingOf(visit)),
  );
  return ended(visit, user, 'er bekræftet. Brugeren er spærret, til en administrator låser op.');
}

async function lift(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await read(visit, (db) => userInLock(visit, db, 'ophaev'));
  const form = readForm(visit, liftLockForm);
  if (!form.ok) return read(visit, (db) => endingPage(visit, db, 'ophaev', visit.posted, form.errors));
  const { spaerring, version, begrundelse } = form.value;
  const ending = { userId: user.id, lockId: spaerring, version, reason: begrundelse };
  await change(visit, organisation, (tx, actor) =>
    liftEmergencyLock(tx, actor, organisation, ending, mailSettingOf(visit)),
  );
  return ended(visit, user, 'er ophævet.');
}

function ended(visit: Visit, user: User, how: string): Answer {
  return seeOther(usersPath(organisationOf(visit), `/${user.id}`), `Nødspærringen af ${fullName(user)} ${how}`);
}
