import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Visit } from '../pages/visit.ts';
import { organisationOf, read } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import type { User } from '../users/user.ts';
import { lockUser, unlockUser } from '../users/user-lock.changes.ts';
import { confirmForm, lockForm } from '../users/user-lock.forms.ts';
import { lockAsTyped, lockPage, unlockPage } from '../users/user-lock.pages.ts';
import { refuseEmergencyLock } from '../users/user-lock.ts';
import { usersPath } from '../users/users.pages.ts';
import { act, readActForm } from './acting.ts';
import { inPlaceOf, onBehalfPath } from './on-behalf.pages.ts';
import { told, userInPlaceOf } from './user-data.ts';

async function lockable(visit: Visit, db: ReadDb, action: 'user.lock' | 'user.unlock'): Promise<User> {
  const user = await userInPlaceOf(visit, db, action);
  refuseEmergencyLock(user);
  return user;
}

export async function showLock(visit: Visit, db: ReadDb): Promise<Answer> {
  const user = await lockable(visit, db, 'user.lock');
  return lockPageOf(visit, user, visit.draft ?? lockAsTyped(user), {});
}

function lockPageOf(visit: Visit, user: User, posted: Posted, errors: FieldErrors, isStale = false): Answer {
  const organisation = organisationOf(visit);
  const shown = lockPage(organisation, user, { posted, errors }, isStale);
  return inPlaceOf(shown, onBehalfPath(organisation, `/${user.id}/spaer`), posted, errors);
}

export async function lockInPlaceOf(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await read(visit, (db) => lockable(visit, db, 'user.lock'));
  const form = readActForm(visit, lockForm);
  if (!form.ok) return lockPageOf(visit, user, visit.posted, form.errors);
  const { version, start, fra, til, begrundelse } = form.value.input;
  const locking = { userId: user.id, version, lock: { start, from: fra, until: til, reason: begrundelse } };
  try {
    await act(visit, { act: 'spærrede en bruger', reason: form.value.reason }, (tx, actor, ensure) =>
      lockUser(tx, actor, organisation, locking, ensure),
    );
    return seeOther(usersPath(organisation, `/${user.id}`), `Spærringen af ${fullName(user)} er gemt. ${told}`);
  } catch (error) {
    if (error instanceof StaleForm) {
      const now = await read(visit, (db) => lockable(visit, db, 'user.lock'));
      return lockPageOf(visit, now, visit.posted, {}, true);
    }
    if (!(error instanceof FieldRefused)) throw error;
    return lockPageOf(visit, user, visit.posted, { [error.field]: error.message });
  }
}

export async function showUnlock(visit: Visit, db: ReadDb): Promise<Answer> {
  return unlockPageOf(visit, await lockable(visit, db, 'user.unlock'), visit.draft ?? {}, {});
}

function unlockPageOf(visit: Visit, user: User, posted: Posted, errors: FieldErrors, isStale = false): Answer {
  const organisation = organisationOf(visit);
  if (!user.isLocked && user.plannedLockFrom === null)
    return seeOther(usersPath(organisation, `/${user.id}`), `${fullName(user)} er ikke spærret.`, 'info');
  const shown = unlockPage(organisation, user, isStale);
  const status = Object.keys(errors).length > 0 ? 422 : shown.status;
  return inPlaceOf(
    { ...shown, status, view: 'on-behalf/confirm' },
    onBehalfPath(organisation, `/${user.id}/laas-op`),
    posted,
    errors,
  );
}

export async function unlockInPlaceOf(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await read(visit, (db) => lockable(visit, db, 'user.unlock'));
  const form = readActForm(visit, confirmForm);
  if (!form.ok) return unlockPageOf(visit, user, visit.posted, form.errors);
  const { input, reason } = form.value;
  try {
    const { unlocked } = await act(visit, { act: 'låste en bruger op', reason }, (tx, actor, ensure) =>
      unlockUser(tx, actor, organisation, { userId: user.id, version: input.version }, ensure),
    );
    const text = unlocked ? `${fullName(user)} er låst op. ${told}` : `${fullName(user)} er ikke spærret.`;
    return seeOther(usersPath(organisation, `/${user.id}`), text);
  } catch (error) {
    if (!(error instanceof StaleForm)) throw error;
    const now = await read(visit, (db) => lockable(visit, db, 'user.unlock'));
    return unlockPageOf(visit, now, visit.posted, {}, true);
  }
}
