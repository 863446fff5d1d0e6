import type { ReadDb } from '../db/access.ts';
import { writeMail } from '../mail/mail-text.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { fullName } from '../permissions/actor.ts';
import { formatDateTime } from '../shared/dates.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { listOrganisationAdministrators } from '../users/users.queries.ts';
import { organisationPath } from './organisation.ts';
import { listContacts } from './organisations.queries.ts';

export type Told = { kind: string; subject: string; text: string; reason: string | null };
export type Addressee = { name: string; address: string };

/** To the organisationsadministratorer and the contact persons of an organisation, each address once. */
export async function tellOrganisation(
  db: ReadDb,
  mailing: MailSetting,
  organisation: { id: number; cvr: string; name: string },
  told: Told,
): Promise<OutgoingMail[]> {
  const administrators = await listOrganisationAdministrators(db, organisation.id);
  const contacts = await listContacts(db, organisation.id);
  const to = [
    ...administrators.map((person) => ({ name: fullName(person), address: person.email })),
    ...contacts.map(({ name, email }) => ({ name, address: email })),
  ];
  return tellAll(to, mailing, organisation, told);
}

export function tellAll(
  to: readonly Addressee[],
  { views, contact, sebadminOrigin }: MailSetting,
  organisation: { cvr: string; name: string },
  { kind, subject, text, reason }: Told,
): OutgoingMail[] {
  const once = [...new Map(to.map((one) => [one.address.toLowerCase(), one])).values()];
  return once.map((one) =>
    writeMail(views, {
      kind,
      to: one,
      subject,
      paragraphs: [text],
      facts: [
        ['Brugerorganisation', organisation.name],
        ...(reason === null ? [] : [['Begrundelse', reason] as const]),
        ['Tidspunkt', formatDateTime(new Date())],
      ],
      link: { label: 'Se organisationen i SEB', url: new URL(organisationPath(organisation), sebadminOrigin) },
      closing: ['Er det ikke aftalt, så kontakt servicedesk.'],
      contact,
    }),
  );
}
