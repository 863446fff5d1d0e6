import { toProgress } from '../bulk-orders/bulk-orders.routes.ts';
import { batchLink } from '../batches/batch-link.ts';
import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { parseForm, typed, typedList } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOtherWithLink } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import { freshIfMany } from '../pages/step-up.ts';
import type { Visit } from '../pages/visit.ts';
import { changeInBatch, idInUrl, organisationOf, readWithin } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { mayEver } from '../permissions/scope.ts';
import { serviceLimit } from '../permissions/service-limit.ts';
import { faultsOfReason } from '../role-assignments/assign-judgement.ts';
import { cprNamesShown } from '../role-assignments/assign-preview.pages.ts';
import { findChosenUnits, findWithoutCpr, withSubunits } from '../role-assignments/assign.queries.ts';
import { expectedCount, FormFaulty, PreviewOutdated } from '../role-assignments/preview.ts';
import { isLikeOneself, reasonAgainst } from '../role-assignments/selection.ts';
import { NotFound } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import type { User } from '../users/user.ts';
import { usersPath } from '../users/users.pages.ts';
import type { ChosenUser } from '../users/users.queries.ts';
import { getUser, listChosenUsers, listMatchingUsers } from '../users/users.queries.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { clonePreviewPage } from './clone-preview.pages.ts';
import type { Between, Cloning } from './clone-outlook.ts';
import { foresee } from './clone-outlook.ts';
import type { Cloned } from './cloning.changes.ts';
import { cloneRoles } from './cloning.changes.ts';
import { cloneForm, mostReceivers, unitChoicesIn } from './cloning.forms.ts';
import { clonePage } from './cloning.pages.ts';
import { findOrganisation, listCloneableRoles } from './cloning.queries.ts';

const manyFields = { fields: 2000, kilobytes: 200 };
const mostFound = 50;

export const cloningRoutes: Route[] = [
  get('/organisationer/:cvr/brugere/:id/klon', 'user.clone', showClone, readsBoth),
  get('/organisationer/:cvr/brugere/:id/klon/gennemse', 'user.clone', showPreview, readsBoth),
  post('/organisationer/:cvr/brugere/:id/klon', 'user.clone', clone, manyFields),
];

/** Where the receivers are users: the source's own organisation, or another in which the actor may clone. */
function receivingId(visit: Visit): number {
  const cvr = typed({ ...visit.query, ...visit.draft, ...visit.posted }, 'brugerorganisation');
  if (cvr === '') return organisationOf(visit).id;
  const held = organisationsToCloneTo(visit.actor).find((one) => one.cvr === cvr);
  if (held === undefined) throw new NotFound();
  return held.organisationId;
}

function organisationsToCloneTo(actor: Actor): Actor['administrations'] {
  return actor.administrations.filter((held) => mayEver(actor, 'user.clone', held.organisationId));
}

function readsBoth<T>(visit: Visit, work: (db: ReadDb) => Promise<T>): Promise<T> {
  return readWithin(visit, [organisationOf(visit).id, receivingId(visit)], work);
}

async function findBetween(visit: Visit, db: ReadDb): Promise<Between> {
  const from = organisationOf(visit);
  const id = receivingId(visit);
  const to = id === from.id ? from : await findOrganisation(db, id);
  if (to === null) throw new NotFound();
  return { from, to };
}

async function getSource(visit: Visit, db: ReadDb): Promise<User> {
  const { id: organisationId } = organisationOf(visit);
  const user = await getUser(db, organisationId, idInUrl(visit));
  ensureCan(visit.actor, 'user.view', { organisationId, user });
  return user;
}

async function showClone(visit: Visit, db: ReadDb): Promise<Answer> {
  return clonePageFor(visit, db, { ...visit.query, ...visit.draft }, {});
}

async function clonePageFor(visit: Visit, db: ReadDb, posted: Posted, errors: FieldErrors): Promise<Page> {
  const user = await getSource(visit, db);
  const between = await findBetween(visit, db);
  const { to } = between;
  const roles = await listCloneableRoles(db, visit.actor, { organisationId: between.from.id, userId: user.id }, to);
  const choices = unitChoicesIn(posted);
  const units = await withSubunits(
    db,
    to,
    await findChosenUnits(
      db,
      to,
      choices.map(([, code]) => code),
    ),
  );
  const receivers = await stillThere(db, to.id, typedList(posted, 'modtager'));
  const { actor } = visit;
  return clonePage({
    isLimited: serviceLimit(actor, to.id) !== null,
    between,
    user,
    organisations: organisationsToCloneTo(actor),
    roles,
    units: new Map(choices.flatMap(([from], index) => (units[index] === undefined ? [] : [[from, units[index]]]))),
    receivers,
    found: await searchReceivers(visit, db, between, user, receivers, typed(posted, 'soeg')),
    likeOneself: receivers.filter((one) => isLikeOneself(actor, one)).map(fullName),
    posted,
    errors,
  });
}

/** The chosen receivers who are users of the organisation; after another organisation was chosen, nobody. */
function stillThere(db: ReadDb, organisationId: number, chosen: string[]): Promise<ChosenUser[]> {
  const ids = chosen.filter((id) => /^\d{1,9}$/.test(id)).slice(0, mostReceivers);
  return ids.length === 0 ? Promise.resolve([]) : listChosenUsers(db, organisationId, ids.map(Number));
}

async function searchReceivers(
  visit: Visit,
  db: ReadDb,
  { to }: Between,
  source: User,
  chosen: ChosenUser[],
  text: string,
): Promise<{ user: ChosenUser; reason: string | null }[]> {
  const search = text.normalize('NFC').replace(/\p{C}/gu, ' ').trim().slice(0, 100);
  const isAsked = ['soeg', 'modtager'].some((name) => visit.query[name] !== undefined);
  if (search === '' && !isAsked) return [];
  const filter = { search, status: null, administrator: null, serviceId: null, withoutRoles: false };
  const found = await listMatchingUsers(db, to.id, filter, mostFound);
  return found
    .filter((user) => user.id !== source.id && !chosen.some((one) => one.id === user.id))
    .map((user) => ({ user, reason: reasonAgainst(visit.actor, to, user, 'user.clone') }));
}

function readCloning(
  visit: Visit,
  posted: Posted,
): { ok: true; cloning: Cloning } | { ok: false; errors: FieldErrors } {
  const form = parseForm(cloneForm, posted);
  if (!form.ok) return form;
  const { tildeling, modtager, slet, begrundelse, sagsnummer } = form.value;
  const cloning = {
    sourceId: idInUrl(visit),
    assignmentIds: tildeling,
    receiverIds: modtager,
    units: unitChoicesIn(posted),
    isReplacing: slet === '1',
    reason: begrundelse,
    caseNumber: sagsnummer,
  };
  return { ok: true, cloning };
}

async function showPreview(visit: Visit, db: ReadDb): Promise<Answer> {
  return previewFor(visit, db, visit.query, false);
}

async function previewFor(visit: Visit, db: ReadDb, posted: Posted, isOutdated: boolean): Promise<Page> {
  const read = readCloning(visit, posted);
  if (!read.ok) return clonePageFor(visit, db, posted, read.errors);
  const user = await getSource(visit, db);
  const between = await findBetween(visit, db);
  const outlook = await foresee(db, visit.actor, between, read.cloning);
  const errors = faultsOfReason(visit.actor, outlook.chosen, read.cloning.reason);
  if (Object.keys(errors).length > 0) return clonePageFor(visit, db, posted, errors);
  const needsCpr = outlook.plan.given.some(({ role }) => role.needsCpr);
  const receiverIds = outlook.chosen.receivers.map((one) => one.id);
  const withoutCpr = needsCpr
    ? await findWithoutCpr(db, between.to.id, receiverIds, cprNamesShown)
    : { count: 0, names: [] };
  const { isReplacing } = read.cloning;
  const mostAtOnce = visit.services.bulkInRequest;
  return clonePreviewPage({ between, user, outlook, isReplacing, withoutCpr, posted, isOutdated, mostAtOnce });
}

async function clone(visit: Visit): Promise<Answer> {
  const { posted } = visit;
  const read = readCloning(visit, posted);
  if (!read.ok) return readsBoth(visit, (db) => clonePageFor(visit, db, posted, read.errors));
  const { between, user } = await readsBoth(visit, (db) => findClone(visit, db));
  const expected = {
    receivers: expectedCount(posted, 'antal'),
    added: expectedCount(posted, 'nye'),
    withdrawn: expectedCount(posted, 'fjernes'),
  };
  const cloning = { ...read.cloning, mostAtOnce: visit.services.bulkInRequest };
  try {
    const { done, reference } = await changeInBatch(
      visit,
      between.to,
      (tx, actor, onRecord) =>
        cloneRoles(tx, actor, onRecord, between, cloning, expected, mailSettingOf(visit)).then(
          freshIfMany(visit, ({ added, withdrawn, orderId }) =>
            orderId === null ? added + withdrawn : Number.POSITIVE_INFINITY,
          ),
        ),
      [between.from.id],
    );
    return (
      (await toProgress(visit, between.to, done)) ??
      seeOtherWithLink(
        usersPath(between.from, `/${user.id}`),
        clonedText(user, between, done),
        done.added + done.withdrawn === 0 ? undefined : batchLink(between.to, reference),
      )
    );
  } catch (error) {
    if (error instanceof FormFaulty) return readsBoth(visit, (db) => clonePageFor(visit, db, posted, error.errors));
    if (!(error instanceof PreviewOutdated)) throw error;
    return readsBoth(visit, (db) => previewFor(visit, db, posted, true));
  }
}

async function findClone(visit: Visit, db: ReadDb): Promise<{ between: Between; user: User }> {
  return { user: await getSource(visit, db), between: await findBetween(visit, db) };
}

function clonedText(user: User, { to }: Between, { receivers, added, alreadyThere, withdrawn }: Cloned): string {
  const parts = [
    `${fullName(user)}s roller er klonet til ${counted(receivers, 'bruger', 'brugere')} i ${to.name}: ${counted(added, 'ny tildeling', 'nye tildelinger')}.`,
    alreadyThere === 0 ? '' : `${counted(alreadyThere, 'tildeling', 'tildelinger')} var der i forvejen.`,
    withdrawn === 0 ? '' : `${counted(withdrawn, 'tildeling', 'tildelinger')} er fjernet.`,
  ];
  return parts.filter(Boolean).join(' ');
}
