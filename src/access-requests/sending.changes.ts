import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Person } from '../permissions/actor.ts';
import { fullName, isUser, organisationOfPerson } from '../permissions/actor.ts';
import { ensureOwn } from '../permissions/can.ts';
import { faultsOfPeriod } from '../role-assignments/period.ts';
import { faultOfUnit, findChosenUnits } from '../role-assignments/assign.queries.ts';
import { Conflict, FieldRefused, NotFound } from '../shared/errors.ts';
import { readToday } from '../users/users.queries.ts';
import type { AccessRequest, Decider, RequestInput } from './access-request.ts';
import { isWaiting, mostWaiting } from './access-request.ts';
import type { RequestMailing } from './access-requests.mail.ts';
import { commentMail, sentMails, withdrawnMail } from './access-requests.mail.ts';
import {
  countOwnWaiting,
  getOwnRequest,
  getRequest,
  listDeciders,
  listRolesAsked,
  loginOfUser,
} from './access-requests.queries.ts';
import { listResearchRecipients } from './research-recipients.queries.ts';

/** Whom it is about in the log: a user, or the name that the login told. */
export function targetOf(request: Pick<AccessRequest, 'userId' | 'firstName' | 'lastName'>) {
  return { userId: request.userId, name: fullName(request) };
}

/** Sends a request; what the form chose is judged again here, under the organisation's lock. */
export async function sendRequest(
  tx: Tx,
  person: Person,
  input: RequestInput,
  level: string,
  mailing: RequestMailing,
): Promise<Change<{ requestId: number }>> {
  const as = ensureOwn(person, 'request.send');
  const organisation = organisationOfPerson(person);
  if (organisation === null) throw new NotFound();
  if ((await countOwnWaiting(tx, person)) >= mostWaiting)
    throw new Conflict(
      `Du har allerede ${mostWaiting} anmodninger, der venter på svar. Skriv en kommentar til en af dem, eller træk en tilbage.`,
    );
  const deciders = await listDeciders(tx, organisation.id, isUser(person) ? person.userId : null);
  const { recipient, fallback } = chosenDeciders(deciders, input);
  await ensureAskable(tx, organisation, input);
  const research = await chosenResearch(tx, input);
  const id = await insertRequest(tx, person, { organisation, input, level, recipient, fallback });
  await tx.rows(sql`
    insert into access_request_role (request_id, organisation_id, role_id)
    select ${id}::int, ${organisation.id}::int, role from unnest(${input.roleIds}::int[]) as r (role)`);
  const request = await getRequest(tx, organisation.id, id);
  const detail = {
    requestId: id,
    kind: request.kind,
    roles: request.roles.map(({ name, serviceName }) => `${name} (${serviceName})`),
    recipient: request.recipientName,
  };
  return {
    outcome: { requestId: id },
    as,
    events: [event('request.sent', { organisation, target: targetOf(request) }, detail)],
    mails: sentMails(request, { recipient, research }, mailing),
  };
}

function chosenDeciders(
  deciders: Decider[],
  { recipientId, fallbackId }: RequestInput,
): { recipient: Decider | null; fallback: Decider | null } {
  const find = (id: number | null): Decider | null => deciders.find(({ userId }) => userId === id) ?? null;
  const recipient = find(recipientId);
  if (recipient === null && (recipientId !== null || deciders.length > 0))
    throw new FieldRefused('modtager', 'Vælg en af organisationens administratorer på listen');
  const fallback = find(fallbackId);
  if (fallbackId !== null && (fallback === null || fallback === recipient))
    throw new FieldRefused('stedfortraeder', 'Vælg en anden administrator på listen end modtageren');
  return { recipient, fallback };
}

async function ensureAskable(
  tx: Tx,
  organisation: { id: number; cvr: string; name: string },
  { roleIds, sorCode, startsOn, endsOn }: RequestInput,
): Promise<void> {
  const roles = await listRolesAsked(tx, organisation.id, roleIds);
  if (roles.length !== roleIds.length || roles.some(({ isGivable }) => !isGivable))
    throw new FieldRefused(
      'rolle',
      'Organisationen kan ikke længere give en af rollerne. Fjern den, eller vælg en anden',
    );
  if (sorCode !== null) {
    const [chosen] = await findChosenUnits(tx, organisation, [sorCode]);
    const fault = chosen === undefined ? null : faultOfUnit(chosen);
    if (fault !== null) throw new FieldRefused('sor', fault);
  }
  const [fault] = Object.entries(faultsOfPeriod({ start: startsOn, stop: endsOn }, await readToday(tx)));
  if (fault !== undefined) throw new FieldRefused(...fault);
}

async function chosenResearch(tx: Tx, { kind, researchRecipientId }: RequestInput) {
  if (kind !== 'RESEARCH') return null;
  const all = await listResearchRecipients(tx);
  const chosen = all.find(({ id }) => id === researchRecipientId) ?? null;
  if (chosen === null && (researchRecipientId !== null || all.length > 0))
    throw new FieldRefused('forskermodtager', 'Vælg en modtager for Forskermaskinen på listen');
  return chosen;
}

type Inserting = {
  organisation: { id: number };
  input: RequestInput;
  level: string;
  recipient: Decider | null;
  fallback: Decider | null;
};

async function insertRequest(
  tx: Tx,
  person: Person,
  { organisation, input, level, recipient, fallback }: Inserting,
): Promise<number> {
  const { uuid, rid } = isUser(person) ? await loginOfUser(tx, person.userId) : person;
  const named = (decider: Decider | null): string | null => (decider === null ? null : fullName(decider));
  const [created] = await tx.rows<{ id: number }>(sql`
    insert into access_request (organisation_id, kind, says_new_user, user_id, uuid, rid, first_name, last_name, level, email, wanted,
      sor_code, starts_on, ends_on, project_number, data_owner_approval, research_recipient_id, recipient_id, recipient_name,
      fallback_id, fallback_name)
    values (${organisation.id}::int, ${input.kind}, ${input.saysNewUser}::boolean, ${isUser(person) ? person.userId : null}::int, ${uuid}::uuid,
      ${rid}::text, ${person.firstName}, ${person.lastName}, ${level}, ${input.email}, ${input.wanted}, ${input.sorCode}::text,
      ${input.startsOn}::text::date, ${input.endsOn}::text::date, ${input.projectNumber}::text, ${input.dataOwnerApproval}::text,
      ${input.researchRecipientId}::int, ${recipient?.userId ?? null}::int, ${named(recipient)}::text, ${fallback?.userId ?? null}::int,
      ${named(fallback)}::text)
    returning id`);
  if (created === undefined) throw new Error('the new request was not returned');
  return created.id;
}

/** Takes the own request back while it waits; one that is over is told, not changed. */
export async function withdrawRequest(
  tx: Tx,
  person: Person,
  requestId: number,
  mailing: RequestMailing,
): Promise<Change<{ withdrawn: boolean }>> {
  const as = ensureOwn(person, 'request.withdraw');
  const request = await getOwnRequest(tx, person, requestId);
  if (!isWaiting(request)) return { outcome: { withdrawn: false }, as, events: [] };
  await tx.rows(
    sql`update access_request set withdrawn_at = now(), version = version + 1 where id = ${requestId}::int`,
  );
  const holder = await holderOf(tx, request);
  return {
    outcome: { withdrawn: true },
    as,
    events: [
      event('request.withdrawn', { organisation: request.organisation, target: targetOf(request) }, { requestId }),
    ],
    mails: holder === null ? [] : [withdrawnMail(holder, request, mailing)],
  };
}

/** Writes to whoever has the request. */
export async function commentOnOwn(
  tx: Tx,
  person: Person,
  { requestId, body }: { requestId: number; body: string },
  mailing: RequestMailing,
): Promise<Change<{ requestId: number }>> {
  const as = ensureOwn(person, 'request.follow');
  const request = await getOwnRequest(tx, person, requestId);
  if (!isWaiting(request))
    throw new Conflict('Anmodningen er afgjort eller trukket tilbage. Send en ny, hvis du har brug for mere.');
  await writeComment(tx, request, { authorId: null, authorName: fullName(person), body });
  const holder = await holderOf(tx, request);
  return {
    outcome: { requestId },
    as,
    events: [
      event('request.commented', { organisation: request.organisation, target: targetOf(request) }, { requestId }),
    ],
    mails: holder === null ? [] : [commentMail(holder, request, body, mailing)],
  };
}

export async function writeComment(
  tx: Tx,
  request: AccessRequest,
  { authorId, authorName, body }: { authorId: number | null; authorName: string; body: string },
): Promise<void> {
  await tx.rows(sql`
    insert into access_request_comment (request_id, organisation_id, author_id, author_name, body)
    values (${request.id}::int, ${request.organisation.id}::int, ${authorId}::int, ${authorName}, ${body})`);
}

/** Who has it: whoever took it, else to whom it was sent; null when they administer no longer. */
async function holderOf(tx: Tx, request: AccessRequest): Promise<Decider | null> {
  const deciders = await listDeciders(tx, request.organisation.id, request.userId);
  const holder = request.takenById ?? request.recipientId;
  return deciders.find(({ userId }) => userId === holder) ?? null;
}
