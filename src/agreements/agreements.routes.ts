import type { ReadDb } from '../db/access.ts';
import type { DeedFault } from '../organisations/deed.ts';
import { noFault } from '../organisations/deed.ts';
import { organisationPath } from '../organisations/organisation.ts';
import type { Answer } from '../pages/page.ts';
import { pdfFile, seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, openGet, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm } from '../pages/visit.ts';
import { danishDay } from '../shared/dates.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { endAgreement } from './agreement-end.changes.ts';
import { endForm } from './agreement-end.forms.ts';
import { getAgreement, getAgreementDetails, getAgreementFile } from './agreements.queries.ts';
import { agreementPage, endPage } from './agreements.pages.ts';
import { readAppointing } from './appointing.queries.ts';
import { blankForm } from './blank-form.ts';

export const agreementsRoutes: Route[] = [
  openGet('/autorisationsblanket', 'agreement.blankForm', downloadBlankForm),
  get('/organisationer/:cvr/aftaler/:agreement', 'agreement.view', showAgreement),
  get('/organisationer/:cvr/aftaler/:agreement/fil', 'agreement.view', downloadFile),
  get('/organisationer/:cvr/aftaler/:agreement/afslut', 'agreement.end', (visit, db) => showEnd(visit, db)),
  post('/organisationer/:cvr/aftaler/:agreement/afslut', 'agreement.end', end),
];

async function downloadBlankForm(): Promise<Answer> {
  return pdfFile('autorisationsblanket-seb.pdf', await blankForm());
}

async function showAgreement(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const agreement = await getAgreementDetails(db, organisation.id, idInUrl(visit, 'agreement'));
  return agreementPage(visit.actor, organisation, agreement, await readAppointing(db, organisation.id));
}

/** The signed form, named by what it is: the name that it came with may be anything. */
async function downloadFile(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const { content, validFrom } = await getAgreementFile(db, organisation.id, idInUrl(visit, 'agreement'));
  return pdfFile(`aftale-${organisation.cvr}-${validFrom}.pdf`, content);
}

async function showEnd(visit: Visit, db: ReadDb, fault: DeedFault = noFault): Promise<Answer> {
  const organisation = organisationOf(visit);
  const agreement = await getAgreement(db, organisation.id, idInUrl(visit, 'agreement'));
  const posted = visit.draft ?? visit.posted;
  return endPage(visit.actor, organisation, agreement, { posted, fault });
}

async function end(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const id = idInUrl(visit, 'agreement');
  const again = (fault: DeedFault): Promise<Answer> => read(visit, (db) => showEnd(visit, db, fault));
  const form = readForm(visit, endForm);
  if (!form.ok) return again({ errors: form.errors, isStale: false });
  const { dag: lastDay, begrundelse: reason, version } = form.value;
  try {
    await change(visit, organisation, (tx, actor) =>
      endAgreement(tx, actor, organisation, { id, version, lastDay, reason }, mailSettingOf(visit)),
    );
    return seeOther(
      organisationPath(organisation, `/aftaler/${id}`),
      `Aftalen slutter med ${danishDay(lastDay)} som sidste dag.`,
    );
  } catch (error) {
    if (error instanceof StaleForm) return again({ errors: {}, isStale: true });
    if (error instanceof FieldRefused) return again({ errors: { [error.field]: error.message }, isStale: false });
    throw error;
  }
}
