import { remembered } from '../shared/remembered.ts';
import { formatNumber } from '../shared/text.ts';
import type { CellFormat, CellValue } from './document.ts';

/** What a person reads in a cell, on the screen, in Word and in PDF, and what "Find" looks through: "Ja", "30-11-2026", "30-11-2026 14.05". */
export function shownText(value: CellValue, format: CellFormat): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'Ja' : 'Nej';
  if (typeof value === 'number') return shownNumber(value);
  if (format !== 'date' && format !== 'dateTime') return plainText(value);
  const moment = clockOf(value);
  return moment === null ? plainText(value) : shownMoment(moment);
}

function shownNumber(value: number): string {
  if (!Number.isFinite(value)) return '';
  // Written out, 1e300 would fill a page.
  return Math.abs(value) < 1e15 ? formatNumber(value === 0 ? 0 : value) : String(value);
}

function shownMoment({ year, month, day, time }: Clock): string {
  const date = `${day}-${month}-${year}`;
  return time === null ? date : `${date} ${time.slice(0, 5).replace(':', '.')}`;
}

/** What a Danish calendar and clock show at that moment; `time` is "14:05:59", null for a mere day. */
export type Clock = { year: string; month: string; day: string; time: string | null };

const isoDay = /^(\d{4})-(\d\d)-(\d\d)$/;
// Years that every calendar writes with four digits, also an hour later.
const isoMoment = /^(?!9999-12-31)[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** Reads an ISO day or moment; null for what is neither (`infinity`, a date that the calendar does not have). */
export function clockOf(text: string): Clock | null {
  const [, year, month, day] = isoDay.exec(text) ?? [];
  if (year !== undefined && month !== undefined && day !== undefined)
    return isInCalendar(text) ? { year, month, day, time: null } : null;
  const moment = isoMoment.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? null : clockInDenmark(moment);
}

function isInCalendar(day: string): boolean {
  const moment = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(day);
}

/** The day in Denmark (yyyy-mm-dd) of a moment in seconds since 1970. */
export const dayAt = remembered((seconds: number): string => {
  const { year, month, day } = clockInDenmark(seconds * 1000);
  return `${year}-${month}-${day}`;
});

/** The last day before a moment that something ends at: one that ends at midnight does not count the new day. */
export const lastDayBefore = remembered((seconds: number): string => dayAt(seconds - 0.001));

function clockInDenmark(moment: number): Clock {
  const iso = new Date(moment + distanceToUtc(moment)).toISOString();
  const [, year = '', month = '', day = ''] = isoDay.exec(iso.slice(0, 10)) ?? [];
  return { year, month, day, time: iso.slice(11, 19) };
}

const quarter = 900_000;
const distances = new Map<number, number>();
const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Copenhagen',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** Milliseconds ahead of UTC. Asking the calendar costs far more than a cell may: it is asked once a quarter of an hour. */
function distanceToUtc(moment: number): number {
  const start = Math.floor(moment / quarter) * quarter;
  const known = distances.get(start);
  if (known !== undefined) return known;
  if (distances.size > 20_000) distances.clear();
  const distance = Date.parse(`${clock.format(start).replace(' ', 'T')}Z`) - start;
  distances.set(start, distance);
  return distance;
}

// oxlint-disable-next-line no-control-regex
const unprintable = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/g;
// oxlint-disable-next-line no-control-regex
const suspect = /[\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]/;

/**
 * The text with what neither XML nor a page can hold (control characters, halves of surrogate pairs) replaced by U+FFFD, so
 * that one sees that something stood there; line breaks become `\n`.
 */
export function plainText(text: string): string {
  if (!suspect.test(text)) return text;
  return text.toWellFormed().replace(/\r\n?/g, '\n').replace(unprintable, '\ufffd');
}

/** What a spreadsheet would take for a formula. */
export function looksLikeFormula(text: string): boolean {
  return /^[=+\-@\t\r\n\ufffd＝＋－＠]/u.test(text);
}

// oxlint-disable-next-line no-control-regex
const marked = /[\0-\x1f"&;<>\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_x|^[ =+\-@\ufffd＝＋－＠]| $/;

/** Most texts stand in every form of file as they are: nothing to be replaced, escaped, quoted or disarmed. One look tells. */
export function standsAsItIs(text: string): boolean {
  return !marked.test(text);
}
