import { locales, z } from 'zod';

/** A posted body as it came: each name once or several times. */
export type Posted = Record<string, string | string[]>;

/** What a form page shows again: the values typed and the fault of each field. */
export type FieldErrors = Record<string, string>;

export type FormResult<Value> = { ok: true; value: Value } | { ok: false; errors: FieldErrors };

// For a fault that a schema gave no sentence of its own.
const danish = locales.da().localeError;

/** Parses a posted form by its schema; each field's first fault becomes its message. */
export function parseForm<Schema extends z.ZodType>(schema: Schema, posted: Posted): FormResult<z.output<Schema>> {
  const parsed = schema.safeParse(posted, { error: danish });
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors: FieldErrors = {};
  for (const issue of parsed.error.issues) errors[String(issue.path[0] ?? 'form')] ??= issue.message;
  return { ok: false, errors };
}

/** The single text that was typed in a field, for showing it again. */
export function typed(posted: Posted, name: string): string {
  const value = posted[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** What was typed into a search box: one line of at most a hundred characters; what cannot be searched for is left out. */
export function typedSearch(posted: Posted, name: string): string {
  return typed(posted, name).normalize('NFC').replace(/\p{C}/gu, ' ').trim().slice(0, 100);
}

/** All values of a name: none, one or several checkboxes. */
export function typedList(posted: Posted, name: string): string[] {
  const value = posted[name];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

// Control characters (line breaks aside), characters that no text needs, marks that turn the direction of writing.
const forbiddenInLine = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]/u;
const forbiddenInText = /[\p{Cs}\u202a-\u202e\u2066-\u2069\ufffe\uffff]|(?![\n\r\t])\p{Cc}/u;

/** One line of text, trimmed and in composed form; required unless made optional with `optionalLine`. */
export function requiredLine(label: string, longest: number): z.ZodType<string, unknown> {
  return single(label).pipe(
    z
      .string()
      .transform((value) => value.normalize('NFC').trim())
      .pipe(
        z
          .string()
          .min(1, `Skriv ${label}`)
          .max(longest, tooLong(label, longest))
          .refine((value) => !forbiddenInLine.test(value), unreadable(label)),
      ),
  );
}

/** One line of text or null when left empty. */
export function optionalLine(label: string, longest: number): z.ZodType<string | null, unknown> {
  return optional(label, longest, forbiddenInLine);
}

/** Several lines of text or null when left empty; line breaks become \n. */
export function optionalText(label: string, longest: number): z.ZodType<string | null, unknown> {
  return optional(label, longest, forbiddenInText);
}

function optional(label: string, longest: number, forbidden: RegExp): z.ZodType<string | null, unknown> {
  return single(label)
    .optional()
    .transform((value) => (value ?? '').normalize('NFC').replaceAll('\r\n', '\n').trim())
    .pipe(
      z
        .string()
        .max(longest, tooLong(label, longest))
        .refine((value) => !forbidden.test(value), unreadable(label)),
    )
    .transform((value) => (value === '' ? null : value));
}

// Strict on purpose: quoted local parts, comments and lists are how mail is led astray.
const addressForm =
  /^[a-z0-9_'+&-]+(?:\.[a-z0-9_'+&-]+)*@(?:[a-z0-9æøåäöüé](?:[a-z0-9æøåäöüé-]{0,61}[a-z0-9æøåäöüé])?\.)+[a-z]{2,63}$/i;

/** One e-mail address, white space trimmed. */
export function emailAddress(label: string): z.ZodType<string, unknown> {
  return requiredLine(label, 254).refine((value) => addressForm.test(value) && value.indexOf('@') <= 64, {
    message: 'Skriv e-mailadressen som navn@eksempel.dk',
  });
}

/** A day typed as dd-mm-åååå (points and strokes do too), as yyyy-mm-dd; null when left empty. */
export function danishDate(label: string): z.ZodType<string | null, unknown> {
  return optionalLine(label, 10).transform((value, context) => {
    const day = value === null ? null : isoDay(value);
    if (day !== undefined) return day;
    context.addIssue({ code: 'custom', message: `Skriv ${label} som dd-mm-åååå, fx 31-12-2026` });
    return z.NEVER;
  });
}

/** undefined when there is no such day in a calendar. */
function isoDay(typedDay: string): string | undefined {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})[-./](\d{1,2})[-./](\d{4})$/.exec(typedDay) ?? [];
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const moment = new Date(`${iso}T00:00:00Z`);
  return year >= '1900' && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(iso) ? iso : undefined;
}

/** One of the given words, from a select, radio buttons or a hidden field. */
export function oneOf<const Word extends string>(words: readonly Word[], message: string): z.ZodType<Word, unknown> {
  return z.custom<Word>((value) => typeof value === 'string' && (words as readonly string[]).includes(value), message);
}

/** A whole number of the database's ids, versions and counts. */
export function wholeNumber(message: string): z.ZodType<number, unknown> {
  return z
    .custom<string>((value) => typeof value === 'string' && /^\d{1,10}$/.test(value), message)
    .transform(Number)
    .pipe(z.number().max(2_147_483_647, message));
}

/** None, one or many of a field (checkboxes). */
export function listOf<Item extends z.ZodType>(items: z.ZodArray<Item>): z.ZodType<z.output<Item>[], unknown> {
  return z.preprocess((value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]), items);
}

/** None, one or many ids (checkboxes), each once, in rising order so that locks are taken in one order. */
export function ids(message: string, most: number): z.ZodType<number[], unknown> {
  return listOf(z.array(wholeNumber(message)))
    .transform((list) => [...new Set(list)].toSorted((a, b) => a - b))
    .pipe(z.array(z.number()).max(most, `Vælg højst ${most.toLocaleString('da-DK')} ad gangen`));
}

function single(label: string): z.ZodString {
  return z.string({
    error: (issue) => (issue.input === undefined ? `Skriv ${label}` : `Feltet ${label} må kun sendes én gang`),
  });
}

function tooLong(label: string, longest: number): string {
  return `Feltet ${label} må højst fylde ${longest.toLocaleString('da-DK')} tegn`;
}

function unreadable(label: string): string {
  return `Feltet ${label} indeholder tegn, der ikke kan bruges. Skriv teksten igen uden dem`;
}
