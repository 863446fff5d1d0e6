import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
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
import type { User } from '../users/user.ts';
import { confirmForm } from '../users/user-lock.forms.ts';
import { usersPath } from '../users/users.pages.ts';
import { getUser } from '../users/users.queries.ts';
import type { Departure } from './departure.ts';
import { openOf } from './departure.ts';
import { cancelDeparture, planDeparture } from './departures.changes.ts';
import { departureForm } from './departures.forms.ts';
import { cancelDeparturePage, departureAsTyped, departurePage } from './departures.pages.ts';
import { findDeparture } from './departures.queries.ts';

export const departuresRoutes: Route[] = [
  get('/organisationer/:cvr/brugere/:id/fratraedelse', 'user.departure', showDeparture),
  post('/organisationer/:cvr/brugere/:id/fratraedelse', 'user.departure', plan),
  get('/organisationer/:cvr/brugere/:id/fratraedelse/aflys', 'user.departure', showCancel),
  post('/organisationer/:cvr/brugere/:id/fratraedelse/aflys', 'user.departure', cancel),
];

type Leaver = { user: User; open: Departure | null };

async function leaver(visit: Visit, db: ReadDb): Promise<Leaver> {
  const organisationId = organisationOf(visit).id;
  const user = await getUser(db, organisationId, idInUrl(visit));
  ensureCan(visit.actor, 'user.departure', { organisationId, user });
  const departure = await findDeparture(db, organisationId, user.id);
  return { user, open: openOf(departure) };
}

async function showDeparture(visit: Visit, db: ReadDb): Promise<Answer> {
  const { user, open } = await leaver(visit, db);
  const posted = visit.draft ?? departureAsTyped(open);
  return departurePage({ organisation: organisationOf(visit), user, open, posted, errors: {} });
}

async function plan(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const now = await read(visit, (db) => leaver(visit, db));
  const again = (errors: FieldErrors, { user, open }: Leaver = now, isStale = false): Answer =>
    departurePage({ organisation, user, open, posted: visit.posted, errors, isStale });
  const form = readForm(visit, departureForm);
  if (!form.ok) return again(form.errors);
  const { dag: lastDay, begrundelse: reason, version } = form.value;
  const planning = { userId: now.user.id, version, lastDay, reason };
  try {
    const { changed } = await change(visit, organisation, (tx, actor) =>
      planDeparture(tx, actor, organisation, planning),
    );
    return seeOther(
      usersPath(organisation, `/${now.user.id}`),
      changed
        ? `Sidste arbejdsdag for ${fullName(now.user)} er ${danishDay(lastDay)}. Når dagen er slut, fjerner SEB rollerne og spærrer brugeren.`
        : 'Der var ingen ændringer at gemme.',
    );
  } catch (error) {
    if (error instanceof StaleForm) return again({}, await read(visit, (db) => leaver(visit, db)), true);
    if (error instanceof FieldRefused) return again({ [error.field]: error.message });
    throw error;
  }
}

async function showCancel(visit: Visit, db: ReadDb): Promise<Answer> {
  const { user, open } = await leaver(visit, db);
  return open === null ? nothingPlanned(visit, user) : cancelDeparturePage(organisationOf(visit), user, open);
}

function nothingPlanned(visit: Visit, user: User): Answer {
  const text = `Der er ikke planlagt nogen fratrædelse for ${fullName(user)}.`;
  return seeOther(usersPath(organisationOf(visit), `/${user.id}`), text, 'info');
}

async function cancel(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const { user } = await read(visit, (db) => leaver(visit, db));
  const form = readForm(visit, confirmForm);
  if (!form.ok) return cancelAgain(visit);
  try {
    const { cancelled } = await change(visit, organisation, (tx, actor) =>
      cancelDeparture(tx, actor, organisation, { userId: user.id, version: form.value.version }),
    );
    if (!cancelled) return nothingPlanned(visit, user);
    return seeOther(usersPath(organisation, `/${user.id}`), `Fratrædelsen for ${fullName(user)} er aflyst.`);
  } catch (error) {
    if (!(error instanceof StaleForm)) throw error;
    return cancelAgain(visit);
  }
}

async function cancelAgain(visit: Visit): Promise<Answer> {
  const { user, open } = await read(visit, (db) => leaver(visit, db));
  return open === null ? nothingPlanned(visit, user) : cancelDeparturePage(organisationOf(visit), user, open, true);
}
