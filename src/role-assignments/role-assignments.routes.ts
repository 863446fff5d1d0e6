import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { AddressedOrganisation, Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { can, ensureCan } from '../permissions/can.ts';
import { countSubunits, findUnit } from '../sor/sor.queries.ts';
import { isSorCode } from '../shared/danish-numbers.ts';
import { NotFound } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import type { User } from '../users/user.ts';
import { usersPath } from '../users/users.pages.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { findUser, listServices } from '../users/users.queries.ts';
import { assignRoles, withdrawAssignments } from './role-assignments.changes.ts';
import type { Assigned } from './role-assignments.changes.ts';
import type { AssignInput } from './role-assignments.forms.ts';
import { assignForm, withdrawForm } from './role-assignments.forms.ts';
import type { ChosenUnit } from './role-assignments.pages.ts';
import { assignPage, userRolesPage } from './role-assignments.pages.ts';
import { listAssignments, listGivableRoles, listHeldPlacements } from './role-assignments.queries.ts';
import type { Chosen, Selection } from './selection.ts';
import { findChosen, readSelection } from './selection.ts';

const manyFields = { fields: 1500, kilobytes: 200 };

export const roleAssignmentsRoutes: Route[] = [
  get('/organisationer/:cvr/tildel-roller', 'role.assign', showAssign),
  post('/organisationer/:cvr/tildel-roller', 'role.assign', assign, manyFields),
  get('/organisationer/:cvr/brugere/:id/roller', 'user.view', showUserRoles),
  post('/organisationer/:cvr/brugere/:id/roller', 'role.withdraw', withdraw, manyFields),
];

async function showAssign(visit: Visit, db: ReadDb): Promise<Answer> {
  const selection = readSelection(visit.query);
  if (selection.kind === 'users' && selection.userIds.length === 0)
    return seeOther(usersPath(organisationOf(visit)), 'Vælg først en eller flere brugere på listen.', 'info');
  const shown = { ...visit.query, ...visit.draft };
  return assignPageFor(visit, db, selection, shown, {});
}

/** The page for a selection and whatever was chosen or typed so far; all its reads in one transaction. */
async function assignPageFor(
  visit: Visit,
  db: ReadDb,
  selection: Selection,
  posted: Posted,
  errors: FieldErrors,
): Promise<Page> {
  const organisation = organisationOf(visit);
  const chosen = await findChosen(db, visit.actor, organisation, selection);
  const services = await listServices(db, organisation.id);
  const service = services.find((one) => String(one.id) === typed(posted, 'tildelservice')) ?? null;
  const receiverIds = chosen.receivers.map((user) => user.id);
  const roles = service === null ? [] : await listGivableRoles(db, organisation.id, service.id, receiverIds);
  const [only, ...others] = receiverIds;
  const held =
    service === null || only === undefined || others.length > 0
      ? []
      : await listHeldPlacements(db, organisation.id, only, service.id);
  const unit = await findChosenUnit(db, organisation, typed(posted, 'sor'));
  return assignPage({ organisation, selection, chosen, services, service, roles, held, unit, posted, errors });
}

async function findChosenUnit(db: ReadDb, organisation: AddressedOrganisation, code: string): Promise<ChosenUnit> {
  if (!/^\d{6,18}$/.test(code.trim())) return null;
  const unit = await findUnit(db, organisation.cvr, code.trim());
  return unit === null ? null : { unit, subunits: await countSubunits(db, organisation.cvr, unit.code) };
}

async function assign(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const selection = readSelection(visit.query);
  const form = readForm(visit, assignForm);
  const again = (errors: FieldErrors): Promise<Answer> =>
    read(visit, (db) => assignPageFor(visit, db, selection, visit.posted, errors));
  if (!form.ok) return again(form.errors);
  const { errors, sorCode } = await read(visit, (db) => judge(db, visit, organisation, selection, form.value));
  if (Object.keys(errors).length > 0) return again(errors);
  const assigning = {
    selection,
    expectedReceivers: expectedReceivers(visit.posted),
    roleIds: form.value.rolle,
    sorCode,
    scope: form.value.omfang ?? ('UNIT_AND_SUBUNITS' as const),
    reason: form.value.begrundelse,
    caseNumber: form.value.sagsnummer,
  };
  const assigned = await change(visit, organisation, (tx, actor, onRecord) =>
    assignRoles(tx, actor, onRecord, organisation, assigning, mailSettingOf(visit)),
  );
  return seeOther(afterAssigning(organisation, selection), assignedText(assigned, form.value.rolle.length));
}

function expectedReceivers(posted: Posted): number | null {
  const text = typed(posted, 'antal');
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
}

/** What only the database can judge of the form: are the roles givable, and the unit open and the organisation's own. */
async function judge(
  db: ReadDb,
  visit: Visit,
  organisation: AddressedOrganisation,
  selection: Selection,
  input: AssignInput,
): Promise<{ errors: FieldErrors; sorCode: string | null }> {
  const chosen: Chosen = await findChosen(db, visit.actor, organisation, selection);
  if (chosen.receivers.length === 0)
    return { errors: { form: 'Ingen af de valgte brugere kan få roller nu. Se hvorfor på listen.' }, sorCode: null };
  if (input.begrundelse === null && chosen.likeOneself.some((user) => user.id === visit.actor.userId)) {
    return { errors: { begrundelse: 'Skriv en begrundelse. Det kræves, når du giver dig selv roller' }, sorCode: null };
  }
  const roles = await listGivableRoles(db, organisation.id, input.tildelservice, []);
  const wanted = roles.filter((role) => input.rolle.includes(role.id));
  if (wanted.length !== input.rolle.length)
    return { errors: { rolle: 'Organisationen kan ikke tildele en af rollerne. Vælg på listen igen' }, sorCode: null };
  if (!wanted.some((role) => role.needsSor)) return { errors: {}, sorCode: null };
  const unitFault = await faultOfUnit(db, organisation, input.sor);
  const errors: FieldErrors = {};
  if (unitFault !== null) errors.sor = unitFault;
  if (input.omfang === undefined) errors.omfang = 'Vælg, om rollen også gælder underenheder';
  return { errors, sorCode: input.sor };
}

async function faultOfUnit(
  db: ReadDb,
  organisation: AddressedOrganisation,
  code: string | null,
): Promise<string | null> {
  if (code === null) return 'Vælg en SOR-enhed. En af rollerne kræver det';
  if (!isSorCode(code)) return 'SOR-koden er ikke rigtig. Se efter, om alle cifre er med, eller find enheden på listen';
  const unit = await findUnit(db, organisation.cvr, code);
  if (unit === null) return 'SOR-enheden hører ikke til organisationen. Find en af organisationens egne enheder';
  return unit.isClosed ? `SOR-enheden ${unit.name} er lukket. Vælg en åben enhed` : null;
}

function afterAssigning(organisation: AddressedOrganisation, selection: Selection): string {
  const [only, ...others] = selection.kind === 'users' ? selection.userIds : [];
  return only !== undefined && others.length === 0 ? usersPath(organisation, `/${only}`) : usersPath(organisation);
}

function assignedText({ receivers, added, alreadyThere, leftOut }: Assigned, roles: number): string {
  const to = counted(receivers, 'bruger', 'brugere');
  const done =
    added === 0
      ? `Der var intet nyt at tildele: ${to} har allerede ${counted(roles, 'rollen', 'rollerne')}.`
      : `${counted(roles, 'rolle', 'roller')} til ${to}: ${counted(added, 'ny tildeling', 'nye tildelinger')} er gemt.`;
  const already =
    added > 0 && alreadyThere > 0 ? ` ${counted(alreadyThere, 'tildeling', 'tildelinger')} var der i forvejen.` : '';
  return (
    done + already + (leftOut > 0 ? ` ${counted(leftOut, 'valgt bruger', 'valgte brugere')} kunne ikke få roller.` : '')
  );
}

async function showUserRoles(visit: Visit, db: ReadDb): Promise<Answer> {
  const user = await getUser(db, visit);
  return userRolesPageFor(visit, db, user, visit.draft ?? {}, {});
}

async function userRolesPageFor(
  visit: Visit,
  db: ReadDb,
  user: User,
  posted: Posted,
  errors: FieldErrors,
): Promise<Page> {
  const organisation = organisationOf(visit);
  const target = { organisationId: organisation.id, user };
  const assignments = await listAssignments(db, organisation.id, user.id);
  const serviceId = /^\d{1,9}$/.test(typed(visit.query, 'service')) ? Number(typed(visit.query, 'service')) : null;
  const mayWithdraw = can(visit.actor, 'role.withdraw', target);
  const mayAssign = can(visit.actor, 'role.assign', target) && !user.isLocked;
  return userRolesPage({ organisation, user, assignments, serviceId, mayWithdraw, mayAssign, posted, errors });
}

async function withdraw(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const user = await read(visit, (db) => getUser(db, visit));
  ensureCan(visit.actor, 'role.withdraw', { organisationId: organisation.id, user });
  const form = readForm(visit, withdrawForm);
  if (!form.ok) return read(visit, (db) => userRolesPageFor(visit, db, user, visit.posted, form.errors));
  const withdrawing = { userId: user.id, assignmentIds: form.value.tildeling };
  const done = await change(visit, organisation, (tx, actor) =>
    withdrawAssignments(tx, actor, organisation, withdrawing),
  );
  const gone = done.alreadyGone === 0 ? '' : ` ${counted(done.alreadyGone, 'rolle', 'roller')} var allerede fjernet.`;
  return seeOther(
    usersPath(organisation, `/${user.id}/roller`),
    `${counted(done.withdrawn, 'rolle', 'roller')} er fjernet fra ${fullName(user)}.${gone}`,
  );
}

async function getUser(db: ReadDb, visit: Visit): Promise<User> {
  const user = await findUser(db, organisationOf(visit).id, idInUrl(visit));
  if (user === null) throw new NotFound('Brugeren findes ikke i organisationen. Find brugeren i brugeroversigten.');
  return user;
}
