import { recordVisitorChange } from '../audit/record-visitor-change.ts';
import type { ReadDb } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { parseForm } from '../http/forms.ts';
import { digestOf } from '../http/keys.ts';
import type { OpenVisit } from '../pages/open-visit.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { openGet, openPost, secretPost } from '../pages/route.ts';
import { NotFound, TooMany } from '../shared/errors.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { listServiceChoices } from './status.queries.ts';
import { statusPath } from './status.pages.ts';
import { askToSubscribe, confirmSubscription, unsubscribe } from './subscriptions.changes.ts';
import type { Wish } from './subscriptions.forms.ts';
import { subscribeForm } from './subscriptions.forms.ts';
import {
  confirmPage,
  subscribePage,
  unknownLinkPage,
  unsubscribedPage,
  unsubscribePage,
} from './subscriptions.pages.ts';

export const subscriptionsRoutes: Route[] = [
  openGet(`${statusPath}/tilmeld`, 'status.view', (_visit, db) => formPage(db, { omfang: 'alt' }, {})),
  openPost(`${statusPath}/tilmeld`, 'status.view', subscribe),
  openGet(`${statusPath}/bekraeft/:token`, 'status.view', async (visit) => confirmPage(tokenIn(visit))),
  secretPost(`${statusPath}/bekraeft/:token`, 'status.view', confirm),
  openGet(`${statusPath}/afmeld/:token`, 'status.view', async (visit) => unsubscribePage(tokenIn(visit))),
  secretPost(`${statusPath}/afmeld/:token`, 'status.view', endSubscription),
];

async function formPage(db: ReadDb, posted: Posted, errors: FieldErrors): Promise<Page> {
  return subscribePage(await listServiceChoices(db), posted, errors);
}

async function subscribe(visit: OpenVisit): Promise<Answer> {
  const { services, network, portal } = visit;
  await services.limiter.count('subscription', network);
  const form = parseForm(subscribeForm, visit.posted);
  if (!form.ok) return readPage(services.database, [], (db) => formPage(db, visit.posted, form.errors));
  if (await mayBeAsked(visit, form.value)) {
    const mailing = { ...mailSettingOf(visit), origin: services.origins[portal] };
    await recordVisitorChange(services, (tx) => askToSubscribe(tx, form.value, mailing));
  }
  return seeOther(
    statusPath,
    `Vi har sendt en mail til ${form.value.email}. Åbn linket i den inden 48 timer, så er adressen tilmeldt.`,
    'info',
  );
}

// The answer is the same either way: whoever floods an address learns nothing, and it gets three mails a day at most.
async function mayBeAsked({ services }: OpenVisit, { email }: Wish): Promise<boolean> {
  try {
    await services.limiter.count('subscriptionAddress', digestOf(email.toLowerCase()));
    return true;
  } catch (error) {
    if (error instanceof TooMany) return false;
    throw error;
  }
}

async function confirm(visit: OpenVisit): Promise<Answer> {
  const outcome = await recordVisitorChange(visit.services, (tx) => confirmSubscription(tx, tokenIn(visit)));
  if (outcome === 'unknown') return unknownLinkPage();
  const done = { confirmed: 'Adressen er tilmeldt.', alreadyConfirmed: 'Adressen var allerede tilmeldt.' }[outcome];
  return seeOther(statusPath, `${done} Du kan afmelde dig igen i hver mail, du får.`);
}

// No redirect: mail programs that unsubscribe by themselves do not follow one.
async function endSubscription(visit: OpenVisit): Promise<Answer> {
  return unsubscribedPage(await recordVisitorChange(visit.services, (tx) => unsubscribe(tx, tokenIn(visit))));
}

function tokenIn({ params }: OpenVisit): string {
  const token = params.token ?? '';
  if (!/^[\w-]{43}$/.test(token)) throw new NotFound('Linket er ikke helt. Kopiér hele adressen fra mailen.');
  return token;
}
