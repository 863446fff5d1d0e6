import { z } from 'zod';
import type { ReadDb } from '../db/access.ts';
import { ids, oneOf } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, readForm, readWithin } from '../pages/visit.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { mayEver } from '../permissions/scope.ts';
import { counted } from '../shared/text.ts';
import type { Chosen } from './failed-mails.changes.ts';
import { giveUpMails, resendMails } from './failed-mails.changes.ts';
import { failedMailsPage, failedMailsPath } from './failed-mails.pages.ts';
import { failedPerPage, listFailedMails, readWaiting } from './failed-mails.queries.ts';

// Mails of every organisation, and of none.
const acrossAll = (visit: Visit, work: (db: ReadDb) => Promise<Answer>): Promise<Answer> => {
  ensureEverywhere(visit.actor, visit.action);
  return readWithin(visit, 'all', work);
};

export const failedMailsRoutes: Route[] = [
  get(failedMailsPath, 'deadLetter.view', (visit, db) => pageOf(visit, db, null), acrossAll),
  post(failedMailsPath, 'deadLetter.manage', decide),
];

async function pageOf(visit: Visit, db: ReadDb, error: string | null): Promise<Page> {
  const before = /^\d{1,9}$/.test(typed(visit.query, 'foer')) ? Number(typed(visit.query, 'foer')) : null;
  const state = typed(visit.query, 'vis') === 'opgivet' ? 'GIVEN_UP' : 'FAILED';
  const [mails, waiting] = await Promise.all([listFailedMails(db, state, before), readWaiting(db)]);
  const mayManage = mayEver(visit.actor, 'deadLetter.manage', visit.actor.organisationId);
  return failedMailsPage({ mails, state, isFirst: before === null, waiting, mayManage, error });
}

const form = z.object({
  handling: oneOf(['send', 'sendAlle', 'opgiv', 'opgivAlle'], 'Vælg, om mailene skal sendes igen eller opgives'),
  mail: ids('Vælg mails på listen', failedPerPage),
});

async function decide(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, 'deadLetter.manage');
  const read = readForm(visit, form);
  const again = (error: string): Promise<Answer> => readWithin(visit, 'all', (db) => pageOf(visit, db, error));
  if (!read.ok) return again(Object.values(read.errors)[0] ?? 'Vælg mails på listen');
  const { handling, mail } = read.value;
  const chosen: Chosen = handling === 'sendAlle' || handling === 'opgivAlle' ? 'all' : mail;
  if (chosen.length === 0) return again('Vælg mindst én mail');
  const isResent = handling === 'send' || handling === 'sendAlle';
  const work = isResent ? resendMails : giveUpMails;
  const { mails } = await change(visit, null, (tx, actor) => work(tx, actor, chosen));
  if (mails === 0) return seeOther(failedMailsPath, 'Ingen mails er ændret: en anden har taget sig af dem.', 'warning');
  const told = counted(mails, 'mail', 'mails');
  return seeOther(failedMailsPath, isResent ? `${told} sendes igen nu.` : `${told} er opgivet.`);
}
