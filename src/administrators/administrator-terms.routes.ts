import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { freshly, get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { dayInDenmark } from '../shared/dates.ts';
import { FieldRefused, NotFound, StaleForm } from '../shared/errors.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import type { Administrator } from './administrator.ts';
import { changeAdministrator } from './administrator-terms.changes.ts';
import { administratorPage } from './administrator-terms.pages.ts';
import { asTyped, faultsOfLimit, faultsOfTerms, termsAsked, termsForm } from './administrators.forms.ts';
import { administratorsPath } from './administrators.pages.ts';
import { findAdministrator, listLimitingServices } from './administrators.queries.ts';

const manyFields = { fields: 600, kilobytes: 100 };

export const administratorTermsRoutes: Route[] = [
  get('/organisationer/:cvr/administratorer/:id', 'administrator.change', show),
  freshly(post('/organisationer/:cvr/administratorer/:id', 'administrator.change', edit, manyFields)),
];

/** The administrator of the URL, whom the actor may change. */
async function getAdministrator(visit: Visit, db: ReadDb): Promise<Administrator> {
  const { id: organisationId } = organisationOf(visit);
  const found = await findAdministrator(db, organisationId, idInUrl(visit));
  if (found === null) throw new NotFound('Personen er ikke administrator her. Åbn listen igen.');
  const user = { id: found.userId, isAdministrator: true };
  ensureCan(visit.actor, 'administrator.change', { organisationId, user });
  return found;
}

async function show(visit: Visit, db: ReadDb): Promise<Answer> {
  const administrator = await getAdministrator(visit, db);
  return pageFor(visit, db, administrator, visit.draft ?? asTyped(administrator), {});
}

async function pageFor(
  visit: Visit,
  db: ReadDb,
  administrator: Administrator,
  posted: Posted,
  errors: FieldErrors,
  isStale = false,
): Promise<Page> {
  const organisation = organisationOf(visit);
  const chosen = administrator.services?.map((service) => service.id) ?? [];
  const services = await listLimitingServices(db, organisation.id, chosen);
  return administratorPage({ organisation, administrator, services, posted, errors, isStale });
}

async function edit(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const administrator = await read(visit, (db) => getAdministrator(visit, db));
  const again = (errors: FieldErrors): Promise<Page> =>
    read(visit, (db) => pageFor(visit, db, administrator, visit.posted, errors));
  const form = readForm(visit, termsForm);
  if (!form.ok) return again(form.errors);
  const today = dayInDenmark();
  const terms = termsAsked(administrator, form.value, today);
  const { version } = form.value;
  const asked = { ...faultsOfTerms(administrator, terms, today), ...faultsOfLimit(administrator, form.value) };
  const faults = version === administrator.version ? asked : {};
  if (Object.keys(faults).length > 0) return again(faults);
  const changing = { administratorId: administrator.id, version, terms };
  try {
    const { changed } = await change(visit, organisation, (tx, actor) =>
      changeAdministrator(tx, actor, organisation, changing, mailSettingOf(visit)),
    );
    const done = `Administratorrollen for ${fullName(administrator)} er ændret.`;
    return seeOther(administratorsPath(organisation), changed ? done : 'Der var ingen ændringer at gemme.');
  } catch (error) {
    if (error instanceof StaleForm)
      return read(visit, async (db) => pageFor(visit, db, await getAdministrator(visit, db), visit.posted, {}, true));
    if (error instanceof FieldRefused) return again({ [error.field]: error.message });
    throw error;
  }
}
