import { expect, it } from 'vitest';
import { formatDate, formatDateTime } from '../../src/shared/dates.ts';
import {
  counted,
  foldForSearch,
  formatCvr,
  formatNumber,
  joinedWithAnd,
  likeAnywhere,
  searchWords,
} from '../../src/shared/text.ts';

it('folds å, æ and ø to what people type without them', () => {
  expect(foldForSearch('Åse ØSTERGÅRD Ægir')).toBe('aase oestergaard aegir');
  expect(searchWords('  Åse   østergård ')).toEqual(['aase', 'oestergaard']);
  expect(searchWords('')).toEqual([]);
  expect(searchWords('a '.repeat(50))).toHaveLength(8);
});

it('takes wildcards literally', () => {
  expect(likeAnywhere('100%_\\')).toBe('%100\\%\\_\\\\%');
});

it('writes numbers and lists as Danish does', () => {
  expect([
    formatNumber(1234),
    counted(1, 'bruger', 'brugere'),
    counted(2000, 'bruger', 'brugere'),
    formatCvr('39910012'),
  ]).toEqual(['1.234', '1 bruger', '2.000 brugere', '39 91 00 12']);
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(joinedWithAnd)).toEqual(['', 'a', 'a og b', 'a, b og c']);
});

it('shows times as a Danish clock does, also when it is put back', () => {
  expect(formatDate(new Date('2026-11-21T23:30:00Z'))).toBe('22-11-2026');
  expect(formatDateTime(new Date('2026-07-01T12:05:00Z'))).toBe('01-07-2026 kl. 14.05');
  expect(['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map((at) => formatDateTime(new Date(at)))).toEqual([
    '25-10-2026 kl. 02.30',
    '25-10-2026 kl. 02.30',
  ]);
});
