import { z } from 'zod';
import type { Posted } from '../http/forms.ts';
import { emailAddress, optionalLine, requiredLine, typed, wholeNumber } from '../http/forms.ts';
import { tooOldPage } from './organisation-state.forms.ts';
import type { Contact } from './organisation.ts';

/** The rows of the form: the sikkerhedsansvarlig (system owner only), and the contact persons. */
export const contactRows = [
  { key: 'sikker', kind: 'SECURITY', position: 1, legend: 'Sikkerhedsansvarlig' },
  { key: 'person1', kind: 'CONTACT', position: 1, legend: 'Kontaktperson' },
  { key: 'person2', kind: 'CONTACT', position: 2, legend: 'Kontaktperson 2 (frivilligt)' },
  { key: 'person3', kind: 'CONTACT', position: 3, legend: 'Kontaktperson 3 (frivilligt)' },
] as const;
export type ContactRow = (typeof contactRows)[number];

export const contactParts = ['navn', 'titel', 'mail', 'telefon'] as const;

const phone = optionalLine('telefon', 40).refine((value) => value === null || /^[+\d][\d ()/-]*$/.test(value), {
  message: 'Skriv telefonnummeret med cifre, fx 44 22 80 75',
});

type Result<Value> = { ok: true; value: Value } | { ok: false; errors: Record<string, string> };

/** Reads the given rows; one that is empty as a whole is nobody. */
export function readContacts(posted: Posted, rows: readonly ContactRow[]): Result<Contact[]> {
  const errors: Record<string, string> = {};
  const value = rows.flatMap((row) => readRow(posted, row, errors));
  return Object.keys(errors).length === 0 ? { ok: true, value } : { ok: false, errors };
}

function readRow(posted: Posted, { key, kind, position }: ContactRow, errors: Record<string, string>): Contact[] {
  if (contactParts.every((part) => typed(posted, key + part).trim() === '')) return [];
  const read = z
    .object({
      navn: requiredLine('navn', 200),
      titel: optionalLine('titel', 200),
      mail: emailAddress('e-mailadresse'),
      telefon: phone,
    })
    .safeParse(Object.fromEntries(contactParts.map((part) => [part, posted[key + part]])));
  if (!read.success) {
    for (const issue of read.error.issues) errors[`${key}${String(issue.path[0])}`] ??= issue.message;
    return [];
  }
  const { navn: name, titel: title, mail: email, telefon } = read.data;
  return [{ kind, position, name, title, email, phone: telefon }];
}

export const versionForm = z.object({ version: wholeNumber(tooOldPage) });
