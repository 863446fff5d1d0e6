import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Field } from '../pages/fields.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { Actor } from '../permissions/actor.ts';
import { errorList } from '../users/users.pages.ts';
import type { ContactRow } from './organisation-contacts.forms.ts';
import { contactRows } from './organisation-contacts.forms.ts';
import { organisationCrumbs } from './organisation.pages.ts';
import type { Contact, Organisation } from './organisation.ts';
import { organisationInWords, organisationPath } from './organisation.ts';

export type ContactsPage = {
  actor: Actor;
  organisation: Organisation;
  rows: readonly ContactRow[];
  posted: Posted;
  errors: FieldErrors;
  isStale: boolean;
};

/** Ret kontaktpersoner. */
export function contactsPage({ actor, organisation, rows, posted, errors, isStale }: ContactsPage): Page {
  const shown = page(
    'organisations/contacts',
    'Ret kontaktpersoner',
    {
      lead: organisationInWords(organisation),
      groups: contactGroups(rows, posted, errors),
      mayEditSecurity: rows.some(({ kind }) => kind === 'SECURITY'),
      // A stale form goes on from the version that is there now, once the person has seen what differs.
      version: isStale ? String(organisation.version) : typed(posted, 'version') || String(organisation.version),
      errors: errorList(errors),
      isStale,
      paths: { form: organisationPath(organisation, '/kontaktpersoner'), back: organisationPath(organisation) },
    },
    organisationCrumbs(actor, organisation),
  );
  if (isStale) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

export function contactGroups(
  rows: readonly ContactRow[],
  posted: Posted,
  errors: FieldErrors,
): { legend: string; fields: Field[] }[] {
  return rows.map(({ key, legend }) => ({
    legend,
    fields: [
      fieldOf({ name: `${key}navn`, label: 'Navn' }, posted, errors),
      fieldOf({ name: `${key}titel`, label: 'Titel' }, posted, errors),
      fieldOf({ name: `${key}mail`, label: 'E-mailadresse', inputmode: 'email' }, posted, errors),
      fieldOf({ name: `${key}telefon`, label: 'Telefon', inputmode: 'tel' }, posted, errors),
    ],
  }));
}

/** The contacts that are kept as if they had just been typed. */
export function contactsAsTyped(contacts: readonly Contact[]): Posted {
  const posted: Posted = {};
  for (const { key, kind, position } of contactRows) {
    const contact = contacts.find((one) => one.kind === kind && one.position === position);
    if (contact === undefined) continue;
    posted[`${key}navn`] = contact.name;
    posted[`${key}titel`] = contact.title ?? '';
    posted[`${key}mail`] = contact.email;
    posted[`${key}telefon`] = contact.phone ?? '';
  }
  return posted;
}
