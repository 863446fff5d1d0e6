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
  return `${formatDate(moment)} kl. ${timeFormat.format(moment).replace(':', '.')}`;
}

/** The day it is in Denmark, as yyyy-mm-dd. */
export function dayInDenmark(moment: Date = new Date()): string {
  return moment.toLocaleDateString('sv-SE', { timeZone: 'Europe/Copenhagen' });
}

/** "2026-12-31" → "31-12-2026" */
export function danishDay(isoDay: string): string {
  return isoDay.split('-').toReversed().join('-');
}
