import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { SignedAgreement } from '../agreements/agreement-registration.changes.ts';
import { writeAgreement } from '../agreements/agreement-registration.changes.ts';
import type { Company } from '../cvr/company.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { FieldRefused } from '../shared/errors.ts';
import { writeContacts } from './organisation-contacts.changes.ts';
import type { Contact } from './organisation.ts';
import { organisationPath } from './organisation.ts';

export type NewOrganisation = { company: Company; contacts: Contact[]; signed: SignedAgreement };

/** Lets an organisation in by its signed agreement: the name is CVR's, and the agreement is registered with it. */
export async function createOrganisation(
  tx: Tx,
  actor: Actor,
  { company, contacts, signed }: NewOrganisation,
): Promise<Change<{ cvr: string; agreementId: number }>> {
  const as = ensureEverywhere(actor, 'organisation.create');
  const [known] = await tx.rows<{ name: string }>(sql`select name from organisation where cvr = ${company.cvr}`);
  if (known !== undefined)
    throw new FieldRefused('cvr', `${known.name} er allerede oprettet i SEB.`, organisationPath(company));
  const [created] = await tx.rows<{ id: number }>(sql`
    insert into organisation (cvr, name) values (${company.cvr}, ${company.name}) returning id`);
  if (created === undefined) throw new Error('the new organisation was not returned');
  const organisation = { id: created.id, name: company.name };
  await keepRegister(tx, created.id, company);
  await writeContacts(tx, created.id, contacts);
  const { agreementId, told } = await writeAgreement(tx, actor, organisation, signed, null);
  const detail = { cvr: company.cvr, status: company.status };
  return {
    outcome: { cvr: company.cvr, agreementId },
    as,
    events: [event('organisation.created', { organisation, target: null }, detail), told],
  };
}

/** What CVR said just now. */
export async function keepRegister(
  tx: Tx,
  organisationId: number,
  { status, isCeased, ceasedOn }: Company,
): Promise<void> {
  await tx.rows(sql`
    insert into organisation_register (organisation_id, status, is_ceased, ceased_on, checked_at)
    values (${organisationId}::int, ${status}, ${isCeased}::boolean, ${ceasedOn}::text::date, now())
    on conflict (organisation_id) do update set status = excluded.status, is_ceased = excluded.is_ceased,
      ceased_on = excluded.ceased_on, checked_at = excluded.checked_at`);
}
