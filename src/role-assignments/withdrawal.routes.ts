import { z } from 'zod';
import { toProgress } from '../bulk-orders/bulk-orders.routes.ts';
import { batchLink } from '../batches/batch-link.ts';
import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { listOf, parseForm, typed, wholeNumber } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther, seeOtherWithLink } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import { freshIfMany } from '../pages/step-up.ts';
import type { Visit } from '../pages/visit.ts';
import { changeInBatch, organisationOf, read } from '../pages/visit.ts';
import { serviceLimit } from '../permissions/service-limit.ts';
import { counted } from '../shared/text.ts';
import { usersPath } from '../users/users.pages.ts';
import { expectedCount, PreviewOutdated } from './preview.ts';
import type { Selection } from './selection.ts';
import { findChosen, readSelection } from './selection.ts';
import { withdrawFromChosen } from './withdrawal.changes.ts';
import { withdrawalPage, withdrawalPreviewPage } from './withdrawal.pages.ts';
import { listRolesHeld, listServicesHeld, previewWithdrawal } from './withdrawal.queries.ts';

const manyFields = { fields: 1500, kilobytes: 200 };

export const withdrawalRoutes: Route[] = [
  get('/organisationer/:cvr/fjern-roller', 'role.withdraw', showWithdrawal),
  get('/organisationer/:cvr/fjern-roller/gennemse', 'role.withdraw', showPreview),
  post('/organisationer/:cvr/fjern-roller', 'role.withdraw', withdraw, manyFields),
];

const withdrawalForm = z.object({
  fraservice: wholeNumber('Vælg en service'),
  rolle: listOf(z.array(z.string().regex(/^\d{1,9}_\d{1,18}$/, 'Vælg roller på listen')))
    .transform((keys) => [...new Set(keys)])
    .pipe(
      z.array(z.string()).min(1, 'Vælg mindst én rolle, der skal fjernes').max(500, 'Vælg højst 500 roller ad gangen'),
    ),
});

async function showWithdrawal(visit: Visit, db: ReadDb): Promise<Answer> {
  const selection = readSelection(visit.query);
  if (isNobody(selection)) return chooseFirst(visit);
  return chooserFor(visit, db, selection, { ...visit.query, ...visit.draft }, {});
}

function isNobody(selection: Selection): boolean {
  return selection.kind === 'users' && selection.userIds.length === 0;
}

function chooseFirst(visit: Visit): Answer {
  return seeOther(usersPath(organisationOf(visit)), 'Vælg først en eller flere brugere på listen.', 'info');
}

/** Before a service is chosen no roles are shown: their fault would point at nothing. */
function faultsShown({ rolle, ...errors }: FieldErrors): FieldErrors {
  return rolle === undefined || errors.fraservice !== undefined ? errors : { ...errors, rolle };
}

async function chooserFor(
  visit: Visit,
  db: ReadDb,
  selection: Selection,
  posted: Posted,
  errors: FieldErrors,
): Promise<Page> {
  const organisation = organisationOf(visit);
  const chosen = await findChosen(db, visit.actor, organisation, selection, 'role.withdraw');
  const userIds = chosen.receivers.map((user) => user.id);
  const services = await listServicesHeld(db, organisation.id, userIds, serviceLimit(visit.actor, organisation.id));
  const service = services.find((one) => String(one.id) === typed(posted, 'fraservice')) ?? null;
  const roles = service === null ? [] : await listRolesHeld(db, organisation.id, userIds, service.id);
  return withdrawalPage({ organisation, selection, chosen, services, service, roles, posted, errors });
}

async function showPreview(visit: Visit, db: ReadDb): Promise<Answer> {
  const selection = readSelection(visit.query);
  return isNobody(selection) ? chooseFirst(visit) : previewFor(visit, db, selection, visit.query, false);
}

async function previewFor(
  visit: Visit,
  db: ReadDb,
  selection: Selection,
  posted: Posted,
  isOutdated: boolean,
): Promise<Page> {
  const form = parseForm(withdrawalForm, posted);
  if (!form.ok) return chooserFor(visit, db, selection, posted, faultsShown(form.errors));
  const organisation = organisationOf(visit);
  const chosen = await findChosen(db, visit.actor, organisation, selection, 'role.withdraw');
  const userIds = chosen.receivers.map((user) => user.id);
  const services = await listServicesHeld(db, organisation.id, userIds, serviceLimit(visit.actor, organisation.id));
  const service = services.find((one) => one.id === form.value.fraservice);
  const held = service === undefined ? [] : await listRolesHeld(db, organisation.id, userIds, service.id);
  const roles = held.filter((role) => form.value.rolle.includes(role.key));
  if (service === undefined || roles.length === 0)
    return chooserFor(visit, db, selection, posted, {
      rolle: 'Ingen af de valgte brugere har rollerne længere. Vælg på listen igen',
    });
  const keys = roles.map((role) => role.key);
  const preview = await previewWithdrawal(db, organisation.id, userIds, keys);
  const mostAtOnce = visit.services.bulkInRequest;
  return withdrawalPreviewPage({
    organisation,
    selection,
    chosen,
    service,
    roles,
    preview,
    posted,
    isOutdated,
    mostAtOnce,
  });
}

async function withdraw(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const selection = readSelection(visit.query);
  const form = parseForm(withdrawalForm, visit.posted);
  if (!form.ok) return read(visit, (db) => chooserFor(visit, db, selection, visit.posted, faultsShown(form.errors)));
  const withdrawing = {
    selection,
    keys: form.value.rolle,
    expected: expectedCount(visit.posted, 'antal'),
    mostAtOnce: visit.services.bulkInRequest,
  };
  try {
    const { done, reference } = await changeInBatch(visit, organisation, (tx, actor, onRecord) =>
      withdrawFromChosen(tx, actor, onRecord, organisation, withdrawing).then(
        freshIfMany(visit, ({ withdrawn, orderId }) => (orderId === null ? withdrawn : Number.POSITIVE_INFINITY)),
      ),
    );
    const { withdrawn, users } = done;
    const text = `${counted(withdrawn, 'tildeling er fjernet', 'tildelinger er fjernet')} fra ${counted(users, 'bruger', 'brugere')}.`;
    const link = withdrawn === 0 ? undefined : batchLink(organisation, reference);
    return (await toProgress(visit, organisation, done)) ?? seeOtherWithLink(usersPath(organisation), text, link);
  } catch (error) {
    if (!(error instanceof PreviewOutdated)) throw error;
    return read(visit, (db) => previewFor(visit, db, selection, visit.posted, true));
  }
}
