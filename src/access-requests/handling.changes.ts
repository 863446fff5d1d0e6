import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { decide, ensureCan } from '../permissions/can.ts';
import type { Decision, Target } from '../permissions/can.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { Conflict, FieldRefused, StaleForm } from '../shared/errors.ts';
import type { Organisation } from '../users/users.changes.ts';
import type { AccessRequest } from './access-request.ts';
import { isWaiting } from './access-request.ts';
import type { RequestMailing } from './access-requests.mail.ts';
import { answerMail, decidedMail, handedOverMail } from './access-requests.mail.ts';
import { getRequest, listDeciders } from './access-requests.queries.ts';
import { targetOf, writeComment } from './sending.changes.ts';

export type Handling = { requestId: number; version: number };

export const isOverText = 'Anmodningen er allerede afgjort eller trukket tilbage. Intet er gemt. Se herunder, hvordan.';

/** What `request.decide` is asked about: the user it is about, where there is one. */
export function targetFor({ organisation, subjects }: AccessRequest): Target {
  const [user] = subjects;
  const { id: organisationId, selfAssignmentAllowed } = organisation;
  return { organisationId, selfAssignmentAllowed, ...(user === undefined ? {} : { user }) };
}

export function mayDecide(actor: Actor, request: AccessRequest): Decision {
  return decide(actor, 'request.decide', targetFor(request));
}

/** The request, still waiting, as the page showed it, and the actor's right to decide on it. */
export async function openRequest(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { requestId, version }: Handling,
): Promise<{ request: AccessRequest; as: ActorKind }> {
  const request = await getRequest(tx, organisation.id, requestId);
  const as = ensureCan(actor, 'request.decide', targetFor(request));
  if (!isWaiting(request)) throw new Conflict(isOverText);
  if (request.version !== version) throw new StaleForm();
  return { request, as };
}

/** Takes it, also from a colleague who has it. */
export async function takeRequest(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  handling: Handling,
): Promise<Change<{ taken: boolean }>> {
  const { request, as } = await openRequest(tx, actor, organisation, handling);
  if (request.takenById === actor.userId) return { outcome: { taken: false }, as, events: [] };
  await give(tx, request, { id: actor.userId, name: fullName(actor) });
  const detail = { requestId: request.id, from: request.takenByName };
  return {
    outcome: { taken: true },
    as,
    events: [event('request.taken', { organisation, target: targetOf(request) }, detail)],
  };
}

/** Gives it to another administrator, who is told. */
export async function handOverRequest(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { to, ...handling }: Handling & { to: number },
  mailing: RequestMailing,
): Promise<Change<{ name: string }>> {
  const { request, as } = await openRequest(tx, actor, organisation, handling);
  const deciders = await listDeciders(tx, organisation.id, request.userId);
  const receiver = deciders.find(({ userId }) => userId === to && userId !== actor.userId);
  if (receiver === undefined) throw new FieldRefused('til', 'Vælg en anden administrator på listen');
  const name = fullName(receiver);
  await give(tx, request, { id: to, name });
  return {
    outcome: { name },
    as,
    events: [
      event('request.handedOver', { organisation, target: targetOf(request) }, { requestId: request.id, to: name }),
    ],
    mails: [handedOverMail(receiver, request, fullName(actor), mailing)],
  };
}

async function give(tx: Tx, { id }: AccessRequest, to: { id: number; name: string }): Promise<void> {
  await tx.rows(sql`
    update access_request set taken_by_id = ${to.id}::int, taken_by_name = ${to.name}, taken_at = now(), version = version + 1
    where id = ${id}::int`);
}

/** Writes to the employee. */
export async function commentOnRequest(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { requestId, body }: { requestId: number; body: string },
  mailing: RequestMailing,
): Promise<Change<{ requestId: number }>> {
  const request = await getRequest(tx, organisation.id, requestId);
  const as = ensureCan(actor, 'request.decide', targetFor(request));
  if (!isWaiting(request)) throw new Conflict(isOverText);
  const authorName = fullName(actor);
  await writeComment(tx, request, { authorId: actor.userId, authorName, body });
  return {
    outcome: { requestId },
    as,
    events: [event('request.commented', { organisation, target: targetOf(request) }, { requestId })],
    mails: [answerMail(request, authorName, body, mailing)],
  };
}

/** Says no, with the reason that the employee reads. */
export async function rejectRequest(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { reason, ...handling }: Handling & { reason: string },
  mailing: RequestMailing,
): Promise<Change<{ requestId: number }>> {
  const { request, as } = await openRequest(tx, actor, organisation, handling);
  await writeDecision(tx, actor, request, { decision: 'REJECTED', reason, userId: request.userId });
  const decided = await getRequest(tx, organisation.id, request.id);
  const detail = {
    requestId: request.id,
    decision: 'REJECTED' as const,
    given: [],
    notGiven: request.roles.map(({ name }) => name),
    reason,
  };
  const kind = request.userId === actor.userId ? 'request.selfDecided' : 'request.decided';
  return {
    outcome: { requestId: request.id },
    as,
    events: [event(kind, { organisation, target: targetOf(request) }, detail)],
    mails: [decidedMail(decided, fullName(actor), mailing)],
  };
}

type Deciding = { decision: 'GRANTED' | 'PARTLY' | 'REJECTED'; reason: string | null; userId: number | null };

export async function writeDecision(
  tx: Tx,
  actor: Actor,
  request: AccessRequest,
  { decision, reason, userId }: Deciding,
): Promise<void> {
  await tx.rows(sql`
    update access_request set user_id = ${userId}::int, decided_at = now(), decided_by_id = ${actor.userId}::int,
      decided_by_name = ${fullName(actor)}, decision = ${decision}, decision_reason = ${reason}::text,
      is_self_decided = ${userId === actor.userId}::boolean, version = version + 1
    where id = ${request.id}::int`);
}
