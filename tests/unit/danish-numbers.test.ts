import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cvrSeries, isCvr, isGln, isSorCode, makeCvr, makeGln, makeSorCode } from '../../src/shared/danish-numbers.ts';

describe('SOR codes', () => {
  it.each(['347801000016001', '8321000016007', '306011000016003', '7141000016000', '440711000016004'])(
    'accepts %s, which is in use',
    (code) => expect(isSorCode(code)).toBe(true),
  );

  it.each(['347801000016002', '8321000016070', '', '0', '12345', 'abc801000016001', ' 7141000016000', '1'.repeat(19)])(
    'refuses "%s"',
    (code) => expect(isSorCode(code)).toBe(false),
  );

  it('makes codes that it accepts', () => {
    expect(makeSorCode(9_000_001)).toBe('90000011000016004');
    fc.assert(fc.property(fc.integer({ min: 1, max: 99_999_999 }), (item) => isSorCode(makeSorCode(item))));
  });

  it('notices every wrong digit and every swap of neighbours', () => {
    const place = fc.nat({ max: 14 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000_000, max: 99_999_999 }),
        place,
        fc.integer({ min: 1, max: 9 }),
        (item, at, by) => {
          const code = makeSorCode(item);
          const wrong = (Number(code[at]) + by) % 10;
          expect(isSorCode(code.slice(0, at) + wrong + code.slice(at + 1))).toBe(false);
          const [left, right] = [code[at], code[at + 1]];
          if (left !== right) expect(isSorCode(code.slice(0, at) + right + left + code.slice(at + 2))).toBe(false);
        },
      ),
    );
  });
});

describe('CVR numbers', () => {
  it.each(['33257872', '29190925'])('accepts %s', (cvr) => expect(isCvr(cvr)).toBe(true));
  it.each(['33257873', '12345678', '3325787', '332578720', '00000000', 'abcdefgh', ''])('refuses "%s"', (cvr) =>
    expect(isCvr(cvr)).toBe(false),
  );

  it('lets test numbers pass when relaxed, but still wants eight digits', () => {
    expect(isCvr('12345678', 'relaxed')).toBe(true);
    expect(isCvr('1234567', 'relaxed')).toBe(false);
  });

  it('makes numbers that it accepts, and none where the check digit would be ten', () => {
    expect(makeCvr(3_325_787)).toBe('33257872');
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000, max: 9_999_999 }), (digits) => {
        const cvr = makeCvr(digits);
        return cvr === null || isCvr(cvr);
      }),
    );
  });

  it('counts up through valid numbers', () => {
    const series = cvrSeries(3_992_001);
    const numbers = Array.from({ length: 30 }, () => series.next().value);
    expect(numbers.every((cvr) => isCvr(cvr))).toBe(true);
    expect(new Set(numbers).size).toBe(30);
  });
});

it('checks EAN location numbers', () => {
  expect(isGln('5790000141227')).toBe(true);
  expect(isGln('5790000141228')).toBe(false);
  expect(isGln(makeGln('579000999001'))).toBe(true);
});
