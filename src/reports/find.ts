import type { ReadDb } from '../db/access.ts';
import { foldForSearch } from '../shared/text.ts';
import { shownText } from './cells.ts';
import type { CellFormat } from './document.ts';
import type { Asked, Prepared, ReportRow, Within } from './report.ts';
import type { Position } from './statement.queries.ts';

const rowsAtATime = 2000;
const mostMilliseconds = 1500;

/**
 * found: the page begins with the row, after `before` · ended: none is left · paused: looked for long enough in one go; the
 * search goes on after `key`.
 */
export type Found =
  | { result: 'found'; before: string[] | null; key: string[] }
  | { result: 'ended' }
  | { result: 'paused'; key: string[]; rows: number };

export type Sought = {
  prepared: Prepared;
  within: Within;
  asked: Asked;
  formats: readonly CellFormat[];
  words: readonly string[];
};

/**
 * The next row whose cells hold every word, as they are shown; page after page through the whole report, so that what is
 * found is what is seen. Large reports are looked through in turns, since a page must not take long.
 */
export async function findNext(db: ReadDb, sought: Sought, start: Position | null): Promise<Found> {
  const until = Date.now() + mostMilliseconds;
  let from = start;
  let looked = 0;
  for (;;) {
    const rows = await sought.prepared.page(db, sought.within, sought.asked, { from, rows: rowsAtATime });
    const at = rows.findIndex((row) => holds(row, sought));
    const hit = rows[at];
    if (hit !== undefined)
      return { result: 'found', before: rows[at - 1]?.key ?? (from?.key ? [...from.key] : null), key: hit.key };
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsAtATime) return { result: 'ended' };
    looked += rows.length;
    from = { direction: 'after', key: last.key };
    if (Date.now() > until) return { result: 'paused', key: last.key, rows: looked };
  }
}

/** Whether a row holds every word somewhere. */
export function holds({ cells }: ReportRow, { formats, words }: Pick<Sought, 'formats' | 'words'>): boolean {
  const text = foldForSearch(cells.map((value, index) => shownText(value, formats[index] ?? 'text')).join('\n'));
  return words.every((word) => text.includes(word));
}
