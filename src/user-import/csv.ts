import { columns, ownColumns } from './columns.ts';
import { reasonText } from './reasons.ts';
import type { JudgedRow } from './user-import.queries.ts';

/** The empty form of the file: its column names. */
export function templateCsv(): string {
  return csvOf([columns.map(({ label }) => label)]);
}

/** The rows that have a fault, as they stood, with what is wrong; corrected it can be sent again. */
export function errorsCsv(rows: readonly JudgedRow[]): string {
  const header = [...columns.map(({ label }) => label), ownColumns.line, ownColumns.fault];
  const lines = rows.map((row) => [
    ...row.cells.map(safeCell),
    String(row.line),
    safeCell(reasonText(row.reason, row.about)),
  ]);
  return csvOf([header, ...lines]);
}

function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(quoted).join(';')}\r\n`).join('');
}

/** Nothing that Excel would calculate, and no code that it would turn into a number; both come off when it is read again. */
function safeCell(text: string): string {
  if (/^(0\d+|\d{12,})$/.test(text)) return `="${text}"`;
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text.replaceAll('\uFFFC', '');
}

function quoted(text: string): string {
  return /[;"\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
