import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { tellAll } from '../organisations/organisation.mail.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { danishDay } from '../shared/dates.ts';
import { FieldRefused, StaleForm } from '../shared/errors.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import { listOrganisationAdministrators } from '../users/users.queries.ts';
import { getAgreement, listAgreementContacts } from './agreements.queries.ts';

export type Ending = { id: number; version: number; lastDay: string; reason: string };

/** Ends an agreement with a last day; what the organisation may do in SEB is decided by closing it, not by this. */
export async function endAgreement(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { id, version, lastDay, reason }: Ending,
  mailing: MailSetting,
): Promise<Change<{ ended: boolean }>> {
  const as = ensureCan(actor, 'agreement.end', { organisationId: organisation.id });
  const agreement = await getAgreement(tx, organisation.id, id);
  if (agreement.version !== version) throw new StaleForm();
  if (lastDay < agreement.validFrom) throw new FieldRefused('dag', 'Sidste dag kan ikke ligge, før aftalen begyndte');
  if (agreement.validTo !== null && lastDay > agreement.validTo)
    throw new FieldRefused('dag', `Aftalen udløber allerede ${danishDay(agreement.validTo)}. Skriv en tidligere dag`);
  await tx.rows(sql`
    update agreement set ended_on = ${lastDay}::text::date, end_reason = ${reason}, version = version + 1 where id = ${id}::int`);
  const administrators = await listOrganisationAdministrators(tx, organisation.id);
  const contacts = await listAgreementContacts(tx, id);
  const to = [
    ...administrators.map((person) => ({ name: fullName(person), address: person.email })),
    ...contacts.map(({ name, email }) => ({ name, address: email })),
  ];
  const values = { organisation: organisation.name, dato: danishDay(lastDay) };
  const ended = event('agreement.ended', { organisation, target: null }, { agreementId: id, lastDay, reason });
  return {
    outcome: { ended: true },
    as,
    events: [ended],
    mails: tellAll(to, mailing, organisation, reason, ['agreement.ended', values]),
  };
}
