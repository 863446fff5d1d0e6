import type { RawRow } from './columns.ts';
import { mostRows, tooManyRows } from './unreadable-file.ts';
import type { Attributes, Handlers } from './xlsx-xml.ts';
import { readParts } from './xlsx-xml.ts';

/** Further to the right there is nothing of ours. */
const mostColumns = 60;
/** A number that Excel has rounded: it keeps 15 digits. */
const longestNumber = 999_999_999_999_999;

/** What a cell shows that holds no usable text; a row with one in a column of ours is a fault, told in words. */
export const cellFaults = {
  noValue: '\uFFFCformel',
  error: '\uFFFCfejl',
  rounded: '\uFFFCafrundet',
} as const;

type Cell = { place: number; type: string; hasFormula: boolean; text: string };

/** The rows of a sheet, empty ones left out. Of a formula only the value that was saved with it is read. */
export async function readRows(
  bytes: AsyncIterable<Buffer>,
  texts: readonly string[],
  countsFrom1904: boolean,
): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  await readParts(bytes, rowReader(rows, texts, countsFrom1904));
  return rows;
}

function rowReader(rows: RawRow[], texts: readonly string[], countsFrom1904: boolean): Handlers {
  let line = 0;
  let cells: string[] = [];
  let cell: Cell | null = null;
  let collects = false;
  return {
    open(name: string, attributes: Attributes): void {
      if (name === 'row') {
        line = /^\d{1,7}$/.test(attributes.r ?? '') ? Number(attributes.r) : line + 1;
        cells = [];
      } else if (name === 'c') {
        cell = { place: placeOf(attributes.r, cells.length), type: attributes.t ?? 'n', hasFormula: false, text: '' };
      } else if (name === 'f' && cell !== null) cell.hasFormula = true;
      collects = cell !== null && (name === 'v' || name === 't');
    },
    text(found: string): void {
      if (collects && cell !== null && cell.text.length < 10_000) cell.text += found;
    },
    close(name: string): void {
      collects = false;
      if (name === 'c' && cell !== null) {
        if (cell.place < mostColumns) cells[cell.place] = textOf(cell, texts, countsFrom1904);
        cell = null;
      } else if (name === 'row') {
        const filled = Array.from(cells, (text) => text ?? '');
        if (!filled.some((text) => text !== '')) return;
        // One more for the header.
        if (rows.push({ line, cells: filled }) > mostRows + 1) throw tooManyRows();
      }
    },
  };
}

/** "AB12" → 27; a cell without an address follows the one before. */
function placeOf(address: string | undefined, next: number): number {
  const letters = /^([A-Z]{1,3})\d/.exec(address ?? '')?.[1];
  if (letters === undefined) return next;
  return [...letters].reduce((place, letter) => place * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function textOf({ type, text, hasFormula }: Cell, texts: readonly string[], countsFrom1904: boolean): string {
  if (hasFormula && text === '') return cellFaults.noValue;
  switch (type) {
    case 's':
      return clean(texts[Number(text)] ?? '');
    case 'e':
      return cellFaults.error;
    case 'b':
      return text === '1' ? 'Ja' : 'Nej';
    case 'n':
      return numberText(text.trim(), countsFrom1904);
    default:
      return clean(text);
  }
}

/** Codes that were typed as numbers: without an exponent, and never silently rounded. */
function numberText(text: string, countsFrom1904: boolean): string {
  const value = Number(text);
  if (text === '' || Number.isNaN(value)) return text;
  if (Math.abs(value) > longestNumber) return cellFaults.rounded;
  if (/^\d+$/.test(text) && !countsFrom1904) return text;
  return countsFrom1904 && value > 20_000 && value < 90_000 ? String(value + 1462) : String(value);
}

function clean(text: string): string {
  return text.replaceAll('_x000D_', '').trim();
}
