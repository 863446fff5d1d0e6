import type { ReadDb } from '../db/access.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import { mailOf } from '../mail/template-mail.ts';
import type { TemplateName, ValuesOf } from '../mail/templates.ts';
import { fullName } from '../permissions/actor.ts';
import { formatDateTime } from '../shared/dates.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { listOrganisationAdministrators } from '../users/users.queries.ts';
import { organisationPath } from './organisation.ts';
import { listContacts } from './organisations.queries.ts';

/** A mail of the catalogue with its values. */
export type Told<Name extends TemplateName> = readonly [template: Name, values: ValuesOf<Name>];
export type Addressee = { name: string; address: string };

/** To the organisationsadministratorer and the contact persons of an organisation, each address once. */
export async function tellOrganisation<Name extends TemplateName>(
  db: ReadDb,
  mailing: MailSetting,
  organisation: { id: number; cvr: string; name: string },
  reason: string | null,
  told: Told<Name>,
): Promise<OutgoingMail[]> {
  const administrators = await listOrganisationAdministrators(db, organisation.id);
  const contacts = await listContacts(db, organisation.id);
  const to = [
    ...administrators.map((person) => ({ name: fullName(person), address: person.email })),
    ...contacts.map(({ name, email }) => ({ name, address: email })),
  ];
  return tellAll(to, mailing, organisation, reason, told);
}

export function tellAll<Name extends TemplateName>(
  to: readonly Addressee[],
  mailing: MailSetting,
  organisation: { cvr: string; name: string },
  reason: string | null,
  [template, values]: Told<Name>,
): OutgoingMail[] {
  const once = [...new Map(to.map((one) => [one.address.toLowerCase(), one])).values()];
  return once.map((one) =>
    mailOf(mailing, template, {
      to: one,
      values,
      facts: [
        ['Brugerorganisation', organisation.name],
        ...(reason === null ? [] : [['Begrundelse', reason] as const]),
        ['Tidspunkt', formatDateTime(new Date())],
      ],
      url: new URL(organisationPath(organisation), mailing.sebadminOrigin),
    }),
  );
}
