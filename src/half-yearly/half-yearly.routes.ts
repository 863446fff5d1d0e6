import { z } from 'zod';
import type { ReadDb } from '../db/access.ts';
import { typed, wholeNumber } from '../http/forms.ts';
import { mailTextPath } from '../mail-templates/mail-templates.pages.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, readForm, readWithin } from '../pages/visit.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { mayEver } from '../permissions/scope.ts';
import { BadRequest, NotFound } from '../shared/errors.ts';
import { settingPath } from '../system-settings/system-settings.pages.ts';
import { halfYearlyPath, runPage, runsPage, sendPage, sendPath } from './half-yearly.pages.ts';
import { countReach, listRecipients, listRuns, recipientStates } from './half-yearly.queries.ts';
import { nextDay, planOf } from './plan.ts';
import { beginByHand } from './run.changes.ts';

// Administrators of every organisation get it.
const acrossAll = (visit: Visit, work: (db: ReadDb) => Promise<Answer>): Promise<Answer> => {
  ensureEverywhere(visit.actor, visit.action);
  return readWithin(visit, 'all', work);
};

export const halfYearlyRoutes: Route[] = [
  get(halfYearlyPath, 'halfYearlyRun.view', showRuns, acrossAll),
  get(sendPath, 'halfYearlyRun.manage', showSend, acrossAll),
  post(sendPath, 'halfYearlyRun.manage', send),
  get(`${halfYearlyPath}/:id`, 'halfYearlyRun.view', showRun, acrossAll),
];

async function showRuns(visit: Visit, db: ReadDb): Promise<Answer> {
  const before = numberIn(visit, 'foer');
  return runsPage({
    runs: await listRuns(db, { before }),
    isFirst: before === null,
    next: nextDay(planIn(visit), new Date()),
    mayManage: mayEver(visit.actor, 'halfYearlyRun.manage', visit.actor.organisationId),
    paths: { setting: settingPath('halfYearly'), text: mailTextPath('halfYearly.reminder') },
  });
}

async function showRun(visit: Visit, db: ReadDb): Promise<Answer> {
  const id = idInUrl(visit);
  const state = recipientStates.find((one) => one === typed(visit.query, 'status')) ?? null;
  const after = numberIn(visit, 'efter');
  const [[run], recipients] = await Promise.all([listRuns(db, { only: id }), listRecipients(db, id, state, after)]);
  if (run === undefined) throw new NotFound('Udsendelsen findes ikke. Se listen over udsendelser.');
  return runPage({ run, recipients, state, isFirst: after === null });
}

async function showSend(_visit: Visit, db: ReadDb): Promise<Answer> {
  const [reach, [last]] = await Promise.all([countReach(db), listRuns(db, {})]);
  return sendPage(reach, last ?? null, mailTextPath('halfYearly.reminder'));
}

const sendForm = z.object({ modtagere: wholeNumber('Åbn siden igen, og send derfra') });

async function send(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, 'halfYearlyRun.manage');
  const form = readForm(visit, sendForm);
  if (!form.ok) throw new BadRequest('Åbn siden igen, se hvor mange der får mailen, og send den derfra.', 422);
  const begin = { dormantDays: planIn(visit).dormantDays, expected: form.value.modtagere };
  const { runId } = await change(visit, null, (tx, actor) => beginByHand(tx, actor, begin));
  return seeOther(
    `${halfYearlyPath}/${runId}`,
    'Udsendelsen er sat i gang. De første mails skrives inden for et minut.',
  );
}

function planIn({ services }: Visit) {
  const settings = services.settings.current();
  return planOf(settings.halfYearly, settings.savedAt.halfYearly);
}

function numberIn({ query }: Visit, name: string): number | null {
  const given = typed(query, name);
  return /^\d{1,9}$/.test(given) ? Number(given) : null;
}
