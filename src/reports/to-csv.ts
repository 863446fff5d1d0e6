import type { Writable } from 'node:stream';
import { remembered } from '../shared/remembered.ts';
import { clockOf, looksLikeFormula, plainText, standsAsItIs } from './cells.ts';
import type { CellFormat, CellValue, ReportDocument } from './document.ts';
import type { Written } from './write-hashed.ts';
import { writeHashed } from './write-hashed.ts';

/**
 * Semicolons, UTF-8 with its mark and CRLF, as a Danish Excel reads it. Times are Denmark's, sorted as they are written
 * (2026-11-30 14:05:59), numbers have a decimal comma.
 */
export async function toCsv(document: ReportDocument, out: Writable): Promise<Written> {
  const count = { rows: 0 };
  const written = await writeHashed(piecesOf(document, count), out);
  return { ...written, ...count };
}

async function* piecesOf({ columns, rows }: ReportDocument, count: { rows: number }): AsyncGenerator<Buffer> {
  const heads = columns.map(({ label }) => textField(label));
  yield Buffer.from(`\ufeff${heads.join(';')}\r\n`);
  const fields = columns.map(({ format }) => fieldsOf(format));
  for await (const batch of rows) {
    count.rows += batch.length;
    let lines = '';
    for (const row of batch) lines += lineOf(row, fields);
    yield Buffer.from(lines);
  }
}

type Field = (value: CellValue) => string;

function lineOf(row: readonly CellValue[], fields: readonly Field[]): string {
  let line = '';
  for (let index = 0; index < fields.length; index += 1) {
    if (index > 0) line += ';';
    line += fields[index]?.(row[index] ?? null);
  }
  return `${line}\r\n`;
}

function fieldsOf(format: CellFormat): Field {
  const ofText = format === 'date' || format === 'dateTime' ? remembered(momentField) : textField;
  return (value) => {
    if (value === null) return '';
    if (typeof value === 'boolean') return value ? 'Ja' : 'Nej';
    if (typeof value === 'number') return Number.isFinite(value) ? String(value).replace('.', ',') : '';
    return ofText(value);
  };
}

function momentField(text: string): string {
  const clock = clockOf(text);
  if (clock === null) return textField(text);
  const day = `${clock.year}-${clock.month}-${clock.day}`;
  return clock.time === null ? day : `${day} ${clock.time}`;
}

/** An apostrophe before what would be calculated (the advice of OWASP); quotes only where they are needed. */
function textField(value: string): string {
  if (standsAsItIs(value)) return value;
  const text = plainText(value);
  const safe = looksLikeFormula(text) ? `'${text}` : text;
  return /[";\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
