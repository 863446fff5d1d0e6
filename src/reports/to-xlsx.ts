import type { Writable } from 'node:stream';
import { remembered } from '../shared/remembered.ts';
import { formatNumber } from '../shared/text.ts';
import { aboutLines, checkHint } from './about-document.ts';
import { clockOf, looksLikeFormula, plainText, shownText, standsAsItIs } from './cells.ts';
import type { CellValue, DocumentColumn, ReportDocument } from './document.ts';
import type { Written } from './write-hashed.ts';
import type { Sheet } from './xlsx-parts.ts';
import {
  aboutSheet,
  columnName,
  contentTypes,
  coreProperties,
  rootRelations,
  sheetEnd,
  sheetStart,
  style,
  styleOf,
  styles,
  inlineText,
  textCell,
  widthOf,
  workbook,
  workbookRelations,
} from './xlsx-parts.ts';
import type { ZipParts } from './zip-parts.ts';
import { writeZip } from './zip-parts.ts';

/** What Excel holds, less the header. */
const rowsPerSheet = 1_048_575;

/** Typed cells in one sheet (in several where Excel holds no more), and one that says what they are. */
export function toXlsx(document: ReportDocument, out: Writable): Promise<Written> {
  return writeZip(out, document.head, (zip) => fill(zip, document));
}

async function fill(zip: ZipParts, { head, columns, rows }: ReportDocument): Promise<number> {
  zip.addText('_rels/.rels', rootRelations);
  zip.addText('docProps/core.xml', coreProperties(head));
  zip.addText('xl/styles.xml', styles);
  const sheets: Sheet[] = [];
  const source = sheetfuls(rows);
  do {
    const number = sheets.length + 1;
    const sheet = { name: number === 1 ? 'Rapport' : `Rapport (${number})`, rows: 0, hasRows: true };
    const pieces = sheetPieces(sheet, { head, columns, rows: source.next() });
    await zip.addPieces(`xl/worksheets/sheet${number}.xml`, pieces);
    sheets.push(sheet);
  } while (await source.hasMore());
  const count = sheets.reduce((sum, sheet) => sum + sheet.rows, 0);
  const about: [string, string][] = [...aboutLines(head), ['Antal rækker', formatNumber(count)]];
  sheets.push({ name: 'Om rapporten', rows: about.length, hasRows: false });
  zip.addText(`xl/worksheets/sheet${sheets.length}.xml`, aboutSheet(head.title, about, checkHint));
  zip.addText('xl/workbook.xml', workbook(sheets, columns.length));
  zip.addText('xl/_rels/workbook.xml.rels', workbookRelations(sheets));
  zip.addText('[Content_Types].xml', contentTypes(sheets));
  return count;
}

type Sheetfuls = { next(): AsyncIterable<CellValue[][]>; hasMore(): Promise<boolean> };

/** Deals the batches out to sheets, none larger than Excel allows. */
function sheetfuls(rows: AsyncIterable<CellValue[][]>): Sheetfuls {
  const batches = rows[Symbol.asyncIterator]();
  let left: CellValue[][] = [];
  const take = async (): Promise<CellValue[][]> => {
    while (left.length === 0) {
      const found = await batches.next();
      if (found.done === true) break;
      left = found.value;
    }
    return left;
  };
  return {
    async *next() {
      let isWhole = false;
      try {
        for (let count = 0; count < rowsPerSheet;) {
          const batch = (await take()).slice(0, rowsPerSheet - count);
          if (batch.length === 0) break;
          left = left.slice(batch.length);
          count += batch.length;
          yield batch;
        }
        isWhole = true;
      } finally {
        // Left early: nobody will ask for the rest.
        if (!isWhole) await batches.return?.();
      }
    },
    async hasMore() {
      return (await take()).length > 0;
    },
  };
}

async function* sheetPieces(sheet: Sheet, { head, columns, rows }: ReportDocument): AsyncGenerator<string> {
  const names = columns.map((_, index) => columnName(index));
  const cells = columns.map((column, index) => cellsOf(column, names[index] ?? ''));
  const fits = columns.map(charactersThatFit);
  const heads = columns.map(({ label }, index) => textCell(`${names[index]}1`, label, style.head));
  const isFirst = sheet.name === 'Rapport';
  yield `${sheetStart(columns, isFirst)}<row r="1" ht="30" customHeight="1">${heads.join('')}</row>`;
  for await (const batch of rows) {
    let text = '';
    for (const row of batch) {
      sheet.rows += 1;
      text += `<row r="${sheet.rows + 1}"${heightOf(row, fits)}>${rowOf(row, cells, sheet.rows + 1)}</row>`;
    }
    yield text;
  }
  yield sheetEnd(columns.length, sheet.rows, head);
}

/** The end of a cell's element, after its place; nothing where the cell is empty. */
type Cell = (value: CellValue, number: number) => string;

function rowOf(row: readonly CellValue[], cells: readonly Cell[], number: number): string {
  let text = '';
  for (let index = 0; index < cells.length; index += 1) text += cells[index]?.(row[index] ?? null, number);
  return text;
}

/** In a line of the cell; a longer text would be cut off by the next cell, and in the last column run on over the edge of the paper. */
function charactersThatFit(column: DocumentColumn): number {
  return column.format === 'date' || column.format === 'dateTime' ? Number.POSITIVE_INFINITY : widthOf(column);
}

const lineHeight = 15;
/** Excel makes no row higher. */
const mostLines = 27;

/** Of a row with a text that breaks: not every program measures rows when it opens a file. */
function heightOf(row: readonly CellValue[], fits: readonly number[]): string {
  let lines = 1;
  for (let index = 0; index < fits.length; index += 1) {
    const [value, fit] = [row[index], fits[index] ?? 0];
    if (typeof value === 'string' && value.length > fit) lines = Math.max(lines, Math.ceil(value.length / fit));
  }
  return lines === 1 ? '' : ` ht="${lineHeight * Math.min(lines, mostLines)}"`;
}

function cellsOf(column: DocumentColumn, name: string): Cell {
  const { format } = column;
  const fits = charactersThatFit(column);
  const ofText =
    format === 'date' || format === 'dateTime'
      ? remembered((text: string) => momentContent(text, format))
      : (text: string) => textContent(text, fits);
  const contentOf = (value: string | number | boolean): string => {
    if (typeof value === 'string') return ofText(value);
    if (typeof value === 'number' && format !== 'code') return numberContent(value, style.number);
    return inlineText(shownText(value, format), style.text);
  };
  return (value, number) => {
    const content = value === null ? '' : contentOf(value);
    return content === '' ? '' : `<c r="${name}${number}${content}`;
  };
}

function textContent(value: string, fits: number): string {
  if (value === '') return '';
  const usual = value.length > fits ? style.wrapped : style.text;
  if (standsAsItIs(value)) return inlineText(value, usual);
  const text = plainText(value);
  return inlineText(text, looksLikeFormula(text) ? style.quoted : usual);
}

function momentContent(value: string, format: 'date' | 'dateTime'): string {
  const days = serialOf(value);
  return days === null ? textContent(value, Number.POSITIVE_INFINITY) : numberContent(days, styleOf[format]);
}

function numberContent(value: number, styleIndex: number): string {
  return Number.isFinite(value) ? `" s="${styleIndex}"><v>${value}</v></c>` : '';
}

const dayMs = 86_400_000;
const excelEpoch = Date.UTC(1899, 11, 30);

/** Days since Excel's beginning, by the Danish clock; null for what Excel cannot show as a date. */
function serialOf(text: string): number | null {
  const clock = clockOf(text);
  // Excel's calendar has a 29 February 1900: before it every number would be another day.
  if (clock === null || clock.year < '1901') return null;
  const moment = Date.parse(`${clock.year}-${clock.month}-${clock.day}T${clock.time ?? '00:00:00'}Z`);
  return Math.round(((moment - excelEpoch) / dayMs) * 1e8) / 1e8;
}
