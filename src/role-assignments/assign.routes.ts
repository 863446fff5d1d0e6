import { toProgress } from '../bulk-orders/bulk-orders.routes.ts';
import { batchLink } from '../batches/batch-link.ts';
import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { parseForm, typed } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther, seeOtherWithLink } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import { freshIfMany } from '../pages/step-up.ts';
import type { AddressedOrganisation, Visit } from '../pages/visit.ts';
import { changeInBatch, organisationOf, read } from '../pages/visit.ts';
import { serviceLimit } from '../permissions/service-limit.ts';
import { counted } from '../shared/text.ts';
import { serviceNotices } from '../status/status.pages.ts';
import { usersPath } from '../users/users.pages.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { listServices } from '../users/users.queries.ts';
import type { Judged } from './assign-judgement.ts';
import { judgeAssigning } from './assign-judgement.ts';
import type { Assigned } from './assign.changes.ts';
import { assignToSelection } from './assign.changes.ts';
import { assignPage } from './assign.pages.ts';
import { alreadyShown, assignPreviewPage, cprNamesShown } from './assign-preview.pages.ts';
import {
  faultsOfTyped,
  findChosenUnits,
  findWithoutCpr,
  listInTheWay,
  previewGrants,
  withSubunits,
} from './assign.queries.ts';
import { codesIn, mostUnits } from './placements.ts';
import { expectedCount, FormFaulty, PreviewOutdated } from './preview.ts';
import { assignForm } from './role-assignments.forms.ts';
import { listGivableRoles, listHeldPlacements } from './role-assignments.queries.ts';
import type { Chosen, Selection } from './selection.ts';
import { findChosen, readSelection } from './selection.ts';

const manyFields = { fields: 1500, kilobytes: 200 };

export const assignRoutes: Route[] = [
  get('/organisationer/:cvr/tildel-roller', 'role.assign', showAssign),
  get('/organisationer/:cvr/tildel-roller/gennemse', 'role.assign', showPreview),
  post('/organisationer/:cvr/tildel-roller', 'role.assign', assign, manyFields),
];

async function showAssign(visit: Visit, db: ReadDb): Promise<Answer> {
  const selection = readSelection(visit.query);
  if (isNobody(selection)) return chooseFirst(visit);
  const chosen = await findChosen(db, visit.actor, organisationOf(visit), selection);
  return assignPageFor(visit, db, selection, chosen, withUnits({ ...visit.query, ...visit.draft }), {});
}

function isNobody(selection: Selection): boolean {
  return selection.kind === 'users' && selection.userIds.length === 0;
}

function chooseFirst(visit: Visit): Answer {
  return seeOther(usersPath(organisationOf(visit)), 'Vælg først en eller flere brugere på listen.', 'info');
}

/** The chosen units with those that were typed, and without the one whose "Fjern" was pressed. */
function withUnits({ sornyt, fjern, ...posted }: Posted): Posted {
  const codes = [...codesIn(posted.sor), ...codesIn(sornyt)].filter((code) => code !== fjern);
  return codes.length === 0 ? posted : { ...posted, sor: codes };
}

/** The page for a selection and whatever was chosen or typed so far; all its reads in one transaction. */
async function assignPageFor(
  visit: Visit,
  db: ReadDb,
  selection: Selection,
  chosen: Chosen,
  posted: Posted,
  errors: FieldErrors,
): Promise<Page> {
  const organisation = organisationOf(visit);
  const services = await listServices(db, organisation.id, serviceLimit(visit.actor, organisation.id));
  const service = services.find((one) => String(one.id) === typed(posted, 'tildelservice')) ?? null;
  const receiverIds = chosen.receivers.map((user) => user.id);
  const roles =
    service === null ? [] : await listGivableRoles(db, visit.actor, organisation.id, service.id, receiverIds);
  const [only, ...others] = receiverIds;
  const held =
    service === null || only === undefined || others.length > 0
      ? []
      : await listHeldPlacements(db, organisation.id, only, service.id);
  const codes = codesIn(posted.sor).slice(0, mostUnits + 1);
  const units = await withSubunits(db, organisation, await findChosenUnits(db, organisation, codes));
  const status = service === null ? [] : serviceNotices(visit.services.status.current(), service.id, new Date());
  const isAsked = roles.some(({ needsSor }) => needsSor);
  const model = { organisation, selection, chosen, services, service, status, roles, held, units, posted };
  return assignPage({ ...model, errors: { ...faultsOfTyped(units, isAsked), ...errors } });
}

async function showPreview(visit: Visit, db: ReadDb): Promise<Answer> {
  const selection = readSelection(visit.query);
  if (isNobody(selection)) return chooseFirst(visit);
  const organisation = organisationOf(visit);
  const posted = withUnits(visit.query);
  const chosen = await findChosen(db, visit.actor, organisation, selection);
  const judgement = await judgeAssigning(db, visit.actor, organisation, chosen, posted);
  if (!judgement.ok) return assignPageFor(visit, db, selection, chosen, posted, judgement.errors);
  return previewFor(visit, db, { selection, chosen, judged: judgement.judged, posted, isOutdated: false });
}

type Previewed = { selection: Selection; chosen: Chosen; judged: Judged; posted: Posted; isOutdated: boolean };

async function previewFor(visit: Visit, db: ReadDb, previewed: Previewed): Promise<Page> {
  const organisation = organisationOf(visit);
  const { grants, roles } = previewed.judged;
  const units = await withSubunits(db, organisation, previewed.judged.units);
  const rows = await previewGrants(db, organisation.id, grants);
  const already = rows.some((row) => row.alreadyThere > 0)
    ? await listInTheWay(db, organisation.id, grants, alreadyShown)
    : [];
  const withoutCpr = roles.some((role) => role.needsCpr)
    ? await findWithoutCpr(db, organisation.id, grants.userIds, cprNamesShown)
    : { count: 0, names: [] };
  const mostAtOnce = visit.services.bulkInRequest;
  return assignPreviewPage({ organisation, ...previewed, units, rows, already, withoutCpr, mostAtOnce });
}

async function assign(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const selection = readSelection(visit.query);
  const { posted, services } = visit;
  const form = parseForm(assignForm, posted);
  if (!form.ok) return read(visit, (db) => again(visit, db, selection, form.errors));
  const expected = { receivers: expectedCount(posted, 'antal'), added: expectedCount(posted, 'nye') };
  const asked = { selection, posted, expected, mostAtOnce: services.bulkInRequest };
  try {
    const { done, reference } = await changeInBatch(visit, organisation, (tx, actor, onRecord) =>
      assignToSelection(tx, { actor, onRecord, organisation }, asked, mailSettingOf(visit)).then(
        freshIfMany(visit, ({ added, orderId }) => (orderId === null ? added : Number.POSITIVE_INFINITY)),
      ),
    );
    return (
      (await toProgress(visit, organisation, done)) ??
      seeOtherWithLink(
        afterAssigning(organisation, selection),
        assignedText(done, form.value.rolle.length),
        done.added === 0 ? undefined : batchLink(organisation, reference),
      )
    );
  } catch (error) {
    if (error instanceof FormFaulty) return read(visit, (db) => again(visit, db, selection, error.errors));
    if (!(error instanceof PreviewOutdated)) throw error;
    return read(visit, (db) => outdated(visit, db, selection));
  }
}

/** The form with what was typed and what is wrong. */
async function again(visit: Visit, db: ReadDb, selection: Selection, errors: FieldErrors): Promise<Page> {
  const chosen = await findChosen(db, visit.actor, organisationOf(visit), selection);
  return assignPageFor(visit, db, selection, chosen, visit.posted, errors);
}

/** The preview anew, with what would happen now. */
async function outdated(visit: Visit, db: ReadDb, selection: Selection): Promise<Page> {
  const organisation = organisationOf(visit);
  const chosen = await findChosen(db, visit.actor, organisation, selection);
  const judgement = await judgeAssigning(db, visit.actor, organisation, chosen, visit.posted);
  if (!judgement.ok) return assignPageFor(visit, db, selection, chosen, visit.posted, judgement.errors);
  return previewFor(visit, db, { selection, chosen, judged: judgement.judged, posted: visit.posted, isOutdated: true });
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
