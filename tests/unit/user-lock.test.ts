import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lock } from '../../src/users/user-lock.ts';
import { faultsOfLock, laterStart } from '../../src/users/user-lock.ts';

const today = '2026-11-21';
const lock = (more: Partial<Lock>): Lock => ({ start: 'nu', from: null, until: null, reason: 'Orlov', ...more });
const faultyFields = (asked: Lock, isLocked = false): string[] => Object.keys(faultsOfLock(asked, isLocked, today));

describe('the days of a lock', () => {
  it.each<[string, Partial<Lock>, string[]]>([
    ['now', {}, []],
    ['now until today', { until: today }, []],
    ['now until yesterday', { until: '2026-11-20' }, ['til']],
    ['now, with a first day typed as well', { from: '2026-12-01' }, ['fra']],
    ['from a day that is missing', { start: 'dato' }, ['fra']],
    ['from today', { start: 'dato', from: today }, []],
    ['from yesterday', { start: 'dato', from: '2026-11-20' }, ['fra']],
    ['one day', { start: 'dato', from: '2026-12-01', until: '2026-12-01' }, []],
    ['that end before they begin', { start: 'dato', from: '2026-12-02', until: '2026-12-01' }, ['til']],
    ['both in the past', { start: 'dato', from: '2026-11-01', until: '2026-11-02' }, ['fra', 'til']],
  ])('%s', (_, asked, fields) => expect(faultyFields(lock(asked))).toEqual(fields));

  it('a user who is locked now cannot be locked from later on: that would open meanwhile', () => {
    expect(faultyFields(lock({ start: 'dato', from: '2026-12-01' }), true)).toEqual(['fra']);
    expect(faultyFields(lock({ until: '2026-12-01' }), true)).toEqual([]);
  });

  it('that are accepted are in order and not over, whatever was typed', () => {
    const day = fc
      .date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
      .map((moment) => moment.toISOString().slice(0, 10));
    const asked = fc.record({
      start: fc.constantFrom('nu' as const, 'dato' as const),
      from: fc.option(day),
      until: fc.option(day),
      reason: fc.constant('x'),
    });
    fc.assert(
      fc.property(asked, fc.boolean(), (one, isLocked) => {
        if (Object.keys(faultsOfLock(one, isLocked, today)).length > 0) return;
        const first = laterStart(one, today) ?? today;
        expect(first >= today).toBe(true);
        if (one.until !== null) expect(one.until >= first).toBe(true);
        if (isLocked) expect(laterStart(one, today)).toBeNull();
      }),
    );
  });
});
