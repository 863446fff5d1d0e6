/**
 * The sector's history (who was created and given roles when, which units closed) lies on fixed days before this one.
 * Only what must lie around "now" is counted from the day of seeding: latest logins, leave, what expires soon or begins.
 */
export const lastFixedDay = '2026-05-29';

const day = 24 * 60 * 60 * 1000;

/** A day so and so many days after (or, negative, before) another, as yyyy-mm-dd. */
export function addDays(from: string, days: number): string {
  return new Date(Date.parse(`${from}T00:00:00Z`) + days * day).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / day);
}

/** The same day, or the Friday before it: administrators work on weekdays. */
export function onWeekday(date: string): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  if (weekday === 0) return addDays(date, -2);
  return weekday === 6 ? addDays(date, -1) : date;
}

/** Today in Denmark, as yyyy-mm-dd. */
export function todayInDenmark(now: Date = new Date()): string {
  return now.toLocaleDateString('sv-SE', { timeZone: 'Europe/Copenhagen' });
}

/** So many days ago at this time of the day, a little earlier: nothing lies ahead of the log's other rows. */
export function ago(days: number): string {
  const earlier = new Date(Date.now() - 300_000);
  const time = earlier.toLocaleTimeString('sv-SE', { timeZone: 'Europe/Copenhagen' });
  return `${addDays(todayInDenmark(earlier), -days)} ${time}`;
}
