import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm, readReach } from '../pages/visit.ts';
import { organisationRolesPath } from '../organisation-roles/organisation-roles.pages.ts';
import { Conflict, FieldRefused } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import {
  decidePage,
  ownRequestPage,
  ownRequestsPage,
  systemRequestsPage,
  systemRequestsPath,
} from './requests.pages.ts';
import { decideRequest, registerAccess, requestAccess, withdrawRequest } from './service-access.changes.ts';
import { decideForm, registerForm, requestForm, requestInputOf } from './service-access.forms.ts';
import { asContact, askPage, typedServiceId } from './service-access.pages.ts';
import { getRequest, listAskableRoles, listAskableServices, listRequests } from './service-access.queries.ts';
import type { RequestState } from './service-access.ts';
import { requestStates } from './service-access.ts';

type Kind = Parameters<typeof askPage>[0]['kind'];

export const serviceAccessRoutes: Route[] = [
  get('/organisationer/:cvr/rettigheder/anmod', 'serviceAccess.request', (visit, db) => showAsk(visit, db, 'request')),
  post('/organisationer/:cvr/rettigheder/anmod', 'serviceAccess.request', ask),
  get('/organisationer/:cvr/rettigheder/registrer-anmodning', 'serviceAccess.decide', (visit, db) =>
    showAsk(visit, db, 'register'),
  ),
  post('/organisationer/:cvr/rettigheder/registrer-anmodning', 'serviceAccess.decide', register),
  get('/organisationer/:cvr/rettigheder/anmodninger', 'serviceAccess.request', showOwn),
  get('/organisationer/:cvr/rettigheder/anmodninger/:id', 'serviceAccess.request', showOwnRequest),
  post('/organisationer/:cvr/rettigheder/anmodninger/:id/fortryd', 'serviceAccess.request', withdraw),
  get('/system/anmodninger', 'serviceAccess.decide', showAll, readReach),
  get('/system/anmodninger/:id', 'serviceAccess.decide', showRequest, readReach),
  post('/system/anmodninger/:id', 'serviceAccess.decide', decide),
];

async function showAsk(visit: Visit, db: ReadDb, kind: Kind): Promise<Answer> {
  const contact = kind === 'request' ? asContact(visit.actor) : {};
  return askPageFor(visit, db, kind, visit.draft ?? { ...contact, ...visit.query }, {});
}

async function askPageFor(visit: Visit, db: ReadDb, kind: Kind, posted: Posted, errors: FieldErrors): Promise<Answer> {
  const organisation = organisationOf(visit);
  const serviceId = typedServiceId(posted);
  const services = await listAskableServices(db, organisation.id);
  const roles = serviceId === null ? [] : await listAskableRoles(db, organisation.id, serviceId);
  return askPage({ organisation, kind, services, serviceId, roles, posted, errors });
}

async function ask(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, requestForm);
  if (!form.ok) return askAgain(visit, 'request', form.errors);
  const input = { ...requestInputOf(form.value), asked: null };
  return orAskAgain(visit, 'request', async () => {
    const { requestId } = await change(visit, organisation, (tx, actor) =>
      requestAccess(tx, actor, organisation, input, mailSettingOf(visit)),
    );
    return seeOther(
      organisationRolesPath(organisation, `/anmodninger/${requestId}`),
      `Anmodning nr. ${requestId} er sendt til systemejeren. Du får svar med mail.`,
    );
  });
}

async function register(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, registerForm);
  if (!form.ok) return askAgain(visit, 'register', form.errors);
  const { anmodetaf: by, modtaget: on } = form.value;
  const input = { ...requestInputOf(form.value), asked: { by, on } };
  return orAskAgain(visit, 'register', async () => {
    const { requestId } = await change(visit, organisation, (tx, actor) =>
      registerAccess(tx, actor, organisation, input, mailSettingOf(visit)),
    );
    return seeOther(systemRequestsPath(`/${requestId}`), `Anmodning nr. ${requestId} er registreret. Afgør den her.`);
  });
}

function askAgain(visit: Visit, kind: Kind, errors: FieldErrors): Promise<Answer> {
  return read(visit, (db) => askPageFor(visit, db, kind, visit.posted, errors));
}

async function orAskAgain(visit: Visit, kind: Kind, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FieldRefused) return askAgain(visit, kind, { [error.field]: error.message });
    throw error;
  }
}

type Wanted = { wanted: RequestState | null; before: number | null };

function wantedOf({ query }: Visit, unlessTold: RequestState | null): Wanted {
  const status = typed(query, 'status');
  const wanted = status === '' ? unlessTold : (requestStates.find((one) => one === status) ?? null);
  const before = typed(query, 'foer');
  return { wanted, before: /^\d{1,9}$/.test(before) ? Number(before) : null };
}

async function showOwn(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const { wanted, before } = wantedOf(visit, null);
  const rows = await listRequests(db, { organisationId: organisation.id, wanted, before });
  return ownRequestsPage(organisation, { rows, wanted, isFirstPage: before === null });
}

async function showAll(visit: Visit, db: ReadDb): Promise<Answer> {
  const { wanted, before } = wantedOf(visit, 'open');
  const rows = await listRequests(db, { organisationId: null, wanted, before });
  return systemRequestsPage({ rows, wanted, isFirstPage: before === null });
}

async function showOwnRequest(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  return ownRequestPage(organisation, await getRequest(db, idInUrl(visit), organisation.id));
}

async function withdraw(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const requestId = idInUrl(visit);
  const { withdrawn } = await change(visit, organisation, (tx, actor) =>
    withdrawRequest(tx, actor, organisation, requestId, mailSettingOf(visit)),
  );
  return seeOther(
    organisationRolesPath(organisation, `/anmodninger/${requestId}`),
    withdrawn ? 'Anmodningen er trukket tilbage.' : 'Anmodningen var allerede afgjort eller trukket tilbage.',
    withdrawn ? 'success' : 'info',
  );
}

async function showRequest(visit: Visit, db: ReadDb): Promise<Answer> {
  return decidePage({ request: await getRequest(db, idInUrl(visit), null), posted: visit.draft ?? {}, errors: {} });
}

async function decide(visit: Visit): Promise<Answer> {
  const find = () => readReach(visit, (db) => getRequest(db, idInUrl(visit), null));
  const request = await find();
  const { organisation } = request;
  const again = (errors: FieldErrors): Answer => decidePage({ request, posted: visit.posted, errors });
  const form = readForm(visit, decideForm);
  if (!form.ok) return again(form.errors);
  const deciding = { requestId: request.id, grantedIds: form.value.rolle, reason: form.value.begrundelse };
  try {
    const done = await change(visit, organisation, (tx, actor) =>
      decideRequest(tx, actor, organisation, deciding, mailSettingOf(visit)),
    );
    return seeOther(
      systemRequestsPath(`/${request.id}`),
      `${counted(done.granted, 'rolle', 'roller')} er godkendt og ${done.rejected} afvist. Organisationen får en mail.`,
    );
  } catch (error) {
    if (error instanceof FieldRefused) return again({ [error.field]: error.message });
    if (!(error instanceof Conflict)) throw error;
    const now = await find();
    if (now.state === 'open') throw error;
    return decidePage({ request: now, posted: {}, errors: {}, isOver: true });
  }
}
