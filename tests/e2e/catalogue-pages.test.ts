import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { cvrs, only } from '../support/sector.ts';
import { catalogueRoutes } from './catalogue-routes.ts';
import type { Stop } from './page-checks.ts';
import { pagesLeftOut, press, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
let serviceId: number;
let roleId: number;
const seen: string[] = [];
const minutes = 300_000;
const region = `/organisationer/${cvrs.region}`;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  const rows = await app.rows<{ id: number; serviceId: number }>(
    `select r.id, s.id as "serviceId" from role r join service s on s.id = r.service_id where s.code = 'dnhf' and r.code = 'dnhfHenviser'`,
  );
  ({ id: roleId, serviceId } = only(rows));
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const look = (person: string, stops: Stop[]): Promise<void> => sweep(app, browser, { person, stops }, seen);

it(
  'the organisation’s pages are whole on a desktop, on a phone, zoomed, and without JavaScript',
  async () => {
    const asking = only(await app.rows<{ id: number }>(`select s.id from service s where s.code = 'plov'`)).id;
    await look('region-org-admin', [
      { name: 'rettigheder', path: `${region}/rettigheder` },
      { name: 'finder-anmod', path: `${region}/roller?soeg=plov` },
      { name: 'anmod', path: `${region}/rettigheder/anmod` },
      { name: 'anmod-service', path: `${region}/rettigheder/anmod?service=${asking}` },
      {
        name: 'anmod-fejl',
        path: `${region}/rettigheder/anmod?service=${asking}`,
        status: 422,
        act: press('Send anmodning'),
      },
      { name: 'anmodning', path: `${region}/rettigheder/anmod?service=${asking}`, act: ask },
      { name: 'anmodninger', path: `${region}/rettigheder/anmodninger` },
    ]);
    await look('region-read-only', [{ name: 'read-only-rettigheder', path: `${region}/rettigheder` }]);
  },
  minutes,
);

it(
  'and so are the system owner’s',
  async () => {
    const request = only(await app.rows<{ id: number }>('select max(id) as id from service_access_request')).id;
    const service = `/system/services/${serviceId}`;
    const role = `/system/roller/${roleId}`;
    const chosen = `rolle=${roleId}&alle=1`;
    await look('system-owner', [
      { name: 'services', path: '/system/services' },
      { name: 'service-opret-fejl', path: '/system/services/opret', status: 422, act: press('Gem') },
      { name: 'service', path: service },
      { name: 'service-rediger', path: `${service}/rediger` },
      { name: 'rolle-opret', path: `${service}/roller/opret` },
      { name: 'rolle', path: role },
      { name: 'rolle-rediger', path: `${role}/rediger` },
      { name: 'rolle-krav', path: `${role}/rediger`, status: 422, act: changeNeeds },
      { name: 'rolle-organisationer', path: `${role}/organisationer` },
      { name: 'rolle-udfas-fejl', path: `${role}/udfas`, status: 422, act: press('Udfas og giv besked') },
      { name: 'service-udfas', path: `${service}/udfas` },
      { name: 'service-udfases', path: `${service}/udfas`, act: retire },
      { name: 'rolle-udfases', path: `${role}/udfas`, act: retire },
      { name: 'service-genåbn', path: `${service}/genaabn` },
      { name: 'rolle-genåbn', path: `${role}/genaabn` },
      { name: 'giv', path: '/system/rettigheder/giv' },
      { name: 'giv-fejl', path: '/system/rettigheder/giv/gennemse', status: 422 },
      { name: 'giv-gennemse', path: `/system/rettigheder/giv/gennemse?${chosen}` },
      { name: 'træk', path: `/system/rettigheder/traek-tilbage?${chosen}` },
      { name: 'træk-gennemse', path: `/system/rettigheder/traek-tilbage/gennemse?${chosen}` },
      {
        name: 'træk-fejl',
        path: `/system/rettigheder/traek-tilbage/gennemse?${chosen}`,
        status: 422,
        act: press('Træk rettighederne tilbage'),
      },
      { name: 'systemejer-rettigheder', path: `${region}/rettigheder` },
      { name: 'registrer-anmodning', path: `${region}/rettigheder/registrer-anmodning?service=${serviceId}` },
      { name: 'system-anmodninger', path: '/system/anmodninger?status=alle' },
      { name: 'system-anmodning', path: `/system/anmodninger/${request}` },
      {
        name: 'system-anmodning-fejl',
        path: `/system/anmodninger/${request}`,
        status: 422,
        act: press('Afgør anmodningen'),
      },
    ]);
    await look('region-org-admin', [
      { name: 'huskeliste-udfasning', path: `${region}/huskeliste` },
      { name: 'rettigheder-udfases', path: `${region}/rettigheder?soeg=dnhf` },
    ]);
  },
  minutes,
);

it('and none of them is left out', () => {
  expect(pagesLeftOut(catalogueRoutes, seen)).toEqual([]);
});

async function ask(page: Page): Promise<void> {
  await page.locator('input[name="rolle"]:not([disabled])').first().check();
  await page.getByLabel('Formål').fill('Tilsyn med plejehjem');
  await page.getByLabel('Hjemmel').fill('Sundhedsloven § 42 a');
  await press('Send anmodning')(page);
}

async function changeNeeds(page: Page): Promise<void> {
  const group = page.locator('#felt-sor');
  const needsUnit = await group.locator('input[value="ja"]').isChecked();
  await group.locator(`input[value="${needsUnit ? 'nej' : 'ja'}"]`).check();
  await press('Gem')(page);
}

async function retire(page: Page): Promise<void> {
  await page.getByLabel('Udfases den').fill('31-12-2030');
  await page.getByLabel('Afløser').fill('plov');
  await page.getByLabel('Begrundelse').fill('Ny version');
  await press('Udfas og giv besked')(page);
}
