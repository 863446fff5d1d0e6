import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportsRoutes } from '../../src/reports/reports.routes.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { signedIn } from '../support/pages.ts';
import { cvrs, idOf } from '../support/sector.ts';
import { pagesLeftOut, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
const seen: string[] = [];
const base = `/organisationer/${cvrs.region}/rapporter`;
const minutes = 240_000;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  const insert = `insert into report_view (id, user_id, organisation_id, report_id, name, choice) values`;
  const region = `(select id from organisation where cvr = '${cvrs.region}')`;
  await app.rows(
    `${insert} (901, ${await idOf(app, 'region-org-admin')}, ${region}, 'udloeber-snart', 'Udløber i år', 'dage=365'),
      (902, ${await idOf(app, 'system-owner')}, null, 'tal-pr-service', 'Mine tal', 'soeg=')`,
  );
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

describe('Reports', () => {
  it(
    'are whole on a desktop, on a phone, zoomed, and without JavaScript',
    async () => {
      const stops = [
        { name: 'rapporter', path: base },
        { name: 'rapport-alle-brugere', path: `${base}/alle-brugere?find=S%C3%B8rensen&soeg-nu=1` },
        { name: 'rapport-vælg-bruger', path: `${base}/enkelt-bruger` },
        { name: 'rapport-fejl', path: `${base}/adgang-paa-dato?dag=31-02-2026`, status: 422 },
        { name: 'rapport-visning', path: `${base}/visninger/901` },
      ];
      await sweep(app, browser, { person: 'region-org-admin', stops }, seen);
      const forAll = [
        { name: 'rapporter-alle', path: '/rapporter' },
        { name: 'rapport-tal', path: '/rapporter/tal-pr-service' },
        { name: 'rapport-visning-alle', path: '/rapporter/visninger/902' },
      ];
      await sweep(app, browser, { person: 'system-owner', stops: forAll }, seen);
      expect(pagesLeftOut(reportsRoutes, seen)).toEqual([]);
    },
    minutes,
  );

  it(
    'are filtered, looked through and kept as a view, without JavaScript',
    async () => {
      const { page, complaints } = await signedIn(app, browser, 'region-user-admin', {
        javaScriptEnabled: false,
      });
      await page.goto(`${app.origins.sebadmin}${base}`);
      await page.getByRole('link', { name: 'Ikke logget på i et antal dage' }).click();
      await page.getByLabel('Dage uden login').fill('30');
      await page.getByRole('button', { name: 'Vis rapport' }).click();
      const rows = page.locator('.seb-report tbody tr');
      expect(await rows.count()).toBeGreaterThan(0);
      const name = (await rows.last().locator('td').nth(1).textContent()) ?? '';
      await page.getByLabel('Find i hele rapporten').fill(name);
      await page.getByRole('button', { name: 'Find', exact: true }).click();
      expect(await rows.first().locator('mark').first().textContent()).toBe(name);
      await page.getByText('Gem som visning').click();
      await page.getByLabel('Navn', { exact: true }).fill('Sover');
      await page.getByRole('button', { name: 'Gem visning' }).click();
      await page.getByRole('link', { name: 'Sover', exact: true }).click();
      expect(await page.getByLabel('Dage uden login').inputValue()).toBe('30');
      expect(complaints).toEqual([]);
    },
    minutes,
  );
});
