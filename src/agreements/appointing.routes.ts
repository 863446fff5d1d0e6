import type { ReadDb } from '../db/access.ts';
import type { DeedFault } from '../organisations/deed.ts';
import { noFault } from '../organisations/deed.ts';
import { organisationPath } from '../organisations/organisation.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { freshly, get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm } from '../pages/visit.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { findNamedAdministrator, getAgreement } from './agreements.queries.ts';
import { appointFirst, appointOnAgreement, hasBeenActive, onlyOne, renewFirstLogin } from './appointing.changes.ts';
import { appointFirstForm, onAgreementForm } from './appointing.forms.ts';
import type { Appointee } from './appointing.pages.ts';
import { appointFirstPage, appointOnAgreementPage } from './appointing.pages.ts';
import { readAppointing } from './appointing.queries.ts';

export const appointingRoutes: Route[] = [
  get('/organisationer/:cvr/aftaler/:agreement/foerste/:named', 'administrator.appointFirst', (visit, db) =>
    showFirst(visit, db),
  ),
  freshly(post('/organisationer/:cvr/aftaler/:agreement/foerste/:named', 'administrator.appointFirst', first)),
  get('/organisationer/:cvr/aftaler/:agreement/ny/:named', 'administrator.appointOnAgreement', (visit, db) =>
    showOnAgreement(visit, db),
  ),
  freshly(post('/organisationer/:cvr/aftaler/:agreement/ny/:named', 'administrator.appointOnAgreement', onAgreement)),
  post('/organisationer/:cvr/foerste-login/:id/forny', 'administrator.appointFirst', renew),
];

async function appointee(visit: Visit, db: ReadDb, fault: DeedFault): Promise<Appointee> {
  const organisation = organisationOf(visit);
  const agreement = await getAgreement(db, organisation.id, idInUrl(visit, 'agreement'));
  const named = await findNamedAdministrator(db, organisation.id, agreement.id, idInUrl(visit, 'named'));
  if (named === null) throw new NotFound('Aftalen nævner ikke den person. Åbn aftalen, og vælg derfra.');
  return { actor: visit.actor, organisation, agreement, named, posted: visit.draft ?? visit.posted, fault };
}

async function showFirst(visit: Visit, db: ReadDb, fault: DeedFault = noFault): Promise<Answer> {
  const found = await appointee(visit, db, fault);
  const { noneEverActive } = await readAppointing(db, found.organisation.id);
  return noneEverActive ? appointFirstPage(found) : notHere(found, hasBeenActive);
}

/** There is nothing to confirm: back to the agreement, with the reason. */
function notHere({ organisation, agreement }: Appointee, reason: string): Answer {
  return seeOther(organisationPath(organisation, `/aftaler/${agreement.id}`), reason, 'warning');
}

async function showOnAgreement(visit: Visit, db: ReadDb, fault: DeedFault = noFault): Promise<Answer> {
  const found = await appointee(visit, db, fault);
  try {
    return appointOnAgreementPage(found, onlyOne(await readAppointing(db, found.organisation.id), found.agreement));
  } catch (error) {
    if (error instanceof Conflict) return notHere(found, error.message);
    throw error;
  }
}

async function first(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, appointFirstForm);
  if (!form.ok) return read(visit, (db) => showFirst(visit, db, { errors: form.errors, isStale: false }));
  const { name } = await change(visit, organisation, (tx, actor) =>
    appointFirst(tx, actor, organisation, named(visit), mailSettingOf(visit)),
  );
  return seeOther(
    organisationPath(organisation),
    `${name} er udpeget som organisationsadministrator og har fået en mail.`,
  );
}

async function onAgreement(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, onAgreementForm);
  if (!form.ok) return read(visit, (db) => showOnAgreement(visit, db, { errors: form.errors, isStale: false }));
  const deed = { ...named(visit), reason: form.value.begrundelse, locksOld: form.value.laasgammel === 'ja' };
  const { name } = await change(visit, organisation, (tx, actor) =>
    appointOnAgreement(tx, actor, organisation, deed, mailSettingOf(visit)),
  );
  return seeOther(organisationPath(organisation), `${name} er udpeget som organisationsadministrator efter aftalen.`);
}

function named(visit: Visit): { agreementId: number; namedId: number } {
  return { agreementId: idInUrl(visit, 'agreement'), namedId: idInUrl(visit, 'named') };
}

async function renew(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, appointFirstForm);
  if (!form.ok) throw new Conflict('Siden er for gammel. Åbn organisationens side igen, og giv fristen derfra.');
  const { name, expiresOn } = await change(visit, organisation, (tx, actor) =>
    renewFirstLogin(tx, actor, organisation, { id: idInUrl(visit), version: form.value.version }, mailSettingOf(visit)),
  );
  return seeOther(organisationPath(organisation), `${name} kan logge på til og med ${expiresOn} og har fået en mail.`);
}
