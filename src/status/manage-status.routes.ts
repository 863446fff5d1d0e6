import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, read, readForm } from '../pages/visit.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { NotFound, StaleForm } from '../shared/errors.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import {
  asTyped,
  createMessagePage,
  editMessagePage,
  manageStatusPage,
  manageStatusPath,
} from './manage-status.pages.ts';
import { endMessage, publishMessage, updateMessage } from './status.changes.ts';
import { endForm, publishForm, updateForm } from './status.forms.ts';
import { findMessage, listOldMessages, listOpenMessages, listServiceChoices } from './status.queries.ts';
import { placeIn } from './status.routes.ts';
import { countSubscribers } from './subscriptions.queries.ts';

const manyServices = { fields: 700, kilobytes: 100 };

/** Drift for the system owner, in sebadmin. */
export const manageStatusRoutes: Route[] = [
  get(manageStatusPath, 'statusMessage.manage', showList),
  get(`${manageStatusPath}/opret`, 'statusMessage.manage', showCreate),
  post(`${manageStatusPath}/opret`, 'statusMessage.manage', publish, manyServices),
  get(`${manageStatusPath}/:message`, 'statusMessage.manage', showMessage),
  post(`${manageStatusPath}/:message`, 'statusMessage.manage', update, manyServices),
  post(`${manageStatusPath}/:message/afslut`, 'statusMessage.manage', end),
];

async function showList(visit: Visit, db: ReadDb): Promise<Answer> {
  ensureEverywhere(visit.actor, 'statusMessage.manage');
  const before = placeIn(typed(visit.query, 'fra'));
  const open = before === null ? await listOpenMessages(db) : [];
  const old = await listOldMessages(db, before);
  return manageStatusPage({ open, old, isFirstPage: before === null, subscribers: await countSubscribers(db) });
}

async function showCreate(visit: Visit, db: ReadDb): Promise<Answer> {
  const usual = { type: 'MESSAGE', omfang: 'alt' };
  return createMessagePage({ services: await listServiceChoices(db), posted: visit.draft ?? usual, errors: {} });
}

async function publish(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, 'statusMessage.manage');
  const form = readForm(visit, publishForm);
  if (!form.ok) {
    const { posted } = visit;
    return read(visit, async (db) =>
      createMessagePage({ services: await listServiceChoices(db), posted, errors: form.errors }),
    );
  }
  const { messageId } = await change(visit, null, (tx, actor) =>
    publishMessage(tx, actor, form.value, mailSettingOf(visit)),
  );
  return done(
    visit,
    messageId,
    `${form.value.kind === 'WINDOW' ? 'Servicevinduet' : 'Driftsmeddelelsen'} er offentliggjort.`,
  );
}

async function showMessage(visit: Visit, db: ReadDb): Promise<Answer> {
  return pageOf(visit, db, visit.draft, {});
}

async function pageOf(
  visit: Visit,
  db: ReadDb,
  posted: Posted | null,
  errors: FieldErrors,
  isStale = false,
): Promise<Page> {
  const message = await findMessage(db, idInUrl(visit, 'message'));
  if (message === null) throw new NotFound();
  const services = await listServiceChoices(db);
  // The form that ends a message posts nothing of the other form on its page.
  const shown = { ...asTyped(message), ...posted };
  return editMessagePage(message, { services, posted: shown, errors, isStale });
}

async function update(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, 'statusMessage.manage');
  const form = readForm(visit, updateForm);
  if (!form.ok) return read(visit, (db) => pageOf(visit, db, { service: [], ...visit.posted }, form.errors));
  return orStale(visit, async () => {
    const edit = { id: idInUrl(visit, 'message'), ...form.value };
    const { messageId } = await change(visit, null, (tx, actor) =>
      updateMessage(tx, actor, edit, mailSettingOf(visit)),
    );
    return done(visit, messageId, 'Opdateringen er offentliggjort.');
  });
}

async function end(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, 'statusMessage.manage');
  const form = readForm(visit, endForm);
  if (!form.ok) return read(visit, (db) => pageOf(visit, db, visit.posted, form.errors));
  return orStale(visit, async () => {
    const { sluttekst: body, version } = form.value;
    const { messageId, isCancelled } = await change(visit, null, (tx, actor) =>
      endMessage(tx, actor, { id: idInUrl(visit, 'message'), version, body }, mailSettingOf(visit)),
    );
    return done(visit, messageId, isCancelled ? 'Det planlagte er aflyst.' : 'Driftsmeddelelsen er afsluttet.');
  });
}

function done({ services }: Visit, messageId: number, text: string): Answer {
  services.status.forget();
  return seeOther(`${manageStatusPath}/${messageId}`, text);
}

async function orStale(visit: Visit, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StaleForm)) throw error;
    return read(visit, (db) => pageOf(visit, db, visit.posted, {}, true));
  }
}
