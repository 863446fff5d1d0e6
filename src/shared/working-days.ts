/**
 * The Danish working-day calendar, on days as yyyy-mm-dd. Store bededag is an ordinary day since 2024 (lov nr. 214 af 06/03/2023).
 * Further days off are given, as mm-dd for each year or as yyyy-mm-dd.
 */

/** Grundlovsdag, juleaftensdag and nytårsaftensdag, as public administration keeps them. */
export const usualDaysOff: readonly string[] = ['06-05', '12-24', '12-31'];

const dayMs = 86_400_000;

function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher). */
export function easterSunday(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - d + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Days from Easter Sunday: skærtorsdag, langfredag, påskedag, 2. påskedag, Kristi himmelfart, pinsedag, 2. pinsedag. */
const moving = [-3, -2, 0, 1, 39, 49, 50];
const storeBededag = 26;
const fixed = ['01-01', '12-25', '12-26'];

export function isDayOff(day: string, daysOff: readonly string[] = usualDaysOff): boolean {
  const year = Number(day.slice(0, 4));
  const ofYear = day.slice(5);
  if (fixed.includes(ofYear) || daysOff.includes(ofYear) || daysOff.includes(day)) return true;
  const easter = easterSunday(year);
  const days = year < 2024 ? [...moving, storeBededag] : moving;
  return days.some((distance) => plusDays(easter, distance) === day);
}

export function isWorkingDay(day: string, daysOff: readonly string[] = usualDaysOff): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !isDayOff(day, daysOff);
}

/** The day that lies so many working days after another: with 1, the next working day. */
export function workingDaysAfter(day: string, count: number, daysOff: readonly string[] = usualDaysOff): string {
  let found = day;
  for (let left = count; left > 0;) {
    found = plusDays(found, 1);
    if (isWorkingDay(found, daysOff)) left -= 1;
  }
  return found;
}
