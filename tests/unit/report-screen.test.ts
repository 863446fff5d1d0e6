import { describe, expect, it } from 'vitest';
import { sql } from '../../src/db/sql.ts';
import { shownText } from '../../src/reports/cells.ts';
import { marked } from '../../src/reports/marked.ts';
import { barChart, largest, lineChart } from '../../src/reports/charts.ts';
import { fitsKeys } from '../../src/reports/statement.queries.ts';

describe('a cell on the screen', () => {
  it('is written as Danes read it, and empty where there is nothing', () => {
    expect(shownText('2026-11-30', 'date')).toBe('30-11-2026');
    expect(shownText('2026-11-30T10:00:00Z', 'dateTime')).toBe('30-11-2026 11.00');
    expect(shownText(12345, 'number')).toBe('12.345');
    expect([shownText(true, 'yesNo'), shownText(false, 'yesNo'), shownText(null, 'date')]).toEqual(['Ja', 'Nej', '']);
    expect(shownText('00418823', 'code')).toBe('00418823');
  });

  it('is marked where the word stands, whichever way it was spelled', () => {
    const found = (text: string, word: string): string[] =>
      marked(text, [word]).map((part) => (part.isFound ? `[${part.text}]` : part.text));
    expect(found('Søren Ærø', 'aeroe')).toEqual(['Søren ', '[Ærø]']);
    expect(found('Ægidius Nørgård', 'gaard')).toEqual(['Ægidius Nør', '[gård]']);
    expect(found('Jensen', 'sen')).toEqual(['Jen', '[sen]']);
    expect(found('Jensen', 'x')).toEqual(['Jensen']);
    expect(marked('', ['x'])).toEqual([]);
  });
});

it('takes for a place in a report only what can be compared with its keys', () => {
  const keys = [
    { expression: sql`a`, type: 'text' },
    { expression: sql`b`, type: 'number' },
    { expression: sql`c`, type: 'moment' },
  ] as const;
  expect(fitsKeys(keys, ['Ærø', '12', '2026-11-30 10:00:00.123+00'])).toBe(true);
  for (const odd of [
    ['x', '1'],
    ['x', 'y', '2026-11-30 10:00:00+00'],
    ['x', '1', 'i går'],
    ['\0', '1', 'infinity'],
  ])
    expect(fitsKeys(keys, odd)).toBe(false);
});

describe('a picture', () => {
  it('has a scale of round numbers from zero, and its points within', () => {
    const days = [3, 0, 170].map((value, index) => ({ day: `2026-11-0${index + 1}`, value }));
    const chart = lineChart('Brugere', days) as { line: string; scale: { label: string }[]; days: { label: string }[] };
    expect(chart.scale.map(({ label }) => label)).toEqual(['0', '100', '200']);
    expect(chart.days.map(({ label }) => label)).toEqual(['01-11-2026', '02-11-2026', '03-11-2026']);
    for (const point of chart.line.split(' ')) expect(point).toMatch(/^\d+(\.\d)?,\d+(\.\d)?$/);
    expect(lineChart('Ingen', [])).toMatchObject({ line: '', days: [] });
  });

  it('shows the largest ones, and the others together', () => {
    const points = [9, 5, 3, 1].map((value) => ({ label: `S${value}`, value }));
    expect(largest(points, 3, 'Andre')).toEqual([points[0], points[1], { label: 'Andre', value: 4 }]);
    expect(largest(points, 4, 'Andre')).toEqual(points);
    const { bars } = barChart('Services', points) as { bars: { length: number; value: string }[] };
    expect(bars.map(({ value }) => value)).toEqual(['9', '5', '3', '1']);
    expect(Math.max(...bars.map(({ length }) => length))).toBe(bars[0]?.length);
  });
});
