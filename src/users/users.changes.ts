import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { emailChangedMail, ridChangedMail, ridChangedNoticeMail } from '../mail/messages.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { MailWriting } from '../mail/template-mail.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import type { Ensure } from '../permissions/can.ts';
import { ensureCan } from '../permissions/can.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import type { User, UserInput } from './user.ts';
import { changedFields, usernameLetters } from './user.ts';
import { getUser, findUserByRid, listOrganisationAdministrators, listReplacedAddresses } from './users.queries.ts';

export type Organisation = { id: number; cvr: string; name: string };

/** What mails of a change need besides the change itself. */
export type MailSetting = MailWriting & { sebadminOrigin: string };

/** Creates a user of the organisation; the SEB-brugernavn is made here and never changed. */
export async function createUser(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  input: UserInput,
  ensure: Ensure = ensureCan,
): Promise<Change<{ userId: number }>> {
  const as = ensure(actor, 'user.create', { organisationId: organisation.id });
  await refuseRidInUse(tx, organisation, input.rid, null);
  const { userId, created } = await writeNewUser(tx, organisation, input);
  return { outcome: { userId }, as, events: [created] };
}

/** Writes a user whose right to be there the caller has judged; its event is the caller's to hand on. */
export async function writeNewUser(
  tx: Tx,
  organisation: { id: number; name: string },
  input: UserInput,
): Promise<{ userId: number; created: AuditEvent }> {
  const [number] = await tx.rows<{ next: number }>(sql`select nextval('username_number')::int as next`);
  const username = `${usernameLetters(input.firstName, input.lastName)}${number?.next ?? 0}`;
  const userId = await insertUser(tx, organisation.id, username, input);
  const target = { userId, name: fullName(input) };
  const detail = { username, rid: input.rid, email: input.email };
  return { userId, created: event('user.created', { organisation, target }, detail) };
}

// In SQL, since Prisma also writes the columns with defaults (version, session epoch, creation time), which are the database's.
async function insertUser(tx: Tx, organisationId: number, username: string, input: UserInput): Promise<number> {
  const { rid, firstName, lastName, email, address, postcode, city, phone, remark } = input;
  const [created] = await tx.rows<{ id: number }>(sql`
    insert into app_user (organisation_id, username, rid, first_name, last_name, email, address, postcode, city, phone, remark)
    values (${organisationId}::int, ${username}, ${rid}, ${firstName}, ${lastName}, ${email}, ${address}, ${postcode}, ${city}, ${phone}, ${remark})
    returning id`);
  if (created === undefined) throw new Error('the new user was not returned');
  return created.id;
}

/** Edits all but the SEB-brugernavn. A new RID takes over the account, so it ends sessions, unbinds the UUID and is told. */
export async function editUser(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  edit: { userId: number; version: number; input: UserInput },
  mailing: MailSetting,
  ensure: Ensure = ensureCan,
): Promise<Change<{ changed: boolean }> & { events: readonly AuditEvent[] }> {
  const before = await getUser(tx, organisation.id, edit.userId);
  const as = ensure(actor, 'user.edit', { organisationId: organisation.id, user: before });
  if (before.version !== edit.version) throw new StaleForm();
  const { rid, ...others } = changedFields(before, edit.input);
  if (rid === undefined && Object.keys(others).length === 0) return { outcome: { changed: false }, as, events: [] };
  if (rid !== undefined || others.email !== undefined)
    refuseTakingOverMore(actor, before, rid === undefined ? 'email' : 'rid');
  if (rid !== undefined) await refuseRidInUse(tx, organisation, edit.input.rid, edit.userId);
  const newLogin = rid === undefined ? {} : { uuid: null, sessionEpoch: before.sessionEpoch + 1 };
  await tx.appUser.update({
    where: { id: edit.userId },
    data: { ...edit.input, ...newLogin, version: before.version + 1 },
  });
  // An address that the person asked for before must not come back over this one.
  await tx.emailChange.updateMany({ where: { userId: edit.userId, usedAt: null }, data: { usedAt: new Date() } });
  const target = { userId: edit.userId, name: fullName(edit.input) };
  const about = { organisation, target };
  return {
    outcome: { changed: true },
    as,
    events: [
      ...(Object.keys(others).length === 0 ? [] : [event('user.edited', about, { changes: others })]),
      ...(rid === undefined
        ? []
        : [event('user.ridChanged', about, { from: before.rid, to: edit.input.rid, hadUuid: before.uuid !== null })]),
    ],
    mails: [
      ...(others.email === undefined ? [] : [tellOldAddress(before, actor, organisation, mailing)]),
      ...(rid === undefined ? [] : await tellOfNewLogin(tx, before, actor, organisation, mailing)),
    ],
  };
}

/**
 * A new RID or e-mail is a way into the account. Where the account reaches beyond this organisation (system owner,
 * servicedesk, administrator of another one), only somebody with the same reach may open it.
 */
export function refuseTakingOverMore(actor: Actor, before: User, field: string): void {
  const reachesAsFar =
    before.systemRoles.every((role) => actor.systemRoles.includes(role)) &&
    before.otherAdministrations.every((id) =>
      actor.administrations.some((held) => held.organisationId === id && held.kind === 'ORGANISATION'),
    );
  if (reachesAsFar) return;
  throw new FieldRefused(
    field,
    'Brugeren har også rettigheder uden for organisationen, som den nye login eller adresse ville få. Få dem fjernet der først, eller kontakt servicedesk.',
  );
}

async function refuseRidInUse(
  tx: Tx,
  organisation: Organisation,
  rid: string,
  otherThan: number | null,
): Promise<void> {
  const holder = await findUserByRid(tx, organisation.id, rid, otherThan);
  if (holder === null) return;
  const message = `RID-nummeret bruges allerede af ${fullName(holder)}. Ret nummeret, eller rediger den bruger i stedet.`;
  throw new FieldRefused('rid', message, `/organisationer/${organisation.cvr}/brugere/${holder.id}`);
}

function tellOldAddress(before: User, actor: Actor, organisation: Organisation, mailing: MailSetting): OutgoingMail {
  return emailChangedMail(mailing, {
    to: { name: fullName(before), address: before.email },
    personName: fullName(before),
    organisationName: organisation.name,
    changedBy: fullName(actor),
  });
}

/** The user, also at addresses that were just replaced, and the organisationsadministratorer: another login gets in now. */
export async function tellOfNewLogin(
  tx: Tx,
  before: User,
  actor: Actor,
  organisation: Organisation,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const facts = factsOfNewLogin(before, actor, organisation);
  const addresses = [before.email, ...(await listReplacedAddresses(tx, before.id))];
  return [
    ...addresses.map((address) => ridChangedMail(mailing, { ...facts, to: { name: fullName(before), address } })),
    ...(await tellAdministratorsOfNewLogin(tx, before, actor, organisation, mailing)),
  ];
}

function factsOfNewLogin(before: User, actor: Actor, organisation: Organisation) {
  return { personName: fullName(before), organisationName: organisation.name, changedBy: fullName(actor) };
}

export async function tellAdministratorsOfNewLogin(
  tx: Tx,
  before: User,
  actor: Actor,
  organisation: Organisation,
  mailing: MailSetting,
): Promise<OutgoingMail[]> {
  const facts = factsOfNewLogin(before, actor, organisation);
  const administrators = await listOrganisationAdministrators(tx, organisation.id);
  const link = {
    baseUrl: mailing.sebadminOrigin,
    path: `/organisationer/${organisation.cvr}/brugere/${before.id}/log`,
  };
  return administrators.map((administrator) =>
    ridChangedNoticeMail(mailing, {
      ...facts,
      to: { name: fullName(administrator), address: administrator.email },
      ...link,
    }),
  );
}
