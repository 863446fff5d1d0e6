import type { Writable } from 'node:stream';
import { formatNumber } from '../shared/text.ts';
import { remembered } from '../shared/remembered.ts';
import { plainText, shownText, standsAsItIs } from './cells.ts';
import type { CellValue, DocumentColumn, ReportDocument } from './document.ts';
import type { DocxFrame } from './docx-frame.ts';
import { docxFrame } from './docx-frame.ts';
import { isAtRight, pageFormat } from './page-format.ts';
import type { Written } from './write-hashed.ts';
import { xmlText } from './xml-text.ts';
import type { ZipParts } from './zip-parts.ts';
import { writeZip } from './zip-parts.ts';

/** Word holds 32,767 rows in a table, and turns the pages of shorter ones faster. */
const rowsPerTable = 10_000;

/** A frame of the `docx` package, into whose table the rows are streamed. */
export function toDocx(document: ReportDocument, out: Writable): Promise<Written> {
  return writeZip(out, document.head, (zip) => fill(zip, document));
}

async function fill(zip: ZipParts, document: ReportDocument): Promise<number> {
  const frame = await docxFrame(document, pageFormat(document.columns));
  // The list of parts comes first, as programs that tell a file's kind by its beginning expect.
  for (const { name, bytes } of frame.parts.toSorted(contentTypesFirst)) zip.addBytes(name, bytes);
  const count = { rows: 0 };
  await zip.addPieces('word/document.xml', textPieces(frame, document, count));
  return count.rows;
}

function contentTypesFirst(one: { name: string }, other: { name: string }): number {
  return Number(other.name.startsWith('[')) - Number(one.name.startsWith('['));
}

async function* textPieces(
  frame: DocxFrame,
  { columns, rows }: ReportDocument,
  count: { rows: number },
): AsyncGenerator<string> {
  yield frame.start + frame.tableStart;
  const cells = columns.map(cellsOf);
  for await (const batch of rows) {
    let text = '';
    for (const row of batch) {
      if (count.rows > 0 && count.rows % rowsPerTable === 0) text += nextTable(frame, count.rows + 1);
      count.rows += 1;
      text += rowOf(row, cells);
    }
    yield text;
  }
  const none = count.rows === 0 ? paragraph('', 'Rapporten har ingen rækker.') : paragraph('', '');
  yield `</w:tbl>${none}${frame.end}`;
}

function nextTable({ tableStart }: DocxFrame, from: number): string {
  return `</w:tbl>${paragraph('Heading2', `Fra række ${formatNumber(from)}`)}${tableStart}`;
}

function paragraph(styleId: string, text: string): string {
  const style = styleId === '' ? '' : `<w:pPr><w:pStyle w:val="${styleId}"/></w:pPr>`;
  return text === '' ? `<w:p>${style}</w:p>` : `<w:p>${style}<w:r><w:t>${xmlText(text)}</w:t></w:r></w:p>`;
}

type Cell = (value: CellValue) => string;

function cellsOf(column: DocumentColumn): Cell {
  const { format } = column;
  const start = `<w:tc><w:p>${isAtRight(column) ? '<w:pPr><w:jc w:val="right"/></w:pPr>' : ''}`;
  const ofText =
    format === 'date' || format === 'dateTime' ? remembered((text: string) => runOf(shownText(text, format))) : runOf;
  return (value) => {
    const run = typeof value === 'string' ? ofText(value) : runOf(shownText(value, format));
    return `${start}${run}</w:p></w:tc>`;
  };
}

function rowOf(row: readonly CellValue[], cells: readonly Cell[]): string {
  let text = '<w:tr><w:trPr><w:cantSplit/></w:trPr>';
  for (let index = 0; index < cells.length; index += 1) text += cells[index]?.(row[index] ?? null);
  return `${text}</w:tr>`;
}

function runOf(value: string): string {
  if (value === '') return '';
  if (standsAsItIs(value)) return `<w:r><w:t>${value}</w:t></w:r>`;
  const text = plainText(value);
  const lines = text.includes('\n') || text.includes('\t') ? text.split(/([\n\t])/) : [text];
  const pieces = lines.map((line) => {
    if (line === '\n') return '<w:br/>';
    return line === '\t' ? '<w:tab/>' : `<w:t xml:space="preserve">${xmlText(line)}</w:t>`;
  });
  return `<w:r>${pieces.join('')}</w:r>`;
}
