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

export type PageDrawing = {
  text(kind: 'H1' | 'P', lines: readonly DrawnLine[], letters: Letters, spot: Spot): void;
  /** The cells of one row; `spots` are where each one's first line stands. */
  row(cell: 'TH' | 'TD', cells: readonly Cell[], letters: Letters): void;
  /** What says nothing new: repeated heads, page numbers, rules. */
  artifact(operators: string): void;
  finish(): Page;
};
export type Cell = { lines: readonly DrawnLine[]; spot: Spot; rightEdge: number | null };

export function drawPage(): PageDrawing {
  const elements: PageElement[] = [];
  let content = '';
  let marks = 0;
  const marked = (tag: string, operators: string): number => {
    content += `/${tag}<</MCID ${marks}>>BDC\n${operators}EMC\n`;
    return marks++;
  };
  return {
    text(kind, lines, letters, spot) {
      elements.push({ kind, mark: marked(kind, textOperators(lines, letters, { ...spot, rightEdge: null })) });
    },
    row(cell, cells, letters) {
      const shown = cells.map(({ lines, spot, rightEdge }) =>
        isEmpty(lines) ? null : marked(cell, textOperators(lines, letters, { ...spot, rightEdge })),
      );
      elements.push({ kind: 'row', cell, marks: shown });
    },
    artifact(operators) {
      content += `/Artifact BMC\n${operators}EMC\n`;
    },
    finish: () => ({ content, elements }),
  };
}

function isEmpty(lines: readonly DrawnLine[]): boolean {
  return lines.every(({ hex }) => hex === '');
}

/** One text object; lines at the right edge are placed one by one. */
export function textOperators(
  lines: readonly DrawnLine[],
  { font, size }: Letters,
  { x, y, lineHeight, rightEdge }: Spot & { rightEdge: number | null },
): string {
  let text = `BT/${font} ${size} Tf\n`;
  for (const [index, { hex, width }] of lines.entries()) {
    if (rightEdge !== null) text += `1 0 0 1 ${point(rightEdge - width * size)} ${point(y - index * lineHeight)} Tm`;
    else text += index === 0 ? `${point(x)} ${point(y)} Td` : `0 ${point(-lineHeight)} Td`;
    text += `<${hex}>Tj\n`;
  }
  return `${text}ET\n`;
}

/** Hundredths of a point are finer than any printer. */
export function point(length: number): string {
  return String(Math.round(length * 100) / 100);
}
