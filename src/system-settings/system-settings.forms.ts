import { z } from 'zod';
import { emailAddress, optionalLine, requiredLine, wholeNumber } from '../http/forms.ts';
import type { SettingField, SettingName, SettingValue } from './setting.ts';
import { fieldsOf, risingFieldsOf } from './setting.ts';

/** The form of one setting: its fields, and which version was edited. */
export function settingForm(name: SettingName): z.ZodType<{ value: SettingValue; version: number }, unknown> {
  const fields = Object.entries(fieldsOf(name)).map(([field, type]) => [field, schemaOf(type)] as const);
  const values = z.object(Object.fromEntries(fields));
  const version = z.object({ version: wholeNumber('Siden er for gammel. Åbn den igen, og skriv ændringen der') });
  return version
    .and(values.superRefine((value, context) => refuseFalling(name, value as SettingValue, context)))
    .transform(({ version: edited, ...value }) => ({ version: edited, value: value as SettingValue }));
}

function refuseFalling(name: SettingName, value: SettingValue, context: z.RefinementCtx): void {
  const rising = risingFieldsOf(name);
  for (const [index, field] of rising.entries()) {
    const before = value[rising[index - 1] ?? field];
    if (Number(value[field]) < Number(before))
      context.addIssue({ code: 'custom', path: [field], message: `Skriv et tal, der ikke er mindre end ${before}` });
  }
}

function schemaOf({ label, kind, longest, isRequired, form, between }: SettingField): z.ZodType<string, unknown> {
  const name = label.charAt(0).toLowerCase() + label.slice(1);
  if (kind === 'markup') return text(name, longest);
  if (form === 'email') return emailAddress(name);
  const line = isRequired ? requiredLine(name, longest) : optionalLine(name, longest).transform((value) => value ?? '');
  if (between !== undefined) {
    const [least, most] = between;
    return line.refine((value) => /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most, {
      message: `Skriv et helt tal mellem ${least} og ${most}`,
    });
  }
  if (form === 'phone')
    return line.refine((value) => value === '' || /^[+\d][\d ()/-]*$/.test(value), {
      message: 'Skriv telefonnummeret med cifre, fx +45 44 22 80 75',
    });
  if (form === 'webAddress')
    return line.refine((value) => value === '' || isWebAddress(value), {
      message: 'Skriv hele adressen, fx https://www.eksempel.dk/drift',
    });
  if (form === 'months')
    return line.refine((value) => value === '' || value.split(',').every(isMonth), {
      message: 'Skriv måneder som numre fra 1 til 12 med komma imellem, fx 4, 10',
    });
  if (form === 'daysOff')
    return line.refine((value) => value === '' || value.split(',').every(isDay), {
      message: 'Skriv dage som 24-12 eller 04-01-2027 med komma imellem',
    });
  return line;
}

function isDay(value: string): boolean {
  const parts = /^(\d{2})-(\d{2})(?:-(\d{4}))?$/.exec(value.trim());
  if (parts === null) return false;
  const [, day = '', month = '', year = '2024'] = parts;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${month}-${day}`);
}

function isMonth(value: string): boolean {
  return /^(?:[1-9]|1[0-2])$/.test(value.trim());
}

function text(name: string, longest: number): z.ZodType<string, unknown> {
  return z
    .string({ error: `Skriv ${name}` })
    .transform((value) => value.normalize('NFC').replaceAll('\r\n', '\n').trim())
    .pipe(
      z
        .string()
        .min(1, `Skriv ${name}`)
        .max(longest, `Feltet ${name} må højst fylde ${longest.toLocaleString('da-DK')} tegn`)
        .refine((value) => !/[\p{Cs}\u202a-\u202e\u2066-\u2069\ufffe\uffff]|(?![\n\t])\p{Cc}/u.test(value), {
          message: `Feltet ${name} indeholder tegn, der ikke kan bruges. Skriv teksten igen uden dem`,
        }),
    );
}

function isWebAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && !/\s/.test(value);
}
