import type { z } from 'zod';
import { danishDate } from '../http/forms.ts';
import type { AssignmentScope } from '../role-assignments/assignment.ts';
import { isSorCode } from '../shared/danish-numbers.ts';
import type { UserField } from '../users/user.ts';
import { userFields } from '../users/user.ts';
import { createUserForm, labelOf } from '../users/users.forms.ts';
import type { Column, Layout, RawRow } from './columns.ts';
import { columns } from './columns.ts';
import { cellFaults } from './xlsx-sheet.ts';

/** One row as it was understood; what is null was not told and changes nothing. */
export type ImportRow = Partial<Record<UserField, string | null>> & {
  line: number;
  /** As it stood there, in the template's order. */
  cells: string[];
  roleText: string | null;
  sorCode: string | null;
  scope: AssignmentScope | null;
  /** yyyy-mm-dd */
  startsOn: string | null;
  endsOn: string | null;
  /** What is wrong with it whatever the database holds, in one or more sentences. */
  fault: string | null;
};

const longestCell = 2500;

/** Reads rows one by one; it remembers what earlier rows said of the same RID. */
export function rowReader({ places }: Layout): (raw: RawRow) => ImportRow {
  const told = new Map<string, Map<UserField, { value: string; line: number }>>();
  return (raw) => {
    const cell = (name: Column): string => legible(raw.cells[places.get(name) ?? -1] ?? '');
    const faults = faultsOfCells(cell);
    const row = {
      line: raw.line,
      cells: columns.map(({ name }) => cell(name)),
      ...fieldsOf(cell, faults),
      ...grantOf(cell, faults),
    };
    if (faults.length === 0) faults.push(...conflicts(told, row));
    return { ...row, fault: faults.length === 0 ? null : [...new Set(faults)].map(sentence).join(' ') };
  };
}

/** The database and the page can hold it: no control characters, no half letters, not endless. */
function legible(text: string): string {
  return text
    .slice(0, longestCell)
    .toWellFormed()
    .normalize('NFC')
    .replaceAll('\r\n', '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '\uFFFD')
    .trim();
}

function faultsOfCells(cell: (name: Column) => string): string[] {
  return columns.flatMap(({ name, label }) => {
    const text = cell(name);
    if (text === cellFaults.rounded)
      return [`${label} er gemt som et tal, som Excel har rundet af. Gør kolonnen til tekst, og skriv koden igen`];
    if (text === cellFaults.noValue) return [`${label} er en formel uden værdi. Skriv selve værdien`];
    if (text === cellFaults.error) return [`${label} er en fejl i Excel (som #I/T). Skriv selve værdien`];
    if (text.startsWith('=')) return [`${label} begynder med =. Formler regnes ikke ud. Skriv selve værdien`];
    return [];
  });
}

function fieldsOf(cell: (name: Column) => string, faults: string[]): Partial<Record<UserField, string | null>> {
  const fields: Partial<Record<UserField, string | null>> = {};
  for (const field of userFields) {
    const text = cell(field);
    if (text === '' && field !== 'rid') fields[field] = null;
    else fields[field] = parsed(createUserForm.shape[field], text, faults);
  }
  return fields;
}

function parsed<Value>(schema: z.ZodType<Value, unknown>, text: string, faults: string[]): Value | null {
  const result = schema.safeParse(text);
  if (result.success) return result.data;
  // One sentence a cell, and none where the cell as such is refused already.
  if (!text.startsWith('\uFFFC') && !text.startsWith('=')) faults.push(result.error.issues[0]?.message ?? 'Ret cellen');
  return null;
}

type Grant = Pick<ImportRow, 'roleText' | 'sorCode' | 'scope' | 'startsOn' | 'endsOn'>;

function grantOf(cell: (name: Column) => string, faults: string[]): Grant {
  const roleText = cell('role').slice(0, 400) || null;
  const sorCode = ['', '0'].includes(cell('sor')) ? null : cell('sor');
  const scope = scopeOf(cell('scope'), faults);
  const startsOn = dayOf('start', cell('start'), faults);
  const endsOn = dayOf('stop', cell('stop'), faults);
  if (sorCode !== null && !isSorCode(sorCode) && !sorCode.startsWith('\uFFFC'))
    faults.push(`SOR-koden ${sorCode.slice(0, 40)} er ikke rigtig. Se efter, om alle cifre er med`);
  if (roleText === null && (sorCode ?? startsOn ?? endsOn) !== null)
    faults.push('Skriv rollen, eller slet SOR-kode og datoer');
  if (startsOn !== null && endsOn !== null && endsOn < startsOn)
    faults.push('Slutdatoen ligger før startdatoen. Ret en af dem');
  return { roleText, sorCode, scope, startsOn, endsOn };
}

const scopes: [RegExp, AssignmentScope][] = [
  [/^(3|denne enhed og underenheder|(og|med) underenheder|unit_and_subunits)$/i, 'UNIT_AND_SUBUNITS'],
  [/^((kun )?denne enhed|unit_only)$/i, 'UNIT_ONLY'],
];

/** The scope that somebody typed, as a number or in words; null for anything else. */
export function scopeIn(text: string): AssignmentScope | null {
  return scopes.find(([words]) => words.test(text))?.[1] ?? null;
}

function scopeOf(text: string, faults: string[]): AssignmentScope | null {
  if (text === '' || text.startsWith('\uFFFC')) return null;
  const scope = scopeIn(text);
  if (scope === null) faults.push('Skriv omfang som “Denne enhed og underenheder” eller “Denne enhed”');
  return scope;
}

// Made once: a schema costs more than a thousand uses of it.
const days = { start: danishDate('startdatoen'), stop: danishDate('slutdatoen') };

function dayOf(name: 'start' | 'stop', text: string, faults: string[]): string | null {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? text.split('-').toReversed().join('-') : dayOfNumber(text);
  return day === '' ? null : parsed(days[name], day, faults);
}

/** Excel keeps a date as the number of days since 30-12-1899: "46356" → "30-11-2026". */
function dayOfNumber(text: string): string {
  if (!/^\d{5}(\.\d+)?$/.test(text)) return text;
  const day = new Date(Date.UTC(1899, 11, 30) + Math.floor(Number(text)) * 86_400_000).toISOString().slice(0, 10);
  return day.split('-').toReversed().join('-');
}

type Told = Map<string, Map<UserField, { value: string; line: number }>>;

/** Several rows of one RID are several roles; of the person they must say the same. */
function conflicts(told: Told, row: Partial<Record<UserField, string | null>> & { line: number }): string[] {
  const { rid, line } = row;
  if (rid === undefined || rid === null) return [];
  const before = told.get(rid) ?? new Map<UserField, { value: string; line: number }>();
  for (const field of userFields) {
    const value = row[field] ?? null;
    const earlier = before.get(field);
    if (value !== null && earlier !== undefined && earlier.value !== value)
      return [
        `RID ${rid} står også i række ${earlier.line} med en anden ${labelOf(field).toLowerCase()}. Ret en af rækkerne`,
      ];
  }
  for (const field of userFields) {
    const value = row[field] ?? null;
    if (value !== null && !before.has(field)) before.set(field, { value, line });
  }
  told.set(rid, before);
  return [];
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
