import fc from 'fast-check';
import { expect, it } from 'vitest';
import { browserName } from '../../src/http/browser-name.ts';

const gecko = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';

it.each([
  ['Chrome på Windows', `${windows} ${gecko} Chrome/142.0.0.0 Safari/537.36`],
  ['Microsoft Edge på Windows', `${windows} ${gecko} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`],
  ['Firefox på Windows', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0'],
  ['Opera på Linux', `Mozilla/5.0 (X11; Linux x86_64) ${gecko} Chrome/142.0.0.0 Safari/537.36 OPR/120.0.0.0`],
  [
    'Safari på Mac',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  ],
  [
    'Safari på iPhone',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  ],
  [
    'Chrome på iPad',
    'Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.0.0 Mobile/15E148 Safari/604.1',
  ],
  [
    'Samsung Internet på Android',
    `Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) ${gecko} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36`,
  ],
  ['Chrome på ChromeOS', `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${gecko} Chrome/142.0.0.0 Safari/537.36`],
  ['Ukendt browser', 'curl/8.5.0'],
  ['Ukendt browser', ''],
])('says “%s”', (words, sent) => {
  expect(browserName(sent)).toBe(words);
});

it('says something of a browser that says nothing', () => {
  expect(browserName(undefined)).toBe('Ukendt browser');
});

it('repeats nothing of what was sent', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000 }), (text) => {
      expect(browserName(`Chrome/1 <b>${text}`)).toMatch(/^[A-Z][A-Za-z ]+( på [A-Za-z]+)?$/);
    }),
  );
});
