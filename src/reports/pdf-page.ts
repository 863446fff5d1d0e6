import type { DrawnLine } from './pdf-font.ts';

/** What one page shows, as operators of the page's content (ISO 32000-1, 8 and 9), and how it is tagged. */
export type Page = {
  content: string;
  /** Elements of the structure in reading order; each marked piece of the page belongs to one. */
  elements: PageElement[];
};

/** A text of its own (`H1`, `P`), or a row of cells; `mark` is the piece of the page that it shows, null for an empty cell. */
export type PageElement =
  { kind: 'H1' | 'P'; mark: number } | { kind: 'row'; cell: 'TH' | 'TD'; marks: (number | null)[] };

export type Letters = { font: 'F1' | 'F2'; size: number };
type Spot = { x: number; y: number; lineHeight: number };
/** Where the texts of a column stand: `left` as it is written, since every row needs it, or `right` for texts at the right edge. */
export type ColumnEdges = { left: string; right: number | null };
/** Where a row's first line stands. */
export type RowSpot = { y: number; lineHeight: number };

export type PageDrawing = {
  text(kind: 'H1' | 'P', lines: readonly DrawnLine[], letters: Letters, spot: Spot): void;
  row(cell: 'TH' | 'TD', cells: readonly (readonly DrawnLine[])[], letters: Letters, spot: RowSpot): void;
  /** The same without a meaning of its own: the heads that each page repeats. */
  repeatedRow(cells: readonly (readonly DrawnLine[])[], letters: Letters, spot: RowSpot): void;
  /** What says nothing new: page numbers, rules. */
  artifact(operators: string): void;
  finish(): Page;
};

export function drawPage(columns: readonly ColumnEdges[]): PageDrawing {
  const elements: PageElement[] = [];
  // Put together once, at the end: a page is some thousand pieces of text.
  const pieces: string[] = [];
  let marks = 0;
  return {
    text(kind, lines, letters, spot) {
      pieces.push(
        `/${kind}<</MCID ${marks}>>BDC\n`,
        textOperators(lines, letters, { ...spot, rightEdge: null }),
        'EMC\n',
      );
      elements.push({ kind, mark: marks++ });
    },
    row(cell, cells, letters, spot) {
      const shown: (number | null)[] = [];
      const place = placeOf(letters, spot);
      pieces.push(fontOperator(letters));
      for (const [index, lines] of cells.entries()) {
        if (isEmpty(lines)) {
          shown.push(null);
          continue;
        }
        pieces.push('/', cell, markOf(marks));
        pushCell(pieces, lines, columns[index], place);
        pieces.push('EMC\n');
        shown.push(marks++);
      }
      pieces.push('ET\n');
      elements.push({ kind: 'row', cell, marks: shown });
    },
    repeatedRow(cells, letters, spot) {
      const place = placeOf(letters, spot);
      pieces.push('/Artifact BMC\n', fontOperator(letters));
      for (const [index, lines] of cells.entries()) pushCell(pieces, lines, columns[index], place);
      pieces.push('ET\nEMC\n');
    },
    artifact(operators) {
      pieces.push(`/Artifact BMC\n${operators}EMC\n`);
    },
    finish: () => ({ content: pieces.join(''), elements }),
  };
}

function isEmpty(lines: readonly DrawnLine[]): boolean {
  return lines.every(({ literal }) => literal === '');
}

function fontOperator({ font, size }: Letters): string {
  return `BT/${font} ${size} Tf\n`;
}

/** A row's letters and the heights of its lines, each written once for all of its cells. */
type Place = { size: number; heightOf: (line: number) => string };

function placeOf({ size }: Letters, { y, lineHeight }: RowSpot): Place {
  const heights: string[] = [];
  return { size, heightOf: (line) => (heights[line] ??= point(y - line * lineHeight)) };
}

function pushCell(
  pieces: string[],
  lines: readonly DrawnLine[],
  column: ColumnEdges | undefined,
  { size, heightOf }: Place,
): void {
  for (const [index, { literal, width }] of lines.entries()) {
    const right = column?.right ?? null;
    const x = right === null ? (column?.left ?? '0') : point(right - width * size);
    pieces.push('1 0 0 1 ', x, ' ', heightOf(index), ' Tm(', literal, ')Tj ');
  }
}

/** Every page numbers its marked pieces from 0. */
const marksWritten: string[] = [];

function markOf(mark: number): string {
  return (marksWritten[mark] ??= `<</MCID ${mark}>>BDC `);
}

/** One text object; a line at the right edge is placed by its width. */
export function textOperators(
  lines: readonly DrawnLine[],
  letters: Letters,
  { x, y, lineHeight, rightEdge }: Spot & { rightEdge: number | null },
): string {
  const pieces = [fontOperator(letters)];
  pushCell(pieces, lines, { left: point(x), right: rightEdge }, placeOf(letters, { y, lineHeight }));
  return `${pieces.join('')}ET\n`;
}

/** Hundredths of a point are finer than any printer. */
export function point(length: number): string {
  return String(Math.round(length * 100) / 100);
}
