import { dayInDenmark, momentInDenmark } from '../shared/dates.ts';

/** When the half-yearly message is sent by itself. */
export type Plan = {
  /** 1 to 12, rising; none: never by itself. */
  months: readonly number[];
  day: number;
  hour: number;
  dormantDays: number;
  /** Days before the plan was made are not made up for. */
  madeAt: Date | null;
};

type Setting = { months: string; day: string; hour: string; dormantDays: string };

export function planOf({ months, day, hour, dormantDays }: Setting, madeAt: Date | undefined): Plan {
  const listed = months.split(',').flatMap((month) => (month.trim() === '' ? [] : Number(month)));
  return {
    months: [...new Set(listed)].toSorted((a, b) => a - b),
    day: Number(day),
    hour: Number(hour),
    dormantDays: Number(dormantDays),
    madeAt: madeAt ?? null,
  };
}

/** A day whose hour passed while SEB was down is made up for within so many days. */
const graceDays = 7;
const dayMs = 86_400_000;

/** The day of the plan that has come and whose run is to be there; null most of the year. */
export function dueDay(plan: Plan, now: Date): string | null {
  const passed = daysAround(plan, now).filter((day) => momentOf(plan, day) <= now);
  const last = passed.at(-1);
  if (last === undefined) return null;
  const moment = momentOf(plan, last);
  const isBeforePlan = plan.madeAt !== null && moment < plan.madeAt;
  return isBeforePlan || now.getTime() - moment.getTime() > graceDays * dayMs ? null : last;
}

/** The next day of the plan; null when there is none. */
export function nextDay(plan: Plan, now: Date): string | null {
  return daysAround(plan, now).find((day) => momentOf(plan, day) > now) ?? null;
}

function daysAround({ months, day }: Plan, now: Date): string[] {
  const year = Number(dayInDenmark(now).slice(0, 4));
  const two = (value: number): string => String(value).padStart(2, '0');
  return [year - 1, year, year + 1].flatMap((one) => months.map((month) => `${one}-${two(month)}-${two(day)}`));
}

function momentOf({ hour }: Plan, day: string): Date {
  return momentInDenmark(day, hour, 0);
}
