import { describe, expect, it } from 'vitest';
import { isCvr, isGln, isSorCode } from '../../src/shared/danish-numbers.ts';
import { planUnits, type GeneratedUnit } from '../../src/sor/generate/plan-units.ts';
import { sorText } from '../support/sor-files.ts';

const depthOf = (unit: GeneratedUnit): number => (unit.parent ? depthOf(unit.parent) + 1 : 1);

describe('made-up SOR units', () => {
  const units = [...planUnits({ units: 5000 })];

  it.each([1, 2, 3, 60, 2000, 2001])('are exactly as many as asked for (%d)', (count) => {
    expect([...planUnits({ units: count })]).toHaveLength(count);
  });

  it('have sound and different numbers', () => {
    expect(units.every(({ code, cvr, ean }) => isSorCode(code) && isCvr(cvr) && (ean === '' || isGln(ean)))).toBe(true);
    expect(new Set(units.map(({ code }) => code)).size).toBe(units.length);
    expect(units[0]?.code).toMatch(/^9000001100001600/);
  });

  it('form a tree of owners, institutions and nested units, each after its parent', () => {
    const seen = new Set<GeneratedUnit | null>([null]);
    for (const unit of units) {
      expect(seen.has(unit.parent)).toBe(true);
      seen.add(unit);
    }
    expect(Math.max(...units.map(depthOf))).toBeGreaterThanOrEqual(7);
    expect(units.filter(({ kind }) => kind === 'OWNER').length).toBeGreaterThan(50);
  });

  it('belong to owners of which one has far more than any other', () => {
    const byOwner = Map.groupBy(units, ({ cvr }) => cvr);
    const sizes = Array.from(byOwner.values(), (own) => own.length).toSorted((one, other) => other - one);
    expect(sizes[0]).toBe(1500);
    expect(sizes[1]).toBeLessThan(500);
  });

  it('close now and then, never with open units below', () => {
    const closing = new Set(units.filter(({ to }) => to !== ''));
    expect(closing.size / units.length).toBeGreaterThan(0.03);
    expect(closing.size / units.length).toBeLessThan(0.07);
    expect(units.some(({ parent }) => parent && closing.has(parent))).toBe(false);
  });
});

it('writes the same file for the same options', async () => {
  expect(await sorText('csv', 200)).toBe(await sorText('csv', 200));
  expect(await sorText('xml', 200)).toBe(await sorText('xml', 200));
});

it('writes CSV as SOR does: BOM, semicolons, codes that Excel takes for text', async () => {
  const [header = '', owner = ''] = (await sorText('csv', 20)).split('\r\n');
  expect(header).toMatch(/^\ufeffSorId;SorType;ParentSorId;/);
  expect(owner).toMatch(/^"=""90000011000016004""";"IE";"";"Region Kattegat";/);
});
