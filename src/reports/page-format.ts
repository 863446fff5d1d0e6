import type { DocumentColumn } from './document.ts';

/** How the columns lie on paper; lengths in points. */
export type PageFormat = {
  isLandscape: boolean;
  width: number;
  height: number;
  fontSize: number;
  /** One for each column; together as wide as the page within its margins. */
  columnWidths: number[];
};

export const pageMargin = 36;
/** On both sides of a cell's text together. */
export const cellPadding = 6;

const a4 = { short: 595.28, long: 841.89 };
/** Width of a usual character in the typeface, to its size; a heading's and a digit's is wider. */
const characterWidth = 0.53;
const widestCharacter = 0.61;
const fontSizes = [9, 8.5, 8, 7.5, 7, 6.5, 6];

/** A4 upright while the columns fit, else across; letters shrink only where the columns are many. */
export function pageFormat(columns: readonly DocumentColumn[]): PageFormat {
  const wishes = columns.map(wishOf);
  const upright = formatOf(wishes, { isLandscape: false, fontSize: 9 });
  if (isRoomy(wishes, upright, 1)) return upright;
  const across = fontSizes.map((fontSize) => formatOf(wishes, { isLandscape: true, fontSize }));
  const roomy = across.slice(0, 3).find((page) => isRoomy(wishes, page, 1));
  // Texts may break into lines before the letters become too small to be read.
  const tight = across.find((page) => isRoomy(wishes, page, 0.7));
  return roomy ?? tight ?? formatOf(wishes, { isLandscape: true, fontSize: 6 });
}

/** In characters: what a column must have, so that no code, date or word of its heading is broken, and what it would like. */
type Wish = { least: number; usual: number };

function wishOf({ width, label, format }: DocumentColumn): Wish {
  const heading = Math.max(...label.split(/[\s-]+/).map((word) => word.length));
  const least = Math.max(heading, format === 'text' ? Math.min(width, 8) : (isoWidths[format] ?? Math.min(width, 24)));
  return { least, usual: Math.max(least, format === 'text' ? Math.min(width, 60) : 0) };
}

/** Of days and moments; a moment may break between day and time. */
const isoWidths: Partial<Record<DocumentColumn['format'], number>> = { date: 10, dateTime: 10, yesNo: 3 };

/** Whether texts get that share of the room that they would like. */
function isRoomy(wishes: readonly Wish[], { columnWidths, fontSize }: PageFormat, share: number): boolean {
  return wishes.every(({ least, usual }, index) => {
    const has = (columnWidths[index] ?? 0) - cellPadding + 0.01;
    return has >= least * fontSize * widestCharacter && has >= usual * fontSize * characterWidth * share;
  });
}

function formatOf(wishes: readonly Wish[], paper: { isLandscape: boolean; fontSize: number }): PageFormat {
  const [width, height] = paper.isLandscape ? [a4.long, a4.short] : [a4.short, a4.long];
  const room = width - 2 * pageMargin - wishes.length * cellPadding;
  const least = wishes.map((wish) => wish.least * paper.fontSize * widestCharacter);
  const more = wishes.map((wish, index) =>
    Math.max(0, wish.usual * paper.fontSize * characterWidth - (least[index] ?? 0)),
  );
  return { ...paper, width, height, columnWidths: shared(least, more, room).map((share) => share + cellPadding) };
}

/** Everybody gets the least (or a like part of it); what is left goes where more is wanted, or to all in proportion. */
function shared(least: readonly number[], more: readonly number[], room: number): number[] {
  const [needed, wanted] = [sum(least), sum(more)];
  if (needed >= room) return least.map((part) => (part / needed) * room);
  const filled = Math.min(1, (room - needed) / Math.max(1, wanted));
  const given = least.map((part, index) => part + (more[index] ?? 0) * filled);
  const stretch = room / sum(given);
  return given.map((part) => part * stretch);
}

function sum(parts: readonly number[]): number {
  return parts.reduce((total, part) => total + part, 0);
}

/** Where a cell's text stands at the right edge. */
export function isAtRight({ format }: DocumentColumn): boolean {
  return format === 'number';
}
