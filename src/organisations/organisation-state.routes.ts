import type { ReadDb, Tx } from '../db/access.ts';
import type { Change } from '../audit/record-change.ts';
import type { Prisma } from '../db/generated/client.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, organisationOf, read, readForm } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { StaleForm } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import type { DeedFault } from './deed.ts';
import { noFault } from './deed.ts';
import type { Deed } from './organisation-state.changes.ts';
import { closeOrganisation, reopenOrganisation, switchSelfAssignment } from './organisation-state.changes.ts';
import { reasonForm } from './organisation-state.forms.ts';
import { closePage, reopenPage, selfAssignmentPage } from './organisation-state.pages.ts';
import { organisationPath } from './organisation.ts';
import type { Organisation } from './organisation.ts';
import { getOrganisation } from './organisations.queries.ts';

type PageOf = (shown: { actor: Actor; organisation: Organisation; posted: Visit['posted']; fault: DeedFault }) => Page;
type Carried<Outcome> = (tx: Tx, actor: Actor, deed: Deed, mailing: MailSetting) => Promise<Change<Outcome>>;
/** What is asked of the organisation's state, else there is nothing to do; and what is told when it is done. */
type Step<Outcome> = {
  applies: (organisation: Organisation) => boolean;
  pageOf: PageOf;
  carryOut: Carried<Outcome>;
  told: (outcome: Outcome) => string;
};

const closing: Step<{ changed: boolean }> = {
  applies: ({ closedOn }) => closedOn === null,
  pageOf: closePage,
  carryOut: closeOrganisation,
  told: ({ changed }) => (changed ? 'Organisationen er lukket.' : 'Organisationen var allerede lukket.'),
};
const reopening: Step<{ changed: boolean }> = {
  applies: ({ closedOn }) => closedOn !== null,
  pageOf: reopenPage,
  carryOut: reopenOrganisation,
  told: ({ changed }) => (changed ? 'Organisationen er åben igen.' : 'Organisationen var allerede åben.'),
};
const switching: Step<{ isAllowed: boolean }> = {
  applies: () => true,
  pageOf: selfAssignmentPage,
  carryOut: switchSelfAssignment,
  told: ({ isAllowed }) =>
    isAllowed
      ? 'Administratorerne må nu give sig selv roller.'
      : 'Administratorerne kan ikke længere give sig selv roller.',
};

export const organisationStateRoutes: Route[] = [
  get('/organisationer/:cvr/luk', 'organisation.close', (visit, db) => show(visit, db, closing)),
  post('/organisationer/:cvr/luk', 'organisation.close', (visit) => carryOut(visit, closing)),
  get('/organisationer/:cvr/genaabn', 'organisation.close', (visit, db) => show(visit, db, reopening)),
  post('/organisationer/:cvr/genaabn', 'organisation.close', (visit) => carryOut(visit, reopening)),
  get('/organisationer/:cvr/egen-tildeling', 'organisation.allowSelfAssignment', (visit, db) =>
    show(visit, db, switching),
  ),
  post('/organisationer/:cvr/egen-tildeling', 'organisation.allowSelfAssignment', (visit) =>
    carryOut(visit, switching),
  ),
];

async function show<Outcome>(
  visit: Visit,
  db: ReadDb,
  step: Step<Outcome>,
  fault: DeedFault = noFault,
): Promise<Answer> {
  const organisation = await getOrganisation(db, organisationOf(visit).id);
  if (!step.applies(organisation)) return seeOther(organisationPath(organisation), 'Det er allerede gjort.', 'info');
  return step.pageOf({ actor: visit.actor, organisation, posted: visit.draft ?? visit.posted, fault });
}

async function carryOut<Outcome extends Prisma.InputJsonValue>(visit: Visit, step: Step<Outcome>): Promise<Answer> {
  const organisation = organisationOf(visit);
  const again = (fault: DeedFault): Promise<Answer> => read(visit, (db) => show(visit, db, step, fault));
  const form = readForm(visit, reasonForm);
  if (!form.ok) return again({ errors: form.errors, isStale: false });
  const deed = { id: organisation.id, version: form.value.version, reason: form.value.begrundelse };
  try {
    const outcome = await change(visit, organisation, (tx, actor) =>
      step.carryOut(tx, actor, deed, mailSettingOf(visit)),
    );
    return seeOther(organisationPath(organisation), step.told(outcome));
  } catch (error) {
    if (error instanceof StaleForm) return again({ errors: {}, isStale: true });
    throw error;
  }
}
