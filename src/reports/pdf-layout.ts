import { remembered } from '../shared/remembered.ts';
import { aboutLines, checkHint } from './about-document.ts';
import { plainText, shownText } from './cells.ts';
import type { CellValue, DocumentColumn, DocumentHead, ReportDocument } from './document.ts';
import type { PageFormat } from './page-format.ts';
import { cellPadding, isAtRight, pageMargin } from './page-format.ts';
import type { DrawnLine, PdfFont } from './pdf-font.ts';
import type { ColumnEdges, Letters, Page, PageDrawing, RowSpot } from './pdf-page.ts';
import { drawPage, point, textOperators } from './pdf-page.ts';

type Fonts = { text: PdfFont; bold: PdfFont };
type Setting = { format: PageFormat; fonts: Fonts; count: { rows: number } };

/** Letters of what stands around the table. */
export const letterhead = {
  title: { font: 'F2', size: 16 },
  label: { font: 'F2', size: 10 },
  about: { font: 'F1', size: 10 },
  hint: { font: 'F1', size: 9 },
  footer: { font: 'F1', size: 8 },
} as const satisfies Record<string, Letters>;

const lineShare = 1.25;
/** From the top of a line to the foot of its letters. */
const baseline = 0.95;
const rowPadding = 2.5;
const footerHeight = 14;
const pageNumber = new Intl.NumberFormat('da-DK');

/** Lays the rows out page by page; nothing is kept but the page under way. */
export async function* pagesOf(document: ReportDocument, setting: Setting): AsyncGenerator<Page> {
  const sheet = newSheet(document, setting);
  sheet.first();
  for await (const batch of document.rows) {
    for (const row of batch) {
      setting.count.rows += 1;
      for (const page of sheet.row(row)) yield page;
    }
  }
  yield sheet.last(setting.count.rows);
}

type Sheet = {
  first(): void;
  /** Answers the pages that it filled. */
  row(row: readonly CellValue[]): Page[];
  last(rows: number): Page;
};

type Row = { cells: (readonly DrawnLine[])[]; lines: number };

function newSheet({ head, columns }: ReportDocument, { format, fonts }: Setting): Sheet {
  const { fontSize, width, height } = format;
  const lineHeight = fontSize * lineShare;
  const edges = edgesOf(format, columns);
  const bottom = pageMargin + footerHeight;
  const header = rowOf(
    columns.map(({ label }) => plainText(label)),
    fonts.bold,
    format,
  );
  const layouts = columns.map((column, index) => cellLayout(column, fonts.text, innerWidth(format, index)));
  let page = drawPage(edges);
  let top = height - pageMargin;
  let number = 1;
  let rules = '';

  const spotAt = (at: number): RowSpot => ({ y: at - rowPadding - baseline * fontSize, lineHeight });
  const rowHeight = (lines: number): number => lines * lineHeight + 2 * rowPadding;
  const rule = (): void => {
    rules += `${point(pageMargin)} ${point(top)} m ${point(width - pageMargin)} ${point(top)} l\n`;
  };
  const drawHeader = (): void => {
    const tall = rowHeight(header.lines);
    const box = [pageMargin, top - tall, width - 2 * pageMargin, tall].map(point).join(' ');
    page.artifact(`0.863 0.902 0.941 rg ${box} re f\n0 g\n`);
    const letters: Letters = { font: 'F2', size: fontSize };
    if (number === 1) page.row('TH', header.cells, letters, spotAt(top));
    else page.repeatedRow(header.cells, letters, spotAt(top));
    top -= tall;
    rule();
  };
  const finish = (): Page => {
    page.artifact(`0.5 w 0.7 G\n${rules}S\n`);
    drawFooter(page, head, { format, fonts, number });
    return page.finish();
  };
  const turn = (): Page => {
    const finished = finish();
    page = drawPage(edges);
    [number, top, rules] = [number + 1, height - pageMargin, ''];
    drawHeader();
    return finished;
  };
  const draw = (drawing: Row): Page[] => {
    const filled = top - rowHeight(drawing.lines) < bottom ? [turn()] : [];
    page.row('TD', drawing.cells, { font: 'F1', size: fontSize }, spotAt(top));
    top -= rowHeight(drawing.lines);
    rule();
    return filled;
  };
  return {
    first() {
      top = drawHead(page, head, { format, fonts });
      drawHeader();
    },
    row(values) {
      const drawing = together(layouts.map((layout, index) => layout(values[index] ?? null)));
      const most = Math.max(
        1,
        Math.floor((height - 2 * pageMargin - footerHeight - rowHeight(header.lines) - 2 * rowPadding) / lineHeight),
      );
      return drawing.lines <= most ? draw(drawing) : cutToPages(drawing, most).flatMap(draw);
    },
    last(rows) {
      if (rows === 0) drawNone(page, fonts, top);
      return finish();
    },
  };
}

function edgesOf({ columnWidths }: PageFormat, columns: readonly DocumentColumn[]): ColumnEdges[] {
  let edge = pageMargin;
  return columns.map((column, index) => {
    const left = point(edge + cellPadding / 2);
    edge += columnWidths[index] ?? 0;
    return { left, right: isAtRight(column) ? edge - cellPadding / 2 : null };
  });
}

/** To the size of the letters, as `linesOf` measures. */
function innerWidth({ columnWidths, fontSize }: PageFormat, index: number): number {
  return ((columnWidths[index] ?? 0) - cellPadding) / fontSize;
}

function rowOf(texts: readonly string[], font: PdfFont, format: PageFormat): Row {
  return together(texts.map((text, index) => font.linesOf(text, innerWidth(format, index))));
}

function together(cells: (readonly DrawnLine[])[]): Row {
  return { cells, lines: Math.max(1, ...cells.map((lines) => lines.length)) };
}

/** A row that no page holds goes on on the next one. */
function cutToPages({ cells, lines }: Row, most: number): Row[] {
  const parts = Array.from({ length: Math.ceil(lines / most) }, (_, part) =>
    cells.map((all) => all.slice(part * most, (part + 1) * most)),
  );
  return parts.map(together);
}

function cellLayout(
  { format }: DocumentColumn,
  font: PdfFont,
  width: number,
): (value: CellValue) => readonly DrawnLine[] {
  return remembered((value) => font.linesOf(shownText(value, format).normalize('NFC'), width));
}

/** Title and what the report is of; answers where the table begins. */
function drawHead(page: PageDrawing, head: DocumentHead, { format, fonts }: Pick<Setting, 'format' | 'fonts'>): number {
  const room = format.width - 2 * pageMargin;
  let top = format.height - pageMargin;
  const write = (kind: 'H1' | 'P', lines: readonly DrawnLine[], letters: Letters, x = pageMargin): void => {
    const lineHeight = letters.size * lineShare;
    page.text(kind, lines, letters, { x, y: top - baseline * letters.size, lineHeight });
    top -= lines.length * lineHeight;
  };
  const { title, label, about, hint } = letterhead;
  write('H1', fonts.bold.linesOf(plainText(head.title), room / title.size), title);
  top -= 6;
  for (const [name, value] of aboutLines(head)) {
    const start = top;
    write('P', fonts.bold.linesOf(plainText(name), 115 / label.size), label);
    const end = top;
    top = start;
    write('P', fonts.text.linesOf(plainText(value), (room - 120) / about.size), about, pageMargin + 120);
    top = Math.min(top, end) - 2;
  }
  top -= 3;
  write('P', fonts.text.linesOf(checkHint, room / hint.size), hint);
  return top - 10;
}

function drawNone(page: PageDrawing, fonts: Fonts, top: number): void {
  const letters = letterhead.about;
  const lines = fonts.text.linesOf('Rapporten har ingen rækker.', Number.POSITIVE_INFINITY);
  page.text('P', lines, letters, { x: pageMargin + cellPadding / 2, y: top - 16, lineHeight: 12 });
}

/** "Side 3 af 12"; the last part is the form that tells the number of pages once it is known. */
function drawFooter(
  page: PageDrawing,
  head: DocumentHead,
  { format, fonts, number }: Omit<Setting, 'count'> & { number: number },
): void {
  const letters = letterhead.footer;
  const y = pageMargin - 8;
  const line = (text: string): DrawnLine =>
    fonts.text.linesOf(text, Number.POSITIVE_INFINITY)[0] ?? { literal: '', width: 0 };
  const named = line(`SEB · ${plainText(head.title).slice(0, 100)} · ${head.reference}`);
  const side = line(`Side ${pageNumber.format(number)} `);
  // Room for a number of pages of six digits.
  const totalAt = format.width - pageMargin - 40;
  const operators = [
    textOperators([named], letters, { x: pageMargin, y, lineHeight: 0, rightEdge: null }),
    textOperators([side], letters, { x: 0, y, lineHeight: 0, rightEdge: totalAt }),
    `q 1 0 0 1 ${point(totalAt)} ${point(y - 2)} cm/T Do Q\n`,
  ];
  page.artifact(`0.27 g\n${operators.join('')}0 g\n`);
}
