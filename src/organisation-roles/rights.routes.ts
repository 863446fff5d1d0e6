import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import { freshIfMany } from '../pages/step-up.ts';
import type { Visit } from '../pages/visit.ts';
import { change, readForm, readReach } from '../pages/visit.ts';
import { PreviewOutdated } from '../role-assignments/preview.ts';
import { FieldRefused } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { grantRights, withdrawRights } from './rights.changes.ts';
import { grantForm, withdrawRightsForm } from './rights.forms.ts';
import type { Previewing } from './rights.pages.ts';
import { choosePage, faultsOfChoice, previewPage } from './rights.pages.ts';
import {
  listGrantEffects,
  listMatching,
  listRolesToChoose,
  listServiceChoices,
  listTicked,
  listWithdrawalEffects,
} from './rights.queries.ts';
import type { Act } from './rights.ts';
import { readChoice } from './rights.ts';

const manyFields = { fields: 800, kilobytes: 200 };

export const rightsRoutes: Route[] = [
  get(
    '/system/rettigheder/giv',
    'organisationRole.grant',
    (visit, db) => choose(db, 'grant', visit.query, {}),
    readReach,
  ),
  get(
    '/system/rettigheder/giv/gennemse',
    'organisationRole.grant',
    (visit, db) => preview(visit, db, 'grant'),
    readReach,
  ),
  post('/system/rettigheder/giv', 'organisationRole.grant', grant, manyFields),
  get(
    '/system/rettigheder/traek-tilbage',
    'organisationRole.withdraw',
    (visit, db) => choose(db, 'withdraw', visit.query, {}),
    readReach,
  ),
  get(
    '/system/rettigheder/traek-tilbage/gennemse',
    'organisationRole.withdraw',
    (visit, db) => preview(visit, db, 'withdraw'),
    readReach,
  ),
  post('/system/rettigheder/traek-tilbage', 'organisationRole.withdraw', withdraw, manyFields),
];

async function choose(db: ReadDb, act: Act, fields: Posted, errors: FieldErrors): Promise<Answer> {
  const choice = readChoice(fields);
  const services = await listServiceChoices(db);
  const roles = await listRolesToChoose(db, act, choice);
  const ticked = await listTicked(db, choice);
  const chosen = roles.filter((role) => choice.wholeService || choice.roleIds.includes(role.id)).map(({ id }) => id);
  const matching = await listMatching(db, act, choice, chosen);
  return choosePage({ act, choice, services, roles, ticked, matching, errors });
}

type Looked = Omit<Previewing, 'posted' | 'errors'>;

/** The choice, worked out: each role and organisation that it means, and what would happen. */
async function lookThrough(db: ReadDb, act: Act, fields: Posted): Promise<Looked> {
  const choice = readChoice(fields);
  const { roleIds, wholeService, serviceId } = choice;
  const offered = await listRolesToChoose(db, act, choice);
  const roles = offered.filter((role) => roleIds.includes(role.id) || (wholeService && role.serviceId === serviceId));
  const chosen = roles.map(({ id }) => id);
  const organisations = choice.allThatMatch
    ? await listMatching(db, act, choice, chosen)
    : await listTicked(db, choice);
  const open = organisations
    .filter((one) => act === 'withdraw' || !('isClosed' in one && one.isClosed))
    .map(({ id }) => id);
  const effects = await (act === 'grant' ? listGrantEffects : listWithdrawalEffects)(db, chosen, open);
  return { act, choice, roles, organisations, effects };
}

async function preview(visit: Visit, db: ReadDb, act: Act): Promise<Answer> {
  const looked = await lookThrough(db, act, visit.query);
  const faults = faultsOfChoice(looked.roles, looked.organisations);
  if (Object.keys(faults).length > 0) return choose(db, act, visit.query, faults);
  return previewPage({ ...looked, posted: visit.draft ?? {}, errors: {} });
}

async function grant(visit: Visit): Promise<Answer> {
  return carryOut(visit, 'grant', async (looked) => {
    const form = readForm(visit, grantForm);
    if (!form.ok) return form.errors;
    const { begrundelse: reason, rettigheder: expected } = form.value;
    const [roleIds, organisationIds] = idsOf(looked);
    const { rights, organisations } = await change(
      visit,
      null,
      (tx, actor) =>
        grantRights(tx, actor, { roleIds, organisationIds, reason, expected }, mailSettingOf(visit)).then(
          freshIfMany(visit, (made) => made.rights),
        ),
      organisationIds,
    );
    return `${counted(organisations, 'organisation har', 'organisationer har')} fået ${counted(rights, 'rettighed', 'rettigheder')}. Organisationsadministratorerne får en mail.`;
  });
}

async function withdraw(visit: Visit): Promise<Answer> {
  return carryOut(visit, 'withdraw', async (looked) => {
    const form = readForm(visit, withdrawRightsForm);
    if (!form.ok) return form.errors;
    const { hvornaar, dag, begrundelse: reason, rettigheder, tildelinger } = form.value;
    const [roleIds, organisationIds] = idsOf(looked);
    const expected = { rights: rettigheder, assignments: tildelinger };
    const lastDay = hvornaar === 'dato' ? dag : null;
    const done = await change(
      visit,
      null,
      (tx, actor, onRecord) =>
        withdrawRights(
          tx,
          actor,
          onRecord,
          { roleIds, organisationIds, lastDay, reason, expected },
          mailSettingOf(visit),
        ).then(freshIfMany(visit, (made) => made.rights + made.assignments)),
      organisationIds,
    );
    const ended = counted(done.assignments, 'tildeling', 'tildelinger');
    return `${counted(done.rights, 'rettighed', 'rettigheder')} er trukket tilbage fra ${counted(done.organisations, 'organisation', 'organisationer')}. ${ended} ${lastDay === null ? 'er fjernet' : 'har fået en slutdato'}. Organisationsadministratorerne får en mail.`;
  });
}

/** Only organisations in which something happens are locked and changed. */
function idsOf({ roles, effects }: Looked): [roleIds: number[], organisationIds: number[]] {
  return [roles.map(({ id }) => id), effects.map(({ id }) => id).toSorted((a, b) => a - b)];
}

type Work = (looked: Looked) => Promise<FieldErrors | string>;

/** Faults of the form and figures that are old show the preview again; else there is a message for the list of services. */
async function carryOut(visit: Visit, act: Act, work: Work): Promise<Answer> {
  const look = (): Promise<Looked> => readReach(visit, (db) => lookThrough(db, act, visit.posted));
  const looked = await look();
  // All that match may be none by now, for one because the same form came before: the change itself tells.
  const faults = looked.choice.allThatMatch ? {} : faultsOfChoice(looked.roles, looked.organisations);
  if (Object.keys(faults).length > 0) return readReach(visit, (db) => choose(db, act, visit.posted, faults));
  const { posted } = visit;
  try {
    const done = await work(looked);
    return typeof done === 'string' ? seeOther(backTo(looked), done) : previewPage({ ...looked, posted, errors: done });
  } catch (error) {
    if (error instanceof FieldRefused)
      return previewPage({ ...looked, posted, errors: { [error.field]: error.message } });
    if (!(error instanceof PreviewOutdated)) throw error;
    return previewPage({ ...(await look()), posted, errors: {}, isOutdated: true });
  }
}

/** One organisation or one role: its page. */
function backTo({ roles, organisations }: Looked): string {
  const [organisation, ...others] = organisations;
  if (organisation !== undefined && others.length === 0) return `/organisationer/${organisation.cvr}/rettigheder`;
  const [role, ...more] = roles;
  return role !== undefined && more.length === 0
    ? `/system/roller/${role.id}/organisationer`
    : `/system/services/${role?.serviceId ?? ''}`;
}
