import { expect, it } from 'vitest';
import { makeSorCode } from '../../src/shared/danish-numbers.ts';
import { checkRow } from '../../src/sor/import/check-row.ts';
import { FaultList, SorFileRefused } from '../../src/sor/import/refusal.ts';
import type { SorRow } from '../../src/sor/import/sor-row.ts';

const row: SorRow = {
  line: 7,
  code: makeSorCode(9_000_001),
  kind: 'OWNER',
  name: 'Region Ærø',
  entityType: 'region',
  parentCode: null,
  ownerCvr: '33257872',
  institutionCode: null,
  shakCode: null,
  providerCode: null,
  eanCode: null,
  street: null,
  postcode: null,
  city: null,
  validFrom: null,
  closedOn: null,
};

function check(changes: Partial<SorRow>, cvrCheck: 'strict' | 'relaxed' = 'strict') {
  const faults = new FaultList();
  const checked = checkRow({ ...row, ...changes }, cvrCheck, faults);
  let message = '';
  try {
    faults.refuseIfAny();
  } catch (error) {
    if (!(error instanceof SorFileRefused)) throw error;
    message = error.faults.map((fault) => `${fault.line}: ${fault.message}`).join('; ');
  }
  return { checked, message };
}

it.each([
  ['2007-01-01', '2007-01-01'],
  ['2007-01-01T00:00:00+01:00', '2007-01-01'],
  ['2024-02-29 00:00', '2024-02-29'],
  ['31-12-2026', '2026-12-31'],
  ['9999-12-31', null],
])('reads the date %s as %s', (given, expected) => {
  expect(check({ closedOn: given })).toMatchObject({ message: '', checked: { closedOn: expected } });
});

it.each(['2026-02-30', '2025-02-29', '01-13-2026', '2026', '20260101', 'i morgen', '2026-1-1'])(
  'refuses the date %s',
  (given) => {
    expect(check({ closedOn: given }).message).toBe(`7: "${given}" is not a date`);
  },
);

it.each([
  [{ code: '' }, 'the unit has no SOR code'],
  [{ code: '90000011000016005' }, 'SOR code 90000011000016005 has a wrong check digit'],
  [{ name: '' }, 'has no name'],
  [{ name: 'RÃ¸nne' }, 'wrong encoding: "RÃ¸nne" (name)'],
  [{ city: 'R\ufffdnne' }, 'wrong encoding'],
  [{ street: 'Al\u0007gade' }, 'street holds control characters'],
  [{ name: 'x'.repeat(301) }, 'name is longer than 300 characters'],
  [{ ownerCvr: '12345678' }, '"12345678" is not a CVR number'],
])('refuses %j', (changes, message) => expect(check(changes).message).toContain(message));

it('takes test numbers for a CVR where that is allowed', () => {
  expect(check({ ownerCvr: '12345678' }, 'relaxed').message).toBe('');
  expect(check({ ownerCvr: '1234567' }, 'relaxed').message).toContain('is not a CVR number');
});
