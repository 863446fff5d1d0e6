import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { organisationPath } from '../organisations/organisation.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read } from '../pages/visit.ts';
import { BadRequest } from '../shared/errors.ts';
import { registerAgreement, renewAgreement } from './agreement-registration.changes.ts';
import { readRegistration } from './agreement-registration.forms.ts';
import { registrationPage, renewalAsTyped } from './agreement-registration.pages.ts';
import { getAgreement, listOpenServices, listServiceIds } from './agreements.queries.ts';
import { noFile, signedFileOf, signedForm, withFile } from './upload.ts';

export const agreementRegistrationRoutes: Route[] = [
  get('/organisationer/:cvr/aftaler/registrer', 'agreement.register', (visit, db) => show(visit, db, {}, 200)),
  post('/organisationer/:cvr/aftaler/registrer', 'agreement.register', register, signedForm),
  get('/organisationer/:cvr/aftaler/:agreement/forny', 'agreement.renew', showRenewal),
  post('/organisationer/:cvr/aftaler/:agreement/forny', 'agreement.renew', register, signedForm),
];

async function show(visit: Visit, db: ReadDb, errors: FieldErrors, status: number): Promise<Answer> {
  const organisation = organisationOf(visit);
  const { actor } = visit;
  const renews = await renewedOf(visit, db);
  const services = await listOpenServices(db);
  const posted = visit.draft ?? visit.posted;
  return registrationPage({ actor, organisation, services, renews, posted, errors, status });
}

/** The agreement of the URL; null where a new one is registered. */
async function renewedOf(visit: Visit, db: ReadDb) {
  return visit.params.agreement === undefined
    ? null
    : getAgreement(db, organisationOf(visit).id, idInUrl(visit, 'agreement'));
}

async function showRenewal(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const renews = await getAgreement(db, organisation.id, idInUrl(visit, 'agreement'));
  if (renews.isRenewed)
    return seeOther(organisationPath(organisation), 'Aftalen er allerede fornyet. Her ser du den nye.', 'info');
  const before = renewalAsTyped(renews, await listServiceIds(db, renews.id));
  return show({ ...visit, draft: visit.draft ?? before }, db, {}, 200);
}

async function register(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const again = (errors: FieldErrors, status = 422): Promise<Answer> =>
    read(visit, (db) => show(visit, db, errors, status));
  const renews = await read(visit, (db) => renewedOf(visit, db));
  const form = readRegistration(visit.posted, 0);
  if (!form.ok) return again({ ...form.errors, ...(visit.upload === null ? { fil: noFile } : {}) });
  try {
    const file = await signedFileOf(visit);
    const signed = { registration: form.value, file };
    const version = Number(/^\d{1,9}$/.exec(typed(visit.posted, 'version'))?.[0] ?? 0);
    const { agreementId } = await change(withFile(visit, file), organisation, (tx, actor) =>
      renews === null
        ? registerAgreement(tx, actor, organisation, signed)
        : renewAgreement(tx, actor, organisation, { ...signed, renews: { id: renews.id, version } }),
    );
    return seeOther(organisationPath(organisation, `/aftaler/${agreementId}`), 'Aftalen er registreret.');
  } catch (error) {
    if (error instanceof BadRequest) return again({ fil: error.message }, error.status);
    throw error;
  }
}
