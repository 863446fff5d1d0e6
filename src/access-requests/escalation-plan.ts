import { workingDaysAfter } from '../shared/working-days.ts';

/** When a request that nobody took is passed on; all days are working days. */
export type EscalationPlan = {
  /** To the fallback and the other administrators, to organisationsadministratorer, to the servicedesk's list. */
  days: readonly [number, number, number];
  /** Besides weekends and holidays: mm-dd each year, yyyy-mm-dd once. */
  daysOff: readonly string[];
};

type Setting = { others: string; organisationAdministrators: string; servicedesk: string; daysOff: string };

export function escalationPlanOf({
  others,
  organisationAdministrators,
  servicedesk,
  daysOff,
}: Setting): EscalationPlan {
  return {
    days: [Number(others), Number(organisationAdministrators), Number(servicedesk)],
    daysOff: daysOff
      .split(',')
      .flatMap((day) => (day.trim() === '' ? [] : day.trim().split('-').toReversed().join('-'))),
  };
}

/** How far a request should be by now: so many whole working days went by after the day it was sent. */
export function stepOf(
  { sentOn, hasDecider }: { sentOn: string; hasDecider: boolean },
  { days, daysOff }: EscalationPlan,
  today: string,
): number {
  if (!hasDecider) return 3;
  return days.filter((count) => workingDaysAfter(sentOn, count, daysOff) < today).length;
}
