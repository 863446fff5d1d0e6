import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { personalGet, personalPost } from '../pages/route.ts';
import type { PersonalVisit } from '../pages/visit.ts';
import { changeAsPerson, idInUrl, readAsPerson, readForm } from '../pages/visit.ts';
import { ownerOf } from '../permissions/actor.ts';
import { commentForm } from './access-requests.forms.ts';
import { getOwnRequest, listComments, listOwnRequests } from './access-requests.queries.ts';
import { mailingOf } from './ask.routes.ts';
import { ownRequestPage, ownRequestsPage, ownRequestsPath } from './own-requests.pages.ts';
import { commentOnOwn, withdrawRequest } from './sending.changes.ts';

export const ownRequestsRoutes: Route[] = [
  personalGet(ownRequestsPath, 'request.follow', showOwn),
  personalGet(`${ownRequestsPath}/:id`, 'request.follow', showOne),
  personalPost(`${ownRequestsPath}/:id/kommentar`, 'request.follow', comment),
  personalPost(`${ownRequestsPath}/:id/traek-tilbage`, 'request.withdraw', withdraw),
];

async function showOwn({ person, query }: PersonalVisit, db: ReadDb): Promise<Answer> {
  const before = /^\d{1,9}$/.exec(typed(query, 'foer'))?.[0] ?? null;
  const rows = await listOwnRequests(db, person, before === null ? null : Number(before));
  return ownRequestsPage(rows, before === null);
}

async function showOne(visit: PersonalVisit, db: ReadDb): Promise<Answer> {
  return pageOf(visit, db, {});
}

async function pageOf(visit: PersonalVisit, db: ReadDb, errors: FieldErrors): Promise<Page> {
  const request = await getOwnRequest(db, visit.person, idInUrl(visit));
  const comments = await listComments(db, request.id);
  return ownRequestPage({ request, comments, posted: visit.draft ?? visit.posted, errors });
}

async function comment(visit: PersonalVisit): Promise<Answer> {
  const requestId = idInUrl(visit);
  const form = readForm(visit, commentForm);
  if (!form.ok) return readAsPerson(visit, (db) => pageOf(visit, db, form.errors));
  await visit.services.limiter.count('requestComment', ownerOf(visit.person));
  await changeAsPerson(visit, (tx, person) =>
    commentOnOwn(tx, person, { requestId, body: form.value.kommentar }, mailingOf(visit)),
  );
  return seeOther(`${ownRequestsPath}/${requestId}`, 'Din kommentar er sendt.');
}

async function withdraw(visit: PersonalVisit): Promise<Answer> {
  const requestId = idInUrl(visit);
  const { withdrawn } = await changeAsPerson(visit, (tx, person) =>
    withdrawRequest(tx, person, requestId, mailingOf(visit)),
  );
  return seeOther(
    `${ownRequestsPath}/${requestId}`,
    withdrawn ? 'Anmodningen er trukket tilbage.' : 'Anmodningen var allerede afgjort eller trukket tilbage.',
    withdrawn ? 'success' : 'info',
  );
}
