import type { Writable } from 'node:stream';
import { clockOf, looksLikeFormula, plainText } from './cells.ts';
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
  const formats = columns.map(({ format }) => format);
  for await (const batch of rows) {
    count.rows += batch.length;
    yield Buffer.from(batch.map((row) => lineOf(row, formats)).join(''));
  }
}

function lineOf(row: readonly CellValue[], formats: readonly CellFormat[]): string {
  let line = '';
  for (let index = 0; index < formats.length; index += 1) {
    if (index > 0) line += ';';
    line += fieldOf(row[index] ?? null, formats[index] ?? 'text');
  }
  return `${line}\r\n`;
}

function fieldOf(value: CellValue, format: CellFormat): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'Ja' : 'Nej';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value).replace('.', ',') : '';
  const clock = format === 'date' || format === 'dateTime' ? clockOf(value) : null;
  if (clock === null) return textField(value);
  const day = `${clock.year}-${clock.month}-${clock.day}`;
  return clock.time === null ? day : `${day} ${clock.time}`;
}

/** An apostrophe before what would be calculated (the advice of OWASP); quotes only where they are needed. */
function textField(value: string): string {
  const text = plainText(value);
  const safe = looksLikeFormula(text) ? `'${text}` : text;
  return /[";\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
