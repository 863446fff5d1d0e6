import { z } from 'zod';
import type { Posted } from '../http/forms.ts';
import { emailAddress, optionalLine, optionalText, requiredLine, typed, wholeNumber } from '../http/forms.ts';
import type { Field } from '../pages/fields.ts';
import type { User, UserField } from './user.ts';
import { userFields } from './user.ts';

const postcode = optionalLine('postnr.', 10).refine((value) => value === null || /^\d{4}$/.test(value), {
  message: 'Skriv postnummeret med fire cifre, fx 0800',
});
const phone = optionalLine('telefon', 40).refine((value) => value === null || /^[+\d][\d ()/-]*$/.test(value), {
  message: 'Skriv telefonnummeret med cifre, fx 44 22 80 75',
});

/** Opret bruger; extra fields of a post are dropped here. */
export const createUserForm = z.object({
  firstName: requiredLine('fornavn', 100),
  lastName: requiredLine('efternavn', 100),
  email: emailAddress('e-mailadresse'),
  rid: requiredLine('RID-nummer', 64),
  address: optionalLine('adresse', 200),
  postcode,
  city: optionalLine('by', 100),
  phone,
  remark: optionalText('bemærkning', 2000),
});

/** Rediger bruger: the same fields, and which version of the user was edited. */
export const editUserForm = createUserForm.extend({
  version: wholeNumber('Siden er for gammel. Åbn den igen, og skriv ændringen der'),
});

/** Rediger mine brugeroplysninger: contact data alone; one's own name and RID never. */
export const ownDetailsForm = z.object({
  email: emailAddress('e-mailadresse'),
  address: optionalLine('adresse', 200),
  postcode,
  city: optionalLine('by', 100),
  phone,
  version: wholeNumber('Siden er for gammel. Åbn den igen, og skriv ændringen der'),
});

type FieldLook = Omit<Field, 'name' | 'value' | 'error' | 'errorHref'>;

const look = (label: string, isRequired: boolean, more: Partial<FieldLook> = {}): FieldLook => ({
  label,
  isRequired,
  hint: null,
  autocomplete: 'off',
  kind: 'line',
  inputmode: 'text',
  ...more,
});

const looks: Record<UserField, FieldLook> = {
  firstName: look('Fornavn', true),
  lastName: look('Efternavn', true),
  email: look('E-mailadresse', true, { hint: 'Arbejdsmail, fx navn@eksempel.dk', inputmode: 'email' }),
  rid: look('RID-nummer', true, {
    hint: 'Medarbejderens nummer i MitID Erhverv. Kan have foranstillede nuller og bogstaver.',
    help: { href: '/hjaelp/rid-og-uuid', label: 'Hvor finder jeg RID-nummeret?' },
  }),
  address: look('Adresse', false),
  postcode: look('Postnr.', false, { inputmode: 'numeric' }),
  city: look('By', false),
  phone: look('Telefon', false, { inputmode: 'tel' }),
  remark: look('Bemærkning', false, { kind: 'text', hint: 'Skriv ikke CPR-numre eller helbredsoplysninger her.' }),
};

export type FieldModel = Field & { name: UserField };

/** The fields of the form with what was typed and what is wrong. */
export function fieldModels(
  shown: readonly UserField[],
  posted: Posted,
  errors: Record<string, string>,
  errorHref: string | null = null,
): FieldModel[] {
  return shown.map((name) => {
    const error = errors[name] ?? null;
    return { ...looks[name], name, value: typed(posted, name), error, errorHref: error === null ? null : errorHref };
  });
}

/** A user as if it had just been typed. */
export function asTyped(user: User): Posted {
  const typedFields: Posted = { version: String(user.version) };
  for (const field of userFields) typedFields[field] = user[field] ?? '';
  return typedFields;
}

export function labelOf(field: UserField): string {
  return looks[field].label;
}
