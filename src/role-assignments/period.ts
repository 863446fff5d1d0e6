import type { FieldErrors } from '../http/forms.ts';
import { danishDay } from '../shared/dates.ts';

/** Days as yyyy-mm-dd in Denmark; the stop is the last day. Without a start it begins at once, without a stop it stays. */
export type Period = { start: string | null; stop: string | null };

/** What is wrong with a period that is typed today. */
export function faultsOfPeriod({ start, stop }: Period, today: string): FieldErrors {
  if (start !== null && start < today)
    return { startdato: 'Startdatoen kan ikke ligge før i dag. Skriv en senere dato, eller lad feltet stå tomt' };
  if (stop !== null && stop < today) return { slutdato: 'Slutdatoen kan ikke ligge før i dag. Skriv en senere dato' };
  if (start !== null && stop !== null && stop < start)
    return { slutdato: 'Slutdatoen ligger før startdatoen. Ret en af dem' };
  return {};
}

/** "Fra i dag, uden slutdato" */
export function periodText({ start, stop }: Period, today: string): string {
  const from = start === null || start === today ? 'Fra i dag' : `Fra ${danishDay(start)}`;
  return stop === null ? `${from}, uden slutdato` : `${from} til og med ${danishDay(stop)}`;
}
