import { z } from 'zod';
import type { ReadDb } from '../db/access.ts';
import { danishDate } from '../http/forms.ts';
import { dayInDenmark } from '../shared/dates.ts';
import type { Within } from './report.ts';

export type Choice = { value: string; label: string };

/** One field of a report's filter: how it is typed, and by which words a report tells what was asked for. */
export type FilterField = {
  name: string;
  label: string;
  hint?: string;
  isRequired?: boolean;
  /** What it begins with. */
  start?(): string;
} & (
  | { kind: 'search' | 'day' | 'number' | 'unit' }
  | {
      kind: 'choice';
      /** The word for no choice. */ any: string | null;
      choices(db: ReadDb, within: Within): Promise<Choice[]>;
    }
  /** A person to look for by name; `find` gives the name, null for nobody whom the reader may see here. */
  | {
      kind: 'person';
      find(db: ReadDb, within: Within, id: number): Promise<string | null>;
      search(db: ReadDb, within: Within, text: string): Promise<Choice[]>;
    }
);

export const searchField: FilterField = {
  kind: 'search',
  name: 'soeg',
  label: 'Søgning',
  hint: 'Navn, e-mail, RID eller brugernavn. Ved tom tekst vises alle.',
};

// What a filter's schema is put together from; every field comes as one text, empty when nothing was chosen.

export const searchText = z
  .string()
  .transform((text) => text.normalize('NFC').replace(/\p{C}/gu, ' ').trim().slice(0, 100));

/** The id of a choice or null; what is no id counts as none chosen. */
export const chosenId = z.string().transform((text) => (/^\d{1,9}$/.test(text) ? Number(text) : null));

/** A required id: of a person, a role. */
export function requiredId(message: string): z.ZodType<number, unknown> {
  return z.custom<string>((text) => typeof text === 'string' && /^\d{1,9}$/.test(text), message).transform(Number);
}

export function chosenWord<const Word extends string>(words: readonly Word[]): z.ZodType<Word | null, unknown> {
  return z.string().transform((text) => words.find((word) => word === text) ?? null);
}

/** A day as dd-mm-åååå; required. */
export function requiredDay(label: string): z.ZodType<string, unknown> {
  return danishDate(label).transform((day, context) => {
    if (day !== null) return day;
    context.addIssue({ code: 'custom', message: `Skriv ${label}` });
    return z.NEVER;
  });
}

/** A day that is here already. */
export function pastDay(label: string): z.ZodType<string, unknown> {
  return requiredDay(label).refine((day) => day <= dayInDenmark(), `Skriv ${label} som i dag eller en tidligere dag`);
}

/** From one day to another, both included; each may be left out. */
export const period = { fra: danishDate('fra-dato'), til: danishDate('til-dato') };
export const isInOrder = ({ fra, til }: { fra: string | null; til: string | null }): boolean =>
  fra === null || til === null || fra <= til;
export const notInOrder = { path: ['til'], message: 'Til-datoen ligger før fra-datoen. Ret en af dem' };
export const periodFields: readonly FilterField[] = [
  { kind: 'day', name: 'fra', label: 'Fra og med', hint: 'dd-mm-åååå' },
  { kind: 'day', name: 'til', label: 'Til og med', hint: 'dd-mm-åååå' },
];

/** A SOR code or null. */
export const optionalUnit = z
  .string()
  .transform((text) => text.replace(/\s/g, ''))
  .refine((code) => code === '' || /^\d{6,18}$/.test(code), 'Skriv SOR-koden med 6 til 18 cifre')
  .transform((code) => (code === '' ? null : code));

/** A whole number within bounds. */
export function numberBetween(least: number, most: number, label: string): z.ZodType<number, unknown> {
  const message = `Skriv ${label} som et tal fra ${least} til ${most.toLocaleString('da-DK')}`;
  return z
    .string()
    .transform((text) => (/^\d{1,6}$/.test(text) ? Number(text) : Number.NaN))
    .refine((number) => number >= least && number <= most, message);
}

/** The choices of a field that are the same everywhere. */
export function fixed(...choices: [value: string, label: string][]): () => Promise<Choice[]> {
  return async () => choices.map(([value, label]) => ({ value, label }));
}
