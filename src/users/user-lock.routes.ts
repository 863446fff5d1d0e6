import type { ReadDb } from '../db/access.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { danishDay } from '../shared/dates.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import type { User } from './user.ts';
import type { Lock } from './user-lock.ts';
import { ensureMayLock, faultsOfLock, refuseEmergencyLock } from './user-lock.ts';
import { lockUser, unlockUser } from './user-lock.changes.ts';
import { confirmForm, lockForm } from './user-lock.forms.ts';
import { lockAsTyped, lockPage, unlockPage } from './user-lock.pages.ts';
import { usersPath } from './users.pages.ts';
import { getUser, readToday } from './users.queries.ts';

export const userLockRoutes: Route[] = [
  get('/organisationer/:cvr/brugere/:id/spaer', 'user.lock', showLock),
  post('/organisationer/:cvr/brugere/:id/spaer', 'user.lock', lock),
  get('/organisationer/:cvr/brugere/:id/laas-op', 'user.unlock', showUnlock),
  post('/organisationer/:cvr/brugere/:id/laas-op', 'user.unlock', unlock),
];

async function showLock(visit: Visit, db: ReadDb): Promise<Answer> {
  const user = await userToLock(visit, db);
  return lockPage(organisationOf(visit), user, { posted: visit.draft ?? lockAsTyped(user), errors: {} });
}

async function userToLock(visit: Visit, db: ReadDb): Promise<User> {
  const organisationId = organisationOf(visit).id;
  const user = await getUser(db, organisationId, idInUrl(visit));
  ensureMayLock(visit.actor, { organisationId, user });
  refuseEmergencyLock(user);
  return user;
}

async function lock(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const { user, today } = await read(visit, async (db) => ({
    user: await userToLock(visit, db),
    today: await readToday(db),
  }));
  const form = readForm(visit, lockForm);
  if (!form.ok) return lockPage(organisation, user, { posted: visit.posted, errors: form.errors });
  const { version, start, fra, til, begrundelse } = form.value;
  const asked: Lock = { start, from: fra, until: til, reason: begrundelse };
  try {
    const { startsLater } = await change(visit, organisation, (tx, actor) =>
      lockUser(tx, actor, organisation, { userId: user.id, version, lock: asked }),
    );
    return seeOther(usersPath(organisation, `/${user.id}`), lockedText(user, asked, startsLater));
  } catch (error) {
    if (error instanceof StaleForm) return lockAgain(visit);
    if (!(error instanceof FieldRefused)) throw error;
    // All faults of the days at once, not only the first that the change met.
    const errors = { ...faultsOfLock(asked, user.isLocked, today), [error.field]: error.message };
    return lockPage(organisation, user, { posted: visit.posted, errors });
  }
}

/** What is there now beside what was typed. */
async function lockAgain(visit: Visit): Promise<Answer> {
  const user = await read(visit, (db) => userToLock(visit, db));
  return lockPage(organisationOf(visit), user, { posted: visit.posted, errors: {} }, true);
}

function lockedText(user: User, { from, until }: Lock, startsLater: boolean): string {
  const till = until === null ? '' : ` til og med ${danishDay(until)}`;
  return startsLater
    ? `${fullName(user)} bliver spærret fra ${danishDay(from ?? '')}${till}.`
    : `${fullName(user)} er spærret${till} og kan ikke logge på.`;
}

async function showUnlock(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await userToUnlock(visit, db);
  if (!user.isLocked && user.plannedLockFrom === null) return notLocked(visit, user);
  return unlockPage(organisation, user);
}

async function userToUnlock(visit: Visit, db: ReadDb): Promise<User> {
  const organisationId = organisationOf(visit).id;
  const user = await getUser(db, organisationId, idInUrl(visit));
  ensureCan(visit.actor, 'user.unlock', { organisationId, user });
  refuseEmergencyLock(user);
  return user;
}

function notLocked(visit: Visit, user: User): Answer {
  return seeOther(usersPath(organisationOf(visit), `/${user.id}`), `${fullName(user)} er ikke spærret.`, 'info');
}

async function unlock(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await read(visit, (db) => userToUnlock(visit, db));
  const form = readForm(visit, confirmForm);
  if (!form.ok) return unlockAgain(visit, user);
  try {
    const { unlocked } = await change(visit, organisation, (tx, actor) =>
      unlockUser(tx, actor, organisation, { userId: user.id, version: form.value.version }),
    );
    if (!unlocked) return notLocked(visit, user);
    return seeOther(usersPath(organisation, `/${user.id}`), `${fullName(user)} er låst op.`);
  } catch (error) {
    if (!(error instanceof StaleForm)) throw error;
    return unlockAgain(visit, await read(visit, (db) => userToUnlock(visit, db)));
  }
}

function unlockAgain(visit: Visit, user: User): Answer {
  if (!user.isLocked && user.plannedLockFrom === null) return notLocked(visit, user);
  return unlockPage(organisationOf(visit), user, true);
}
