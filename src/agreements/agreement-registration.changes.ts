import { event } from '../audit/events.ts';
import type { AuditEvent } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import { Conflict, StaleForm } from '../shared/errors.ts';
import type { Organisation } from '../users/users.changes.ts';
import { policyText } from './agreement.ts';
import type { Registration } from './agreement-registration.forms.ts';
import { getAgreement } from './agreements.queries.ts';
import type { SignedFile } from './pdf.ts';

export type SignedAgreement = { registration: Registration; file: SignedFile };

/** Registers a signed form for an organisation that is there. */
export async function registerAgreement(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  signed: SignedAgreement,
): Promise<Change<{ agreementId: number }>> {
  const as = ensureCan(actor, 'agreement.register', { organisationId: organisation.id });
  const { agreementId, told } = await writeAgreement(tx, actor, organisation, signed, null);
  return { outcome: { agreementId }, as, events: [told] };
}

/** Registers the form that follows another one, once. */
export async function renewAgreement(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  signed: SignedAgreement & { renews: { id: number; version: number } },
): Promise<Change<{ agreementId: number }>> {
  const as = ensureCan(actor, 'agreement.renew', { organisationId: organisation.id });
  const before = await getAgreement(tx, organisation.id, signed.renews.id);
  if (before.isRenewed)
    throw new Conflict('Aftalen er allerede fornyet. Åbn organisationens side, og se den nye aftale.');
  if (before.version !== signed.renews.version) throw new StaleForm();
  const { agreementId, told } = await writeAgreement(tx, actor, organisation, signed, before.id);
  return { outcome: { agreementId }, as, events: [told] };
}

/** Writes the agreement with all that it names; its event is the caller's to hand on. */
export async function writeAgreement(
  tx: Tx,
  actor: Actor,
  organisation: { id: number; name: string },
  { registration, file }: SignedAgreement,
  renewsId: number | null,
): Promise<{ agreementId: number; told: AuditEvent }> {
  const { id } = organisation;
  const r = registration;
  const [written] = await tx.rows<{ id: number }>(sql`
    insert into agreement (organisation_id, renews_id, signer_name, signer_title, signed_on, valid_from, valid_to, security_policy,
      security_policy_name, registered_by_id)
    values (${id}::int, ${renewsId}::int, ${r.signerName}, ${r.signerTitle}, ${r.signedOn}::text::date, ${r.validFrom}::text::date,
      ${r.validTo}::text::date, ${r.securityPolicy}, ${r.securityPolicyName}, ${actor.userId}::int)
    returning id`);
  if (written === undefined) throw new Error('the new agreement was not returned');
  await writeFile(tx, id, written.id, file);
  await writeNamed(tx, id, written.id, registration);
  const detail = {
    agreementId: written.id,
    signedBy: `${r.signerName}, ${r.signerTitle}`,
    signedOn: r.signedOn,
    from: r.validFrom,
    to: r.validTo,
    policy: policyText(r),
    services: r.services.length,
    sha256: file.sha256,
    renews: renewsId,
  };
  const kind = renewsId === null ? 'agreement.registered' : 'agreement.renewed';
  return { agreementId: written.id, told: event(kind, { organisation, target: null }, detail) };
}

async function writeFile(tx: Tx, organisationId: number, agreementId: number, file: SignedFile): Promise<void> {
  await tx.rows(sql`
    insert into agreement_file (agreement_id, organisation_id, file_name, sha256, content)
    values (${agreementId}::int, ${organisationId}::int, ${file.fileName}, ${file.sha256}, ${file.content})`);
}

async function writeNamed(
  tx: Tx,
  organisationId: number,
  agreementId: number,
  registration: Registration,
): Promise<void> {
  const { services, contacts, administrators } = registration;
  const covered = await tx.rows<{ id: number }>(sql`
    insert into agreement_service (agreement_id, organisation_id, service_id)
    select ${agreementId}::int, ${organisationId}::int, s.id from service s
    where s.id = any (${services}::int[]) and s.retired_at is null returning service_id as id`);
  if (covered.length !== services.length)
    throw new Conflict('En af de valgte services findes ikke længere. Åbn siden igen, og vælg services på ny.');
  await tx.rows(sql`
    insert into agreement_contact (agreement_id, organisation_id, position, name, email)
    select ${agreementId}::int, ${organisationId}::int, c.position, c.name, c.email
    from jsonb_to_recordset(${withPositions(contacts)}::text::jsonb) as c (position int, name text, email text)`);
  await tx.rows(sql`
    insert into agreement_administrator (agreement_id, organisation_id, position, first_name, last_name, email, rid, uuid)
    select ${agreementId}::int, ${organisationId}::int, n.position, n."firstName", n."lastName", n.email, n.rid, n.uuid
    from jsonb_to_recordset(${withPositions(administrators)}::text::jsonb)
      as n (position int, "firstName" text, "lastName" text, email text, rid text, uuid uuid)`);
}

function withPositions(rows: readonly object[]): string {
  return JSON.stringify(rows.map((row, place) => ({ ...row, position: place + 1 })));
}
