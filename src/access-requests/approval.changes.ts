import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { ActorOnRecord, Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { assignRoles } from '../role-assignments/assign.changes.ts';
import { faultOfUnit, findChosenUnits } from '../role-assignments/assign.queries.ts';
import type { AssignmentScope } from '../role-assignments/assignment.ts';
import { wantedRows } from '../role-assignments/grants.queries.ts';
import { faultsOfPeriod } from '../role-assignments/period.ts';
import { listRolesNow } from '../role-assignments/role-assignments.queries.ts';
import { findChosen } from '../role-assignments/selection.ts';
import { Conflict, FieldRefused } from '../shared/errors.ts';
import { createUser } from '../users/users.changes.ts';
import { readToday } from '../users/users.queries.ts';
import type { AccessRequest } from './access-request.ts';
import type { RequestMailing } from './access-requests.mail.ts';
import { decidedMail, givenText } from './access-requests.mail.ts';
import { getRequest } from './access-requests.queries.ts';
import type { Handling } from './handling.changes.ts';
import { openRequest, writeDecision } from './handling.changes.ts';

type Acting = { actor: Actor; onRecord: ActorOnRecord; organisation: AddressedOrganisation };

export type Approval = Handling & {
  /** The user to be created; null where the request is about one who is there. */
  newUser: { firstName: string; lastName: string; email: string } | null;
  roleIds: number[];
  sorCodes: string[];
  scope: AssignmentScope | undefined;
  start: string | null;
  stop: string | null;
  reason: string | null;
  caseNumber: string | null;
};

/**
 * Says yes with what is actually given: creates the user where there is none, gives the roles through the same function as
 * Tildel roller, answers and logs, all or nothing.
 */
export async function approveRequest(
  tx: Tx,
  { actor, onRecord, organisation }: Acting,
  approval: Approval,
  mailing: RequestMailing,
): Promise<Change<{ userId: number; given: number }>> {
  const { request, as } = await openRequest(tx, actor, organisation, approval);
  const decision = await judged(tx, organisation, request, approval);
  const { userId, events } = await userFor(tx, actor, organisation, request, approval);
  const chosen = await findChosen(tx, actor, organisation, { kind: 'users', userIds: [userId] });
  const [left] = chosen.leftOut;
  if (left !== undefined) throw new Conflict(`${left.name} kan ikke få roller nu. ${left.reason}`);
  if (approval.reason === null && chosen.likeOneself.some(({ id }) => id === actor.userId))
    throw new FieldRefused('begrundelse', 'Skriv en begrundelse. Det kræves, når du afgør din egen anmodning');
  const { roleIds, sorCodes, start, stop, caseNumber } = approval;
  const scope = approval.scope ?? 'UNIT_AND_SUBUNITS';
  const what = { roleIds, sorCodes, scope, start, stop };
  const reason = approval.reason ?? `Anmodning nr. ${request.id}`;
  const expected = { receivers: null, added: null };
  const mails =
    roleIds.length === 0
      ? []
      : (
          await assignRoles(
            tx,
            { actor, onRecord, organisation },
            { ...what, chosen, expected, reason, caseNumber },
            mailing,
          )
        ).mails;
  await tx.rows(sql`
    insert into access_request_grant (request_id, organisation_id, role_id, sor_code, scope, starts_on, ends_on)
    select ${request.id}::int, ${organisation.id}::int, w.role_id, w.sor_code, w.scope, w.starts_on::date, w.ends_on::date
    from (${wantedRows(organisation.id, { ...what, userIds: [userId] })}) w`);
  await writeDecision(tx, actor, request, { decision, reason: approval.reason, userId });
  const decided = await getRequest(tx, organisation.id, request.id);
  const detail = {
    requestId: request.id,
    decision,
    given: decided.given.map(givenText),
    notGiven: notGiven(request, approval),
    reason: approval.reason,
  };
  const kind = userId === actor.userId ? 'request.selfDecided' : 'request.decided';
  const target = { userId, name: fullName(decided) };
  return {
    outcome: { userId, given: decided.given.length },
    as,
    events: [...events, event(kind, { organisation, target }, detail)],
    mails: [...(mails ?? []), decidedMail(decided, fullName(actor), mailing)],
  };
}

function notGiven(request: AccessRequest, { roleIds }: Approval): string[] {
  return request.roles.filter(({ id }) => !roleIds.includes(id)).map(({ name }) => name);
}

/** Whether all that was asked for is given: part of it, or for a shorter time, needs a reason that the employee reads. */
async function judged(
  tx: Tx,
  organisation: AddressedOrganisation,
  request: AccessRequest,
  approval: Approval,
): Promise<'GRANTED' | 'PARTLY'> {
  const { roleIds, sorCodes, scope, start, stop, reason } = approval;
  if (request.subjects.length > 1)
    throw new Conflict(
      'Loginets UUID og RID-nummer hører til to forskellige brugere. Ret den ene i brugeroversigten, og godkend derefter.',
    );
  if (roleIds.length === 0 && request.subjects.length > 0)
    throw new FieldRefused('rolle', 'Vælg mindst én rolle, eller afvis anmodningen');
  const roles = await listRolesNow(tx, organisation.id, roleIds);
  if (roles.length !== roleIds.length || roles.some(({ isGivable }) => !isGivable))
    throw new FieldRefused('rolle', 'Organisationen kan ikke tildele en af rollerne. Fjern den, eller vælg en anden');
  if (roles.some(({ needsSor }) => needsSor)) await ensurePlacement(tx, organisation, sorCodes, scope);
  const today = await readToday(tx);
  const [fault] = Object.entries(faultsOfPeriod({ start, stop }, today));
  if (fault !== undefined) throw new FieldRefused(...fault);
  const isShorter =
    (stop !== null && (request.endsOn === null || stop < request.endsOn)) ||
    (start !== null && start > (request.startsOn ?? today) && start > today);
  const isPartly = notGiven(request, approval).length > 0 || isShorter;
  if (isPartly && reason === null)
    throw new FieldRefused('begrundelse', 'Skriv, hvorfor du kun godkender en del. Medarbejderen får begrundelsen');
  return isPartly ? 'PARTLY' : 'GRANTED';
}

async function ensurePlacement(
  tx: Tx,
  organisation: AddressedOrganisation,
  sorCodes: string[],
  scope: AssignmentScope | undefined,
): Promise<void> {
  if (sorCodes.length === 0) throw new FieldRefused('sor', 'Vælg en SOR-enhed. En af rollerne kræver det');
  const units = await findChosenUnits(tx, organisation, sorCodes);
  const fault = units.map(faultOfUnit).find((one) => one !== null);
  if (fault !== undefined) throw new FieldRefused('sor', fault);
  if (scope === undefined) throw new FieldRefused('omfang', 'Vælg, om rollen også gælder underenheder');
}

/** Who gets the roles: the user it is about, or one who is created with the login's numbers. */
async function userFor(
  tx: Tx,
  actor: Actor,
  organisation: AddressedOrganisation,
  request: AccessRequest,
  { newUser }: Approval,
): Promise<{ userId: number; events: readonly AuditEvent[] }> {
  const [subject] = request.subjects;
  if (subject !== undefined) return { userId: subject.id, events: [] };
  if (request.userId !== null) throw new Conflict('Brugeren er slettet. Afvis anmodningen, eller opret brugeren igen.');
  if (newUser === null) throw new FieldRefused('firstName', 'Skriv fornavn');
  ensureCan(actor, 'user.create', { organisationId: organisation.id });
  const nothing = { address: null, postcode: null, city: null, phone: null, remark: null };
  // With the UUID alone it stands for the RID, as for those whom an agreement names.
  const input = { ...newUser, rid: request.rid ?? request.uuid ?? '', ...nothing };
  const { outcome, events } = await createUser(tx, actor, organisation, input);
  if (request.uuid !== null)
    await tx.rows(sql`update app_user set uuid = ${request.uuid}::uuid where id = ${outcome.userId}::int`);
  return { userId: outcome.userId, events: typeof events === 'symbol' ? [] : events };
}
