import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import type { Agreement, NamedAdministrator } from './agreement.ts';
import { isInForce } from './agreement.ts';
import { findNamedAdministrator, getAgreement, listAgreementContacts } from './agreements.queries.ts';
import { beginMail, newAdministratorMails } from './appointing.mail.ts';
import type { Appointing } from './appointing.queries.ts';
import { listAdministratorAddresses, readAppointing } from './appointing.queries.ts';
import { makeAdministrator } from './named-user.changes.ts';
import { standDown } from './stand-down.changes.ts';

export const hasBeenActive =
  'Organisationen har eller har haft en organisationsadministrator, der er logget på. Er den eneste fratrådt, så udpeg en ny efter en ny aftale.';

export type Named = { agreementId: number; namedId: number };

/** Appoints the first organisationsadministrator, as the agreement names them. */
export async function appointFirst(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { agreementId, namedId }: Named,
  mailing: MailSetting,
): Promise<Change<{ name: string }>> {
  const as = ensureCan(actor, 'administrator.appointFirst', { organisationId: organisation.id });
  const { named, appointing } = await judge(tx, organisation, agreementId, namedId);
  if (!appointing.noneEverActive) throw new Conflict(hasBeenActive);
  const made = await makeAdministrator(tx, organisation, named);
  const target = { userId: made.userId, name: fullName(named) };
  const appointed = event('administrator.appointedFirst', { organisation, target }, { agreementId });
  return {
    outcome: { name: fullName(named) },
    as,
    events: [...made.events, appointed],
    mails: [beginMail(organisation, named, made.expiresOn, mailing)],
  };
}

export type OnAgreement = Named & { reason: string; locksOld: boolean };

/** The only one has left: appoints the one whom a newly signed agreement names and, if wanted, locks the old one. */
export async function appointOnAgreement(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { agreementId, namedId, reason, locksOld }: OnAgreement,
  mailing: MailSetting,
): Promise<Change<{ name: string }>> {
  const as = ensureCan(actor, 'administrator.appointOnAgreement', { organisationId: organisation.id });
  const { named, agreement, appointing } = await judge(tx, organisation, agreementId, namedId);
  const old = onlyOne(appointing, agreement);
  // Told as they were before: who is locked now was an administrator until this moment.
  const told = [
    ...(await listAdministratorAddresses(tx, organisation.id)).map((one) => ({
      name: fullName(one),
      address: one.email,
    })),
    ...(await listAgreementContacts(tx, agreementId)).map(({ name, email }) => ({ name, address: email })),
  ];
  const made = await makeAdministrator(tx, organisation, named);
  const stoodDown = locksOld && old !== null ? await standDown(tx, actor, organisation, old, reason) : [];
  const oldName = locksOld && old !== null ? fullName(old) : null;
  const target = { userId: made.userId, name: fullName(named) };
  const detail = { agreementId, reason, stoodDown: oldName };
  const appointed = event('administrator.appointedOnAgreement', { organisation, target }, detail);
  return {
    outcome: { name: fullName(named) },
    as,
    events: [...made.events, ...stoodDown, appointed],
    mails: [
      beginMail(organisation, named, made.expiresOn, mailing),
      ...newAdministratorMails(told, organisation, { name: fullName(named), oldName, reason }, mailing),
    ],
  };
}

type Judged = { agreement: Agreement; named: NamedAdministrator; appointing: Appointing };

async function judge(tx: Tx, organisation: Organisation, agreementId: number, namedId: number): Promise<Judged> {
  const agreement = await getAgreement(tx, organisation.id, agreementId);
  const named = await findNamedAdministrator(tx, organisation.id, agreementId, namedId);
  if (named === null) throw new NotFound('Aftalen nævner ikke den person. Åbn aftalen, og vælg derfra.');
  if (named.appointedUserId !== null) throw new Conflict(`${fullName(named)} er allerede udpeget efter aftalen.`);
  if (!isInForce(agreement))
    throw new Conflict('Aftalen gælder ikke i dag. Registrér en ny aftale, eller vent, til den begynder.');
  if (await isClosed(tx, organisation.id)) throw new Conflict('Organisationen er lukket i SEB. Genåbn den først.');
  return { agreement, named, appointing: await readAppointing(tx, organisation.id) };
}

/** The one organisationsadministrator who may have left; null when nobody is left at all. @throws Conflict */
export function onlyOne(appointing: Appointing, agreement: Agreement): Appointing['standing'][number] | null {
  const [only, ...others] = appointing.standing;
  if (appointing.noneEverActive)
    throw new Conflict('Ingen organisationsadministrator har været i gang. Udpeg den første administrator i stedet.');
  if (others.length > 0)
    throw new Conflict(
      'Organisationen har flere organisationsadministratorer. De udpeger selv nye: det kan systemejeren ikke.',
    );
  if (only !== undefined && agreement.signedOn < only.since)
    throw new Conflict(
      `Aftalen er underskrevet, før ${fullName(only)} blev organisationsadministrator. Registrér en nyunderskrevet aftale først.`,
    );
  return only ?? null;
}

async function isClosed(tx: Tx, organisationId: number): Promise<boolean> {
  const [row] = await tx.rows<{ isClosed: boolean }>(
    sql`select closed_at is not null as "isClosed" from organisation where id = ${organisationId}::int`,
  );
  return row?.isClosed !== false;
}

/** Gives a named administrator who did not log in in time another fourteen days. */
export async function renewFirstLogin(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { id, version }: { id: number; version: number },
  mailing: MailSetting,
): Promise<Change<{ name: string; expiresOn: string }>> {
  const as = ensureCan(actor, 'administrator.appointFirst', { organisationId: organisation.id });
  const renewed = await tx.rows<RenewedRow>(sql`
    update awaited_login w set expires_at = now() + interval '14 days', version = w.version + 1
    from app_user u
    where w.id = ${id}::int and w.organisation_id = ${organisation.id}::int and w.fulfilled_at is null and w.version = ${version}::int
      and u.id = w.user_id and u.deleted_at is null
    returning w.user_id as "userId", u.first_name as "firstName", u.last_name as "lastName", u.email,
      to_char(w.expires_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY "kl." HH24.MI') as "expiresOn"`);
  const [person] = renewed;
  if (person === undefined)
    throw new Conflict(
      'Fristen er ændret, eller personen har logget på imens. Åbn siden igen, og se, hvad der gælder.',
    );
  const target = { userId: person.userId, name: fullName(person) };
  const told: AuditEvent = event(
    'administrator.firstLoginExtended',
    { organisation, target },
    { until: person.expiresOn },
  );
  return {
    outcome: { name: fullName(person), expiresOn: person.expiresOn },
    as,
    events: [told],
    mails: [beginMail(organisation, person, person.expiresOn, mailing)],
  };
}

type RenewedRow = { userId: number; firstName: string; lastName: string; email: string; expiresOn: string };
