import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { exampleMail } from '../mail/example-mail.ts';
import type { MailText } from '../mail/mail-template.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { TemplateName } from '../mail/templates.ts';
import { deliveredTexts, isTemplateName, templateOf, textOver } from '../mail/templates.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, readForm, readWithin } from '../pages/visit.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { mayEver } from '../permissions/scope.ts';
import { NotFound, StaleForm } from '../shared/errors.ts';
import { restoreMailText, saveMailText, tryMailText } from './mail-templates.changes.ts';
import { mailTextForm, restoreForm } from './mail-templates.forms.ts';
import { mailTextPage, mailTextPath, mailTextsPage, mailTextsPath, textVersionPage } from './mail-templates.pages.ts';
import { findTextVersion, listLatestTexts, listTextVersions } from './mail-templates.queries.ts';

const longTexts = { fields: 20, kilobytes: 100 };
// Who saved a version may be a user of any organisation: the system's own people read across them.
const acrossAll = (visit: Visit, work: (db: ReadDb) => Promise<Answer>): Promise<Answer> => {
  ensureEverywhere(visit.actor, visit.action);
  return readWithin(visit, 'all', work);
};

export const mailTemplatesRoutes: Route[] = [
  get(mailTextsPath, 'mailTemplate.view', showTexts, acrossAll),
  get(`${mailTextsPath}/:mail`, 'mailTemplate.view', showText, acrossAll),
  post(`${mailTextsPath}/:mail`, 'mailTemplate.manage', save, longTexts),
  post(`${mailTextsPath}/:mail/gendan`, 'mailTemplate.manage', restore),
  get(`${mailTextsPath}/:mail/html`, 'mailTemplate.view', showHtml, acrossAll),
  get(`${mailTextsPath}/:mail/versioner/:version`, 'mailTemplate.view', showVersion, acrossAll),
];

async function showTexts(visit: Visit, db: ReadDb): Promise<Answer> {
  return mailTextsPage(await listLatestTexts(db), { manage: mayManage(visit) });
}

async function showText(visit: Visit, db: ReadDb): Promise<Answer> {
  return pageOf(visit, db, { posted: visit.draft ?? null, errors: {} });
}

type Shown = { posted: Posted | null; errors: FieldErrors; preview?: MailText; isStale?: boolean; triedAt?: string };

async function pageOf(visit: Visit, db: ReadDb, shown: Shown): Promise<Page> {
  const { posted, errors, preview, isStale = false, triedAt = null } = shown;
  const name = mailIn(visit);
  const versions = await listTextVersions(db, name);
  const inForce = textOver(deliveredTexts(name), versions[0]?.value ?? null);
  const example = Object.keys(errors).length === 0 ? exampleOf(visit, name, preview ?? inForce) : null;
  return mailTextPage({
    name,
    versions,
    posted: posted ?? inForce,
    errors,
    mayManage: mayManage(visit),
    isPreview: preview !== undefined,
    isStale,
    triedAt,
    example,
  });
}

async function save(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, 'mailTemplate.manage');
  const name = mailIn(visit);
  const form = readForm(visit, mailTextForm(name));
  if (!form.ok) return again(visit, { errors: form.errors });
  const handling = typed(visit.posted, 'handling');
  if (handling === 'html') return { answer: 'mail', html: exampleOf(visit, name, form.value.text).html };
  if (handling === 'vis') return again(visit, { errors: {}, preview: form.value.text });
  if (handling === 'proev') return sendTry(visit, name, form.value.text);
  return carryOut(visit, 'Mailens tekst er gemt.', (tx, actor) => saveMailText(tx, actor, { name, ...form.value }));
}

/** What was typed stays on the page: a try saves nothing. */
async function sendTry(visit: Visit, name: TemplateName, text: MailText): Promise<Answer> {
  const example = exampleOf(visit, name, text);
  const { address } = await change(visit, null, (tx, actor) => tryMailText(tx, actor, { name, example }));
  return again(visit, { errors: {}, preview: text, triedAt: address });
}

async function restore(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, 'mailTemplate.manage');
  const name = mailIn(visit);
  const form = readForm(visit, restoreForm);
  if (!form.ok) return again(visit, { errors: form.errors });
  return carryOut(visit, 'Standardteksten er gendannet.', (tx, actor) =>
    restoreMailText(tx, actor, { name, version: form.value.version }),
  );
}

async function carryOut(
  visit: Visit,
  done: string,
  work: Parameters<typeof change<{ changed: boolean }>>[2],
): Promise<Answer> {
  try {
    const { changed } = await change(visit, null, work);
    visit.services.mailTexts.forget();
    return seeOther(mailTextPath(mailIn(visit)), changed ? done : 'Der var ingen ændringer at gemme.');
  } catch (error) {
    if (!(error instanceof StaleForm)) throw error;
    return again(visit, { errors: {}, isStale: true });
  }
}

function again(visit: Visit, shown: Omit<Shown, 'posted'>): Promise<Page> {
  const wasTyped = typed(visit.posted, 'subject') !== '';
  return readWithin(visit, 'all', (db) => pageOf(visit, db, { posted: wasTyped ? visit.posted : null, ...shown }));
}

async function showHtml(visit: Visit, db: ReadDb): Promise<Answer> {
  const name = mailIn(visit);
  const [latest] = await listTextVersions(db, name);
  return { answer: 'mail', html: exampleOf(visit, name, textOver(deliveredTexts(name), latest?.value ?? null)).html };
}

async function showVersion(visit: Visit, db: ReadDb): Promise<Answer> {
  const name = mailIn(visit);
  const version = /^\d{1,9}$/.test(visit.params.version ?? '') ? Number(visit.params.version) : 0;
  const saved = await findTextVersion(db, name, version);
  if (saved === null) throw new NotFound();
  return textVersionPage(name, textOver(templateOf(name).text, saved.value), saved);
}

function exampleOf({ services }: Visit, name: TemplateName, text: MailText): OutgoingMail {
  return exampleMail(services, name, text, services.origins);
}

function mailIn({ params }: Visit): TemplateName {
  const name = params.mail ?? '';
  if (!isTemplateName(name)) throw new NotFound();
  return name;
}

function mayManage({ actor }: Visit): boolean {
  return mayEver(actor, 'mailTemplate.manage', actor.organisationId);
}
