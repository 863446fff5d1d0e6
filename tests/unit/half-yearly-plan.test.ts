import { describe, expect, it } from 'vitest';
import { dueDay, nextDay, planOf } from '../../src/half-yearly/plan.ts';

const setting = { months: '10, 4', day: '1', hour: '8', dormantDays: '180' };
const plan = planOf(setting, undefined);
const at = (moment: string) => new Date(moment);

describe('the plan of the half-yearly message', () => {
  it('reads months in any order, each once, and none from an empty setting', () => {
    expect(planOf({ ...setting, months: '10,4, 4' }, undefined).months).toEqual([4, 10]);
    expect(planOf({ ...setting, months: '' }, undefined).months).toEqual([]);
  });

  it.each([
    ['2026-10-01T05:59:59Z', null, '2026-10-01'], // summer time: eight o'clock is 6 UTC
    ['2026-10-01T06:00:00Z', '2026-10-01', '2027-04-01'],
    ['2026-10-08T05:59:00Z', '2026-10-01', '2027-04-01'], // made up for after seven days of downtime
    ['2026-10-08T06:00:01Z', null, '2027-04-01'],
    ['2026-12-31T23:30:00Z', null, '2027-04-01'],
  ])('at %s wants the run of %s, and next that of %s', (now, due, next) => {
    expect([dueDay(plan, at(now)), nextDay(plan, at(now))]).toEqual([due, next]);
  });

  it('makes up for nothing that was before it was made', () => {
    const now = at('2026-10-03T08:00:00Z');
    expect(dueDay(planOf(setting, at('2026-10-02T08:00:00Z')), now)).toBeNull();
    expect(dueDay(planOf(setting, at('2026-09-02T08:00:00Z')), now)).toBe('2026-10-01');
  });

  it('has no day without months', () => {
    const never = planOf({ ...setting, months: '' }, undefined);
    expect([dueDay(never, at('2026-10-01T08:00:00Z')), nextDay(never, at('2026-10-01T08:00:00Z'))]).toEqual([
      null,
      null,
    ]);
  });

  it('knows winter time too, and the turn of the year', () => {
    const winter = planOf({ ...setting, months: '1,7', day: '2', hour: '0' }, undefined);
    expect(nextDay(winter, at('2026-12-31T12:00:00Z'))).toBe('2027-01-02');
    expect(dueDay(winter, at('2027-01-01T23:00:00Z'))).toBe('2027-01-02');
  });
});
