import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keptFresh } from '../../src/shared/kept-fresh.ts';

const faults: unknown[] = [];
let reads = 0;
let answer: () => Promise<string>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
  faults.length = 0;
  reads = 0;
  answer = async () => `read ${reads}`;
});
afterEach(() => void vi.useRealTimers());

const kept = () =>
  keptFresh({
    initial: 'initial',
    read: () => {
      reads += 1;
      return answer();
    },
    seconds: 10,
    onFault: (error) => faults.push(error),
  });

describe('what is kept fresh', () => {
  it('is read once for many at the same moment, and again after its time', async () => {
    const value = kept();
    expect(value.current()).toBe('initial');
    await Promise.all([value.fresh(), value.fresh(), value.fresh()]);
    expect([value.current(), reads]).toEqual(['read 1', 1]);
    vi.advanceTimersByTime(9_999);
    await value.fresh();
    expect(reads).toBe(1);
    vi.advanceTimersByTime(2);
    await value.fresh();
    expect([value.current(), reads]).toEqual(['read 2', 2]);
  });

  it('is read anew after a change, also when a reading was under way that had not seen it', async () => {
    const value = kept();
    let finish = (_text: string): void => undefined;
    answer = () => new Promise((resolve) => (finish = resolve));
    const early = value.fresh();
    value.forget();
    finish('before the change');
    await early;
    answer = async () => 'after the change';
    await value.fresh();
    expect([value.current(), reads]).toEqual(['after the change', 2]);
  });

  it('stays as it was when it cannot be read, and is not asked for at every page', async () => {
    const value = kept();
    await value.fresh();
    vi.advanceTimersByTime(10_001);
    answer = () => Promise.reject(new Error('away'));
    await value.fresh();
    await value.fresh();
    expect([value.current(), reads, faults.length]).toEqual(['read 1', 2, 1]);
  });
});
