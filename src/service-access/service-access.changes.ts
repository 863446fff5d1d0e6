import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { grantedEvents, writeGrants } from '../organisation-roles/rights.changes.ts';
import type { LoggedRole } from '../organisation-roles/rights.changes.ts';
import { Conflict, FieldRefused, Forbidden } from '../shared/errors.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import { readToday } from '../users/users.queries.ts';
import { decidedMails, requestedMails, withdrawnMails } from './service-access.mail.ts';
import { getRequest, listAskableRoles } from './service-access.queries.ts';
import type { AskableRole } from './service-access.queries.ts';
import type { AccessRequest, RequestInput } from './service-access.ts';

/** The organisation's own administrator asks for roles of a service. */
export async function requestAccess(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  input: RequestInput,
  mailing: MailSetting,
): Promise<Change<{ requestId: number }>> {
  const as = ensureCan(actor, 'serviceAccess.request', { organisationId: organisation.id });
  return writeRequest(tx, { actor, as, organisation }, { ...input, asked: null }, mailing);
}

/** The system owner writes down what the organisation's sikkerhedsansvarlig asked for outside SEB. */
export async function registerAccess(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  input: RequestInput,
  mailing: MailSetting,
): Promise<Change<{ requestId: number }>> {
  const as = ensureCan(actor, 'serviceAccess.decide', { organisationId: organisation.id });
  if (input.asked !== null && input.asked.on > (await readToday(tx)))
    throw new FieldRefused('modtaget', 'Dagen er ikke kommet endnu. Skriv den dag, anmodningen blev modtaget');
  return writeRequest(tx, { actor, as, organisation }, input, mailing);
}

type By = { actor: Actor; as: ActorKind; organisation: Organisation };

async function writeRequest(
  tx: Tx,
  { actor, as, organisation }: By,
  input: RequestInput,
  mailing: MailSetting,
): Promise<Change<{ requestId: number }>> {
  await ensureAskable(await listAskableRoles(tx, organisation.id, input.serviceId), input.roleIds);
  const { serviceId, purpose, legalBasis, contactName, contactEmail, contactPhone, asked } = input;
  const [created] = await tx.rows<{ id: number }>(sql`
    insert into service_access_request (organisation_id, service_id, purpose, legal_basis, contact_name, contact_email, contact_phone,
      asked_by, asked_on, created_by_id, created_by_name)
    select id, ${serviceId}::int, ${purpose}::text, ${legalBasis}::text, ${contactName}::text, ${contactEmail}::text, ${contactPhone}::text,
      ${asked?.by ?? null}::text, ${asked?.on ?? null}::text::date, ${actor.userId}::int, ${fullName(actor)}::text
    from organisation where id = ${organisation.id}::int and closed_at is null returning id`);
  if (created === undefined) throw new Conflict('Organisationen er lukket i SEB. Kontakt servicedesk.');
  await tx.rows(sql`
    insert into service_access_request_role (request_id, organisation_id, role_id)
    select ${created.id}::int, ${organisation.id}::int, id from unnest(${input.roleIds}::int[]) as r (id)`);
  const request = await getRequest(tx, created.id, organisation.id);
  const detail = {
    requestId: request.id,
    service: request.serviceCode,
    roles: namedRoles(request),
    purpose,
    legalBasis,
  };
  const about = { organisation, target: null };
  return {
    outcome: { requestId: created.id },
    as,
    events: [
      asked === null
        ? event('serviceAccess.requested', about, detail)
        : event('serviceAccess.registered', about, { ...detail, askedBy: asked.by, askedOn: asked.on }),
    ],
    mails: await requestedMails(tx, request, actor, mailing),
  };
}

async function ensureAskable(askable: AskableRole[], roleIds: number[]): Promise<void> {
  const byId = new Map(askable.map((role) => [role.id, role]));
  if (roleIds.some((id) => !byId.has(id)))
    throw new FieldRefused('rolle', 'En af rollerne kan I allerede tildele, eller den er udfaset. Vælg igen');
  const asked = roleIds.map((id) => byId.get(id)?.askedIn ?? null).find((id) => id !== null);
  if (asked !== undefined)
    throw new FieldRefused(
      'rolle',
      `En af rollerne er der allerede anmodet om i anmodning nr. ${asked}. Vælg andre roller`,
    );
}

function namedRoles(request: AccessRequest, keep: (id: number) => boolean = () => true): LoggedRole[] {
  return request.roles
    .filter(({ id }) => keep(id))
    .map(({ code, name }) => ({ role: code, roleName: name, service: request.serviceCode }));
}

/** Takes back a request that nobody has decided on; one that is over is told, not changed. */
export async function withdrawRequest(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  requestId: number,
  mailing: MailSetting,
): Promise<Change<{ withdrawn: boolean }>> {
  const as = ensureCan(actor, 'serviceAccess.request', { organisationId: organisation.id });
  const request = await getRequest(tx, requestId, organisation.id);
  if (request.state !== 'open') return { outcome: { withdrawn: false }, as, events: [] };
  await tx.rows(sql`
    update service_access_request set withdrawn_at = now(), withdrawn_by_name = ${fullName(actor)}::text where id = ${requestId}::int`);
  const detail = { requestId, service: request.serviceCode };
  return {
    outcome: { withdrawn: true },
    as,
    events: [event('serviceAccess.withdrawn', { organisation, target: null }, detail)],
    mails: await withdrawnMails(tx, request, actor, mailing),
  };
}

export type Deciding = { requestId: number; grantedIds: number[]; reason: string | null };

/**
 * Decides on a request once: the named roles can be given from now on, the others are rejected with a reason.
 * @throws Conflict when somebody else decided, or the organisation took it back, at the same time
 * @throws Forbidden when the actor asked for it as the organisation's administrator
 */
export async function decideRequest(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { requestId, grantedIds, reason }: Deciding,
  mailing: MailSetting,
): Promise<Change<{ granted: number; rejected: number }>> {
  const as = ensureCan(actor, 'serviceAccess.decide', { organisationId: organisation.id });
  const request = await getRequest(tx, requestId, organisation.id);
  // One that came from the sikkerhedsansvarlig is somebody else's, whoever registered it.
  if (request.askedBy === null && request.createdById === actor.userId)
    throw new Forbidden(
      'Du kan ikke afgøre din egen anmodning. Bed en anden hos systemejeren om det.',
      'serviceAccess.decide',
    );
  if (request.state !== 'open')
    throw new Conflict('Anmodningen er allerede afgjort eller trukket tilbage. Intet er gemt. Se herunder, hvordan.');
  if (grantedIds.some((id) => !request.roles.some((role) => role.id === id && role.isOpen)))
    throw new FieldRefused('rolle', 'En af rollerne er udfaset eller ikke en del af anmodningen. Vælg igen');
  const granted = namedRoles(request, (id) => grantedIds.includes(id));
  const rejected = namedRoles(request, (id) => !grantedIds.includes(id));
  if (rejected.length > 0 && reason === null)
    throw new FieldRefused('begrundelse', 'Skriv, hvorfor anmodningen eller en del af den afvises');
  await writeDecision(tx, actor, { requestId, grantedIds, reason });
  const events: AuditEvent[] = grantedEvents(
    await writeGrants(tx, grantedIds, [organisation.id]),
    `Anmodning nr. ${requestId}`,
  );
  const detail = { requestId, service: request.serviceCode, granted, rejected, reason };
  return {
    outcome: { granted: granted.length, rejected: rejected.length },
    as,
    events: [event('serviceAccess.decided', { organisation, target: null }, detail), ...events],
    mails: await decidedMails(tx, request, { actor, granted, rejected, reason }, mailing),
  };
}

async function writeDecision(tx: Tx, actor: Actor, { requestId, grantedIds, reason }: Deciding): Promise<void> {
  await tx.rows(sql`
    update service_access_request set decided_at = now(), decided_by_id = ${actor.userId}::int,
      decided_by_name = ${fullName(actor)}::text, decision_reason = ${reason}::text where id = ${requestId}::int`);
  await tx.rows(sql`
    update service_access_request_role set is_granted = role_id = any (${grantedIds}::int[]) where request_id = ${requestId}::int`);
}
