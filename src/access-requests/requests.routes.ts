import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm, readReach } from '../pages/visit.ts';
import { ownerOf } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { listAssignments } from '../role-assignments/role-assignments.queries.ts';
import { Conflict, FieldRefused } from '../shared/errors.ts';
import { commentForm, handOverForm, handleForm, rejectForm } from './access-requests.forms.ts';
import type { ListFilter } from './access-requests.queries.ts';
import {
  getRequest,
  listComments,
  listDeciders,
  listFilters,
  listRequests,
  listWithoutDecider,
} from './access-requests.queries.ts';
import { mailingOf } from './ask.routes.ts';
import { commentOnRequest, handOverRequest, rejectRequest, takeRequest } from './handling.changes.ts';
import { requestPage, requestsPage, requestsPath, withoutDeciderPage, withoutDeciderPath } from './requests.pages.ts';

const one = '/organisationer/:cvr/anmodninger/:id';

export const requestsRoutes: Route[] = [
  get('/organisationer/:cvr/anmodninger', 'request.view', showRequests),
  get(one, 'request.view', showRequest),
  post(`${one}/tag`, 'request.decide', take),
  post(`${one}/giv-videre`, 'request.decide', handOver),
  post(`${one}/kommentar`, 'request.decide', comment),
  post(`${one}/afvis`, 'request.decide', reject),
  get(withoutDeciderPath, 'request.view', showWithoutDecider, readReach),
];

async function showRequests(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const wanted = typed(visit.query, 'vis');
  const filter: ListFilter = listFilters.find((one) => one === wanted) ?? 'ventende';
  const beyond = pageStart(visit);
  const listing = { organisationId: organisation.id, filter, userId: visit.actor.userId, beyond };
  return requestsPage(organisation, { rows: await listRequests(db, listing), filter, isFirstPage: beyond === null });
}

function pageStart({ query }: Visit): number | null {
  const id = /^\d{1,9}$/.exec(typed(query, 'efter'))?.[0];
  return id === undefined ? null : Number(id);
}

async function showWithoutDecider(visit: Visit, db: ReadDb): Promise<Answer> {
  ensureEverywhere(visit.actor, 'request.view');
  const after = pageStart(visit);
  return withoutDeciderPage(await listWithoutDecider(db, after ?? 0), after === null);
}

async function showRequest(visit: Visit, db: ReadDb): Promise<Answer> {
  return pageOf(visit, db, {});
}

async function pageOf(visit: Visit, db: ReadDb, errors: FieldErrors, notice: string | null = null): Promise<Page> {
  const organisation = organisationOf(visit);
  const request = await getRequest(db, organisation.id, idInUrl(visit));
  const [subject] = request.subjects;
  return requestPage({
    organisation,
    actor: visit.actor,
    request,
    comments: await listComments(db, request.id),
    deciders: await listDeciders(db, organisation.id, subject?.id ?? null),
    accesses: subject === undefined ? [] : await listAssignments(db, organisation.id, subject.id),
    posted: visit.draft ?? visit.posted,
    errors,
    notice,
  });
}

/** The page again, with what is wrong, or with what somebody else did meanwhile. */
export async function orAgain(
  work: () => Promise<Answer>,
  again: (errors: FieldErrors, notice?: string | null) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FieldRefused) return again({ [error.field]: error.message });
    if (error instanceof Conflict) return again({}, error.message);
    throw error;
  }
}

const againOf =
  (visit: Visit) =>
  (errors: FieldErrors, notice: string | null = null): Promise<Answer> =>
    read(visit, (db) => pageOf(visit, db, errors, notice));

const pathOf = (visit: Visit): string => requestsPath(organisationOf(visit), `/${idInUrl(visit)}`);

async function take(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, handleForm);
  const again = againOf(visit);
  if (!form.ok) return again(form.errors);
  const handling = { requestId: idInUrl(visit), version: form.value.version };
  return orAgain(async () => {
    const { taken } = await change(visit, organisation, (tx, actor) => takeRequest(tx, actor, organisation, handling));
    return seeOther(pathOf(visit), taken ? 'Du har taget anmodningen.' : 'Du havde den allerede.');
  }, again);
}

async function handOver(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, handOverForm);
  const again = againOf(visit);
  if (!form.ok) return again(form.errors);
  const handling = { requestId: idInUrl(visit), version: form.value.version, to: form.value.til };
  return orAgain(async () => {
    const { name } = await change(visit, organisation, (tx, actor) =>
      handOverRequest(tx, actor, organisation, handling, mailingOf(visit)),
    );
    return seeOther(pathOf(visit), `${name} har fået anmodningen og en mail om den.`);
  }, again);
}

async function comment(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, commentForm);
  const again = againOf(visit);
  if (!form.ok) return again(form.errors);
  await visit.services.limiter.count('requestComment', ownerOf(visit.actor));
  const writing = { requestId: idInUrl(visit), body: form.value.kommentar };
  return orAgain(async () => {
    await change(visit, organisation, (tx, actor) =>
      commentOnRequest(tx, actor, organisation, writing, mailingOf(visit)),
    );
    return seeOther(pathOf(visit), 'Kommentaren er sendt til medarbejderen.');
  }, again);
}

async function reject(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, rejectForm);
  const again = againOf(visit);
  if (!form.ok) return again(form.errors);
  const { version, begrundelse: reason } = form.value;
  const rejecting = { requestId: idInUrl(visit), version, reason };
  return orAgain(async () => {
    await change(visit, organisation, (tx, actor) =>
      rejectRequest(tx, actor, organisation, rejecting, mailingOf(visit)),
    );
    return seeOther(pathOf(visit), 'Anmodningen er afvist. Medarbejderen får en mail.');
  }, again);
}
