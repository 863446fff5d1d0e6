import { describe, expect, it } from 'vitest';
import { escalationPlanOf, stepOf } from '../../src/access-requests/escalation-plan.ts';
import { easterSunday, isDayOff, isWorkingDay, workingDaysAfter } from '../../src/shared/working-days.ts';

describe('the Danish working-day calendar', () => {
  it.each([
    [1961, '1961-04-02'],
    [2000, '2000-04-23'],
    [2008, '2008-03-23'],
    [2019, '2019-04-21'],
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2038, '2038-04-25'],
  ])('knows Easter of %i', (year, day) => {
    expect(easterSunday(year)).toBe(day);
  });

  it('knows the days off of 2026, moving ones too', () => {
    const days = Array.from({ length: 365 }, (_, index) =>
      new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
    );
    expect(days.filter((day) => isDayOff(day))).toEqual([
      '2026-01-01',
      '2026-04-02',
      '2026-04-03',
      '2026-04-05',
      '2026-04-06',
      '2026-05-14',
      '2026-05-24',
      '2026-05-25',
      '2026-06-05',
      '2026-12-24',
      '2026-12-25',
      '2026-12-26',
      '2026-12-31',
    ]);
    expect(days.filter((day) => isWorkingDay(day))).toHaveLength(251);
  });

  it.each([
    ['2023-05-05', true],
    ['2024-04-26', false],
    ['2026-05-01', false],
  ])('counts store bededag (%s) as a holiday until 2023: %s', (day, holiday) => {
    expect(isDayOff(day)).toBe(holiday);
  });

  it.each([
    ['2026-11-27', 1, '2026-11-30'],
    ['2026-11-28', 1, '2026-11-30'],
    ['2026-04-01', 1, '2026-04-07'],
    ['2026-12-23', 2, '2026-12-29'],
    ['2026-12-30', 1, '2027-01-04'],
    ['2026-05-13', 3, '2026-05-19'],
  ])('from %s it is %i working days to %s', (day, count, later) => {
    expect(workingDaysAfter(day, count)).toBe(later);
  });
});

describe('a request that nobody takes', () => {
  const setting = { others: '2', organisationAdministrators: '4', servicedesk: '6', daysOff: '24-12, 04-01-2027' };

  it.each([
    ['2026-12-21', '2026-12-23', 0],
    ['2026-12-21', '2026-12-28', 1],
    // 24 December each year and 4 January 2027 do not count, 31 December does with this setting.
    ['2026-12-23', '2026-12-30', 1],
    ['2026-12-30', '2027-01-05', 0],
    ['2026-12-30', '2027-01-06', 1],
    ['2026-12-01', '2026-12-31', 3],
  ])('sent on %s has come on %s to step %i', (sentOn, today, step) => {
    expect(stepOf({ sentOn, hasDecider: true }, escalationPlanOf(setting), today)).toBe(step);
  });

  it('goes to the servicedesk at once where nobody can decide', () => {
    const plan = escalationPlanOf({ ...setting, daysOff: '' });
    expect([plan.daysOff, stepOf({ sentOn: '2026-12-01', hasDecider: false }, plan, '2026-12-01')]).toEqual([[], 3]);
  });
});
