import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { can, ensureCan } from '../permissions/can.ts';
import { StaleForm } from '../shared/errors.ts';
import type { Contact, ContactKind } from './organisation.ts';
import { contactLine } from './organisation.ts';
import { getOrganisation, listContacts } from './organisations.queries.ts';

export type ContactsEdit = { id: number; version: number; contacts: Contact[] };

/**
 * Replaces the contact persons; the sikkerhedsansvarlig too when the actor may edit all contact data, and never otherwise:
 * what comes from the sikkerhedsansvarlig has weight with the system owner.
 */
export async function editContacts(
  tx: Tx,
  actor: Actor,
  { id, version, contacts }: ContactsEdit,
): Promise<Change<{ changed: boolean }>> {
  const as = ensureCan(actor, 'organisation.editOwnContact', { organisationId: id });
  const kinds = editableKinds(actor, id);
  const organisation = await getOrganisation(tx, id);
  if (organisation.version !== version) throw new StaleForm();
  const before = (await listContacts(tx, id)).filter(({ kind }) => kinds.includes(kind));
  const after = contacts.filter(({ kind }) => kinds.includes(kind));
  if (inWords(before) === inWords(after)) return { outcome: { changed: false }, as, events: [] };
  await tx.rows(sql`
    delete from organisation_contact where organisation_id = ${id}::int and kind = any (${kinds}::text[])`);
  await writeContacts(tx, id, after);
  await tx.rows(sql`update organisation set version = version + 1 where id = ${id}::int`);
  const changed = event(
    'organisation.contactsEdited',
    { organisation, target: null },
    { from: inWords(before), to: inWords(after) },
  );
  return { outcome: { changed: true }, as, events: [changed] };
}

export function editableKinds(actor: Actor, organisationId: number): ContactKind[] {
  return can(actor, 'organisation.editContact', { organisationId }) ? ['SECURITY', 'CONTACT'] : ['CONTACT'];
}

export async function writeContacts(tx: Tx, organisationId: number, contacts: readonly Contact[]): Promise<void> {
  await tx.rows(sql`
    insert into organisation_contact (organisation_id, kind, position, name, title, email, phone)
    select ${organisationId}::int, c.kind, c.position, c.name, c.title, c.email, c.phone
    from jsonb_to_recordset(${JSON.stringify(contacts)}::text::jsonb)
      as c (kind text, position int, name text, title text, email text, phone text)`);
}

function inWords(contacts: readonly Contact[]): string {
  return contacts
    .map((contact) => `${contact.kind === 'SECURITY' ? 'sikkerhedsansvarlig: ' : ''}${contactLine(contact)}`)
    .join('; ');
}
