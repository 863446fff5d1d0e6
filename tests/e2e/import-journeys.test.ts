import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { xlsxOf } from '../support/import-files.ts';
import type { Visitor } from '../support/pages.ts';
import { scriptings, signedIn, submit } from '../support/pages.ts';
import { cvrs, givableRoles, only, unitOf } from '../support/sector.ts';

let app: BrowserApp;
let browser: Browser;
let role: string;
let unit: string;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  const { id } = only(await givableRoles(app, cvrs.region, true));
  const found = await app.rows<{ code: string }>(
    `select s.code || '/' || r.code as code from role r join service s on s.id = r.service_id where r.id = $1`,
    [id],
  );
  role = only(found).code;
  unit = await unitOf(app, cvrs.region);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const header = ['Fornavn', 'Efternavn', 'E-mail', 'RID', 'Rolle', 'SOR-kode', 'Omfang'];
const rowsOf = (mark: string): string[][] => [
  ['Åse', 'Ærø', `aase.${mark.toLowerCase()}@region-eksempel.example`, `${mark}-1`, role, unit, 'Denne enhed'],
  ['Bo', 'Øst', `bo.${mark.toLowerCase()}@region-eksempel.example`, `${mark}-2`, '', '', ''],
  ['Fejl', 'Iadresse', 'ikke en adresse', `${mark}-3`, '', '', ''],
];
const created = async (mark: string): Promise<number> =>
  (await app.rows('select from app_user where rid like $1', [`${mark}-%`])).length;

describe.each(scriptings)('Indsæt fra Excel $mode', ({ mark, javaScriptEnabled }) => {
  let aase: Visitor;
  let page: Page;
  beforeAll(async () => {
    aase = await signedIn(app, browser, 'region-org-admin', { javaScriptEnabled });
    ({ page } = aase);
  });
  afterAll(async () => {
    expect(aase.complaints).toEqual([]);
    await aase.context.close();
  });

  async function open(): Promise<void> {
    await page.goto(`${app.origins.sebadmin}/organisationer/${cvrs.region}/brugere`);
    await page.getByRole('link', { name: 'Indsæt fra Excel' }).click();
  }
  /** What each row of the dry run would do. */
  const kinds = () => page.locator('tbody tr td:nth-child(2)').allInnerTexts();
  const figure = (label: string) => page.locator('.seb-figures div', { hasText: label }).locator('dd').textContent();

  it('takes pasted rows: a dry run, the error rows to fetch, one confirmation, and nothing the second time', async () => {
    const own = `IND-${mark}`;
    const pasted = [header, ...rowsOf(own)].map((row) => row.join('\t')).join('\n');
    await open();
    expect(await submit(page, 'Læs rækkerne')).toBe(422);
    await page.getByLabel('Indsæt rækkerne her').fill(pasted);
    expect(await submit(page, 'Læs rækkerne')).toBe(200);
    expect((await kinds()).map((kind) => kind.trim())).toEqual(['Ny', 'Ny', 'Fejl']);
    expect(await figure('Brugere oprettes')).toBe('2');
    expect(await created(own)).toBe(0);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Hent kun fejlrækkerne (CSV)' }).click(),
    ]);
    const errors = await readFile(await download.path(), 'utf8');
    expect(errors.trim().split('\n')).toHaveLength(2);
    expect(errors).toContain('ikke en adresse');
    expect(errors).not.toContain(`${own}-1`);

    expect(await submit(page, 'Gennemfør')).toBe(200);
    expect(await page.getByRole('heading', { name: 'Det er gennemført' }).count()).toBe(1);
    expect(await figure('Brugere oprettet')).toBe('2');
    expect(await figure('Roller tildelt')).toBe('1');
    expect(await created(own)).toBe(2);

    await open();
    await page.getByLabel('Indsæt rækkerne her').fill(pasted);
    expect(await submit(page, 'Læs rækkerne')).toBe(200);
    expect((await kinds()).map((kind) => kind.trim())).toEqual(['Findes', 'Findes', 'Fejl']);
    expect(await page.getByRole('button', { name: 'Gennemfør' }).count()).toBe(0);
  });

  const kind = javaScriptEnabled ? 'xlsx' : 'csv';
  it(`takes a ${kind} file, and the same file twice changes nothing`, async () => {
    const own = `${kind.toUpperCase()}-${mark}`;
    const rows = [header, ...rowsOf(own).slice(0, 2)];
    const file =
      kind === 'csv'
        ? {
            name: 'brugere.csv',
            mimeType: 'text/csv',
            buffer: Buffer.from(`\uFEFF${rows.map((row) => row.join(';')).join('\r\n')}`),
          }
        : { name: 'brugere.xlsx', mimeType: 'application/vnd.ms-excel', buffer: await xlsxOf(rows) };
    await open();
    await page.getByLabel('Eller vælg en fil').setInputFiles(file);
    expect(await submit(page, 'Læs rækkerne')).toBe(200);
    expect(await page.getByRole('main').textContent()).toContain(file.name);
    expect(await submit(page, 'Gennemfør')).toBe(200);
    expect(await created(own)).toBe(2);
    await open();
    await page.getByLabel('Eller vælg en fil').setInputFiles(file);
    expect(await submit(page, 'Læs rækkerne')).toBe(200);
    expect((await kinds()).map((one) => one.trim())).toEqual(['Findes', 'Findes']);
    expect(await page.getByRole('button', { name: 'Gennemfør' }).count()).toBe(0);
  });
});
