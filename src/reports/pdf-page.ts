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
/** Where the texts of a column stand; `left` is written already, since every row needs it. */
export type ColumnEdges = { left: string; right: number; isAtRight: boolean };
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
      pieces.push(fontOperator(letters));
      for (const [index, lines] of cells.entries()) {
        if (isEmpty(lines)) {
          shown.push(null);
          continue;
        }
        pieces.push(`/${cell}<</MCID ${marks}>>BDC `);
        pushCell(pieces, lines, columns[index], { ...spot, size: letters.size });
        pieces.push('EMC\n');
        shown.push(marks++);
      }
      pieces.push('ET\n');
      elements.push({ kind: 'row', cell, marks: shown });
    },
    repeatedRow(cells, letters, spot) {
      pieces.push('/Artifact BMC\n', fontOperator(letters));
      for (const [index, lines] of cells.entries())
        pushCell(pieces, lines, columns[index], { ...spot, size: letters.size });
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

function pushCell(
  pieces: string[],
  lines: readonly DrawnLine[],
  column: ColumnEdges | undefined,
  { y, lineHeight, size }: RowSpot & { size: number },
): void {
  let at = y;
  for (const { literal, width } of lines) {
    const x = column?.isAtRight === true ? point(column.right - width * size) : (column?.left ?? '0');
    pieces.push('1 0 0 1 ', x, ' ', point(at), ' Tm(', literal, ')Tj ');
    at -= lineHeight;
  }
}

/** One text object; a line at the right edge is placed by its width. */
export function textOperators(
  lines: readonly DrawnLine[],
  letters: Letters,
  { x, y, lineHeight, rightEdge }: Spot & { rightEdge: number | null },
): string {
  const pieces = [fontOperator(letters)];
  const column = { left: point(x), right: rightEdge ?? 0, isAtRight: rightEdge !== null };
  pushCell(pieces, lines, column, { y, lineHeight, size: letters.size });
  return `${pieces.join('')}ET\n`;
}

/** Hundredths of a point are finer than any printer. */
export function point(length: number): string {
  return String(Math.round(length * 100) / 100);
}
