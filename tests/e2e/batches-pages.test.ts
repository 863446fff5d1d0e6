import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { batchesRoutes } from '../../src/batches/batches.routes.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import type { Visitor } from '../support/pages.ts';
import { signedIn } from '../support/pages.ts';
import type { GivableRole } from '../support/sector.ts';
import { cvrs, givableRoles, only, operate, ordinaryUsers } from '../support/sector.ts';
import { pagesLeftOut, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
let role: GivableRole;
let users: number[];
const region = `/organisationer/${cvrs.region}`;
const seen: string[] = [];
const minutes = 240_000;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  role = only(await givableRoles(app, cvrs.region, false));
  users = await ordinaryUsers(app, cvrs.region, 60);
  await operate(app, `delete from role_assignment where user_id in (${users.join()})`);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

/** Gives the role to some users through the pages; the page then shows the message. */
async function give(page: Page, ids: number[]): Promise<void> {
  const query = [...ids.map((id) => `bruger=${id}`), `tildelservice=${role.serviceId}`, `rolle=${role.id}`].join('&');
  await page.goto(`${app.origins.sebadmin}${region}/tildel-roller/gennemse?${query}`);
  await page.getByRole('button', { name: /^Gem/ }).click();
}

const holders = async (): Promise<number> =>
  (
    await app.rows('select from role_assignment where user_id = any ($1) and role_id = $2 and withdrawn_at is null', [
      users,
      role.id,
    ])
  ).length;

describe('an administrator gives a role to the wrong people and takes it back', () => {
  let visitor: Visitor;
  afterEach(async () => {
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });

  it.each([
    ['with JavaScript', true],
    ['without JavaScript', false],
  ])('%s', async (_name, javaScriptEnabled) => {
    visitor = await signedIn(app, browser, 'region-user-admin', { javaScriptEnabled });
    const { page } = visitor;
    await give(page, users.slice(0, 3));
    await page.getByRole('status').getByRole('link', { name: 'Se eller fortryd ændringen' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(/^Tildelte rollen .+ til 3 brugere$/);
    expect(await page.getByText('Kan fortrydes', { exact: true }).count()).toBe(3);
    await operate(
      app,
      `update role_assignment set version = version + 1, withdrawn_at = now(), valid_to = now() where user_id = ${users[0]} and withdrawn_at is null`,
    );
    await page.getByRole('link', { name: 'Fortryd ændringen' }).click();
    expect(await page.getByRole('main').textContent()).toContain('2 roller fjernes igen med det samme.');
    expect(await page.getByRole('main').textContent()).toContain('1 række: Ændret siden.');
    await page.getByRole('link', { name: 'Behold ændringen' }).click();
    expect(await holders()).toBe(2);
    await page.getByRole('link', { name: 'Fortryd ændringen' }).click();
    await page.getByRole('button', { name: 'Fortryd 2 rækker' }).click();
    expect(await page.getByRole('status').textContent()).toContain('Ændringen er fortrudt: 2 roller er fjernet.');
    expect(await page.getByText('Fortrudt', { exact: true }).count()).toBeGreaterThanOrEqual(2);
    expect(await holders()).toBe(0);
    await page.getByRole('link', { name: 'Forside' }).first().click();
    await page.getByRole('link', { name: 'Mine seneste ændringer' }).click();
    expect(await page.getByRole('main').textContent()).toContain('Delvist fortrudt');
    await page
      .getByRole('link', { name: /^Fortrød ændringen/ })
      .first()
      .click();
    await page.getByRole('link', { name: 'Fortryd ændringen' }).click();
    await page.getByRole('button', { name: 'Fortryd 2 rækker' }).click();
    expect(await holders()).toBe(2);
    await operate(app, `delete from role_assignment where user_id in (${users.join()})`);
  });
});

it(
  'shows what is undone whole on a desktop, on a phone, zoomed, and without JavaScript',
  async () => {
    const visitor = await signedIn(app, browser, 'region-user-admin');
    const { page } = visitor;
    const reference = async (): Promise<string> =>
      (await page.getByRole('link', { name: 'Se eller fortryd ændringen' }).getAttribute('href')) ?? '';
    await give(page, users);
    const large = await reference();
    await page.goto(`${app.origins.sebadmin}${large}`);
    const next = (await page.getByRole('link', { name: 'Næste' }).getAttribute('href')) ?? '';
    await page.goto(`${app.origins.sebadmin}${large}/fortryd`);
    await operate(
      app,
      `update role_assignment set version = version + 1 where user_id = ${users[5]} and withdrawn_at is null`,
    );
    await page.goto(`${app.origins.sebadmin}${large}/fortryd`);
    await page.getByRole('button', { name: 'Fortryd 59 rækker' }).click();
    await operate(
      app,
      `delete from role_assignment where user_id in (${users.slice(0, 3).join()}) and withdrawn_at is null`,
    );
    await give(page, users.slice(0, 3));
    const small = await reference();
    await operate(
      app,
      `update role_assignment set version = version + 1 where user_id = ${users[0]} and withdrawn_at is null`,
    );
    await visitor.context.close();
    const stops = [
      { name: 'seneste-aendringer', path: `${region}/aendringer` },
      { name: 'aendring', path: small },
      { name: 'aendring-fortryd', path: `${small}/fortryd` },
      { name: 'aendring-fortrudt', path: large },
      { name: 'aendring-fortrudt-side-2', path: next },
    ];
    await sweep(app, browser, { person: 'region-user-admin', stops }, seen);
    await sweep(
      app,
      browser,
      {
        person: 'region-org-admin',
        stops: [
          { name: 'aendringer-ingen', path: `${region}/aendringer` },
          { name: 'aendring-af-en-anden', path: small },
          { name: 'aendring-af-en-anden-fortryd', path: `${small}/fortryd`, status: 403 },
        ],
      },
      seen,
    );
    expect(pagesLeftOut(batchesRoutes, seen)).toEqual([]);
  },
  minutes,
);
