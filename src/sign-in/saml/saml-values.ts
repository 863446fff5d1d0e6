import { demand } from './refusal.ts';

/** Clocks of two organisations may differ this much ([OIO-GE-01] says 3 to 5 minutes). */
export const CLOCK_SKEW_MS = 3 * 60_000;
// How long a message may be on its way: a page that waits for a press of "Fortsæt" included.
const MAX_TRAVEL_MS = 5 * 60_000;

/** Reads an xs:dateTime with a time zone; null when it is none. */
export function instant(text: string | undefined): Date | null {
  if (!text || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time;
}

/** Refuses a message that was issued in the future, or long ago. */
export function demandFresh(issued: Date, now: Date, what: string): void {
  const age = now.getTime() - issued.getTime();
  demand(age >= -CLOCK_SKEW_MS, 'not-yet-valid', `IssueInstant of the ${what} is in the future`);
  demand(age <= MAX_TRAVEL_MS + CLOCK_SKEW_MS, 'expired', `IssueInstant of the ${what} is too long ago`);
}

export function isPast(end: Date, now: Date): boolean {
  return now.getTime() - CLOCK_SKEW_MS >= end.getTime();
}

export function isFuture(start: Date, now: Date): boolean {
  return now.getTime() + CLOCK_SKEW_MS < start.getTime();
}

/** An xs:ID of the usual alphabet: no quotes, so that no library can be tricked into another XPath. */
export function isSamlId(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/.test(text);
}
