import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typedSearch } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { freshly, get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { faultsOfPeriod } from '../role-assignments/period.ts';
import { danishDay, dayInDenmark } from '../shared/dates.ts';
import { FieldRefused, NotFound } from '../shared/errors.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { listMatchingUsers } from '../users/users.queries.ts';
import type { Administrator } from './administrator.ts';
import { substituteForm } from './administrators.forms.ts';
import { administratorsPath } from './administrators.pages.ts';
import { findAdministrator, listSubstitutes } from './administrators.queries.ts';
import { appointSubstitute, endSubstitute } from './substitutes.changes.ts';
import { substitutesPage } from './substitutes.pages.ts';

const mostFound = 50;

export const substitutesRoutes: Route[] = [
  get('/organisationer/:cvr/administratorer/:id/vikar', 'administrator.appoint', show),
  freshly(post('/organisationer/:cvr/administratorer/:id/vikar', 'administrator.appoint', appoint)),
  post('/organisationer/:cvr/administratorer/:id/vikar/:substitute/afslut', 'administrator.remove', end),
];

async function getAway(visit: Visit, db: ReadDb): Promise<Administrator> {
  const found = await findAdministrator(db, organisationOf(visit).id, idInUrl(visit));
  if (found === null) throw new NotFound('Personen er ikke administrator her. Åbn listen igen.');
  return found;
}

function show(visit: Visit, db: ReadDb): Promise<Answer> {
  return pageFor(visit, db, visit.draft ?? {}, {});
}

async function pageFor(visit: Visit, db: ReadDb, posted: Posted, errors: FieldErrors): Promise<Page> {
  const organisation = organisationOf(visit);
  const away = await getAway(visit, db);
  const all = await listSubstitutes(db, organisation.id);
  const substitutes = all.filter((one) => one.administratorId === away.id);
  const search = typedSearch(visit.query, 'soeg');
  const filter = { search, status: 'aktiv', administrator: null, serviceId: null, withoutRoles: false } as const;
  const found = await listMatchingUsers(db, organisation.id, filter, mostFound);
  return substitutesPage({ organisation, actor: visit.actor, away, substitutes, search, found, posted, errors });
}

async function appoint(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const away = await read(visit, (db) => getAway(visit, db));
  const again = (errors: FieldErrors): Promise<Page> => read(visit, (db) => pageFor(visit, db, visit.posted, errors));
  const form = readForm(visit, substituteForm);
  if (!form.ok) return again(form.errors);
  const { vikar: userId, startdato: start, slutdato: stop } = form.value;
  const faults = faultsOfPeriod({ start, stop }, dayInDenmark());
  if (Object.keys(faults).length > 0) return again(faults);
  const substituting = { administratorId: away.id, userId, start, stop };
  try {
    const { name } = await change(visit, organisation, (tx, actor) =>
      appointSubstitute(tx, actor, organisation, substituting, mailSettingOf(visit)),
    );
    return seeOther(
      administratorsPath(organisation),
      `${name} er vikar for ${fullName(away)} til og med ${danishDay(stop)}.`,
    );
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    return again({ [error.field]: error.message });
  }
}

async function end(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const away = await read(visit, (db) => getAway(visit, db));
  const { ended } = await change(visit, organisation, (tx, actor) =>
    endSubstitute(tx, actor, organisation, idInUrl(visit, 'substitute'), mailSettingOf(visit)),
  );
  return seeOther(
    administratorsPath(organisation, `/${away.id}/vikar`),
    ended ? 'Vikaren er afsluttet.' : 'Vikaren var allerede afsluttet.',
  );
}
