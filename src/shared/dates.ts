const dateFormat = new Intl.DateTimeFormat('da-DK', {
  timeZone: 'Europe/Copenhagen',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
});
const timeFormat = new Intl.DateTimeFormat('da-DK', {
  timeZone: 'Europe/Copenhagen',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** A moment as a Danish date, "21-11-2026" (Europe/Copenhagen). */
export function formatDate(moment: Date): string {
  return dateFormat.format(moment).replaceAll('.', '-').replaceAll('/', '-');
}

/** A moment as "21-11-2026 kl. 14.14" (Europe/Copenhagen). */
export function formatDateTime(moment: Date): string {
  return `${formatDate(moment)} kl. ${formatTime(moment)}`;
}

/** A moment as "14.14" (Europe/Copenhagen). */
export function formatTime(moment: Date): string {
  return timeFormat.format(moment).replace(':', '.');
}

/** The moment at which a Danish clock shows this; an hour that summer time leaves out counts as the next one. */
export function momentInDenmark(isoDay: string, hour: number, minute: number): Date {
  const asUtc = Date.parse(`${isoDay}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00Z`);
  // One or two hours ahead of UTC; of an hour that comes twice it is the first.
  const fits = [2, 1].map((ahead) => new Date(asUtc - ahead * 3_600_000));
  return fits.find((moment) => showsOnClock(moment) === asUtc) ?? new Date(asUtc - 3_600_000);
}

function showsOnClock(moment: Date): number {
  const shown = moment.toLocaleString('sv-SE', { timeZone: 'Europe/Copenhagen' });
  return Date.parse(`${shown.replace(' ', 'T')}Z`);
}

/** The day it is in Denmark, as yyyy-mm-dd. */
export function dayInDenmark(moment: Date = new Date()): string {
  return moment.toLocaleDateString('sv-SE', { timeZone: 'Europe/Copenhagen' });
}

/** "2026-12-31" → "31-12-2026" */
export function danishDay(isoDay: string): string {
  return isoDay.split('-').toReversed().join('-');
}
