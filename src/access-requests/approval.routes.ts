import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import { freshIfMany } from '../pages/step-up.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm } from '../pages/visit.ts';
import { ensureCan } from '../permissions/can.ts';
import { serviceLimit } from '../permissions/service-limit.ts';
import { faultsOfTyped, findChosenUnits, withSubunits } from '../role-assignments/assign.queries.ts';
import { codesIn } from '../role-assignments/placements.ts';
import { listGivableRoles } from '../role-assignments/role-assignments.queries.ts';
import { counted } from '../shared/text.ts';
import { usersPath } from '../users/users.pages.ts';
import { listServices } from '../users/users.queries.ts';
import { isWaiting } from './access-request.ts';
import { approveForm } from './access-requests.forms.ts';
import { getRequest, listRolesAsked } from './access-requests.queries.ts';
import { approveRequest } from './approval.changes.ts';
import { approvePage, asAsked } from './approval.pages.ts';
import { mailingOf } from './ask.routes.ts';
import { targetFor } from './handling.changes.ts';
import { requestsPath } from './requests.pages.ts';
import { orAgain } from './requests.routes.ts';

const path = '/organisationer/:cvr/anmodninger/:id/godkend';

export const approvalRoutes: Route[] = [
  get(path, 'request.decide', showApprove),
  post(path, 'request.decide', approve),
];

async function showApprove(visit: Visit, db: ReadDb): Promise<Answer> {
  const organisation = organisationOf(visit);
  const request = await getRequest(db, organisation.id, idInUrl(visit));
  ensureCan(visit.actor, 'request.decide', targetFor(request));
  if (!isWaiting(request)) return seeOther(requestsPath(organisation, `/${request.id}`));
  const isComing = Object.keys(visit.query).length > 0;
  return pageOf(visit, db, visit.draft ?? (isComing ? visit.query : asAsked(request)), {});
}

async function pageOf(
  visit: Visit,
  db: ReadDb,
  posted: Posted,
  errors: FieldErrors,
  notice: string | null = null,
): Promise<Page> {
  const organisation = organisationOf(visit);
  const { actor } = visit;
  const request = await getRequest(db, organisation.id, idInUrl(visit));
  const services = await listServices(db, organisation.id, serviceLimit(actor, organisation.id));
  const service = services.find(({ id }) => String(id) === typed(posted, 'tildelservice')) ?? null;
  const ticked = typedList(posted, 'rolle').filter((id) => /^\d{1,9}$/.test(id));
  const roleIds = [...new Set([...request.roles.map(({ id }) => id), ...ticked.map(Number)])].slice(0, 100);
  const removed = typed(posted, 'fjern');
  const codes = codesIn([...codesIn(posted.sor), ...codesIn(posted.sornyt)]).filter((code) => code !== removed);
  const roles = await listRolesAsked(db, organisation.id, roleIds);
  const further = service === null ? [] : await listGivableRoles(db, actor, organisation.id, service.id, []);
  const units = await withSubunits(db, organisation, await findChosenUnits(db, organisation, codes));
  const isAsked = [...roles, ...further].some(({ needsSor }) => needsSor);
  return approvePage({
    organisation,
    actor,
    request,
    roles,
    services,
    service,
    further,
    units,
    posted,
    errors: { ...faultsOfTyped(units, isAsked), ...errors },
    notice,
  });
}

async function approve(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const posted = { ...visit.posted, sor: codesIn([...codesIn(visit.posted.sor), ...codesIn(visit.posted.sornyt)]) };
  const again = (errors: FieldErrors, notice: string | null = null): Promise<Answer> =>
    read(visit, (db) => pageOf(visit, db, posted, errors, notice));
  const form = readForm({ ...visit, posted }, approveForm);
  if (!form.ok) return again(form.errors);
  const { version, firstName, lastName, email, rolle, sor, omfang, startdato, slutdato } = form.value;
  const newUser =
    firstName === null || lastName === null || email === undefined ? null : { firstName, lastName, email };
  const approval = {
    requestId: idInUrl(visit),
    version,
    newUser,
    roleIds: rolle,
    sorCodes: sor,
    scope: omfang,
    start: startdato,
    stop: slutdato,
    reason: form.value.begrundelse,
    caseNumber: form.value.sagsnummer,
  };
  return orAgain(async () => {
    const done = await change(visit, organisation, (tx, actor, onRecord) =>
      approveRequest(tx, { actor, onRecord, organisation }, approval, mailingOf(visit)).then(
        freshIfMany(visit, ({ given }) => given),
      ),
    );
    return seeOther(
      usersPath(organisation, `/${done.userId}`),
      `Anmodning nr. ${approval.requestId} er godkendt med ${counted(done.given, 'rolle', 'roller')}. Medarbejderen får en mail.`,
    );
  }, again);
}
