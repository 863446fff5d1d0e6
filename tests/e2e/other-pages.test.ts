import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PortalName } from '../../src/pages/services.ts';
import { sebanmodRoutes } from '../../src/portals/sebanmod.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { answerAs, answerAwkwardly } from '../support/pages.ts';
import { cvrs, idOf } from '../support/sector.ts';
import type { Stop } from './page-checks.ts';
import { pagesLeftOut, press, sweep } from './page-checks.ts';
import { sweptElsewhere } from './swept-elsewhere.ts';

let app: BrowserApp;
let browser: Browser;
let user: number;
const seen: Record<PortalName, string[]> = { sebadmin: [], sebanmod: [] };

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  user = await idOf(app, 'region-user');
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

/** Many pages one after the other, on machines that may be busy. */
const minutes = 240_000;
const region = `/organisationer/${cvrs.region}`;

async function look(person: string | null, stops: Stop[], portal: PortalName = 'sebadmin'): Promise<void> {
  await sweep(app, browser, { person, portal, stops }, seen[portal]);
}

describe('What others see is whole on a desktop, on a phone, zoomed, and without JavaScript', () => {
  it(
    'for a brugeradministrator and a read-only administrator',
    async () => {
      const administrator = await idOf(app, 'region-org-admin');
      await look('region-user-admin', [
        { name: 'brugeradministrator-forside', path: '/' },
        { name: 'brugeradministrator-administrator', path: `${region}/brugere/${administrator}` },
        { name: 'ikke-rettighed', path: `${region}/brugere/${administrator}/rediger`, status: 403 },
      ]);
      await look('region-read-only', [
        { name: 'read-only-forside', path: '/' },
        { name: 'read-only-brugere', path: `${region}/brugere` },
        { name: 'read-only-bruger', path: `${region}/brugere/${user}` },
        { name: 'read-only-opret', path: `${region}/brugere/opret`, status: 403 },
      ]);
    },
    minutes,
  );

  it(
    'for the system owner, the servicedesk, and administrators with notices or two organisations',
    async () => {
      await look('system-owner', [
        { name: 'systemejer-forside', path: '/' },
        { name: 'systemejer-brugere', path: `${region}/brugere` },
        { name: 'systemejer-bruger', path: `${region}/brugere/${user}` },
      ]);
      await look('servicedesk', [{ name: 'servicedesk-forside', path: '/' }]);
      await look('two-organisations', [{ name: 'to-organisationer-forside', path: '/' }]);
      await look('practice-doctor', [
        { name: 'praksis-forside', path: '/' },
        { name: 'praksis-sor', path: `/organisationer/${cvrs.practice}/sor` },
      ]);
    },
    minutes,
  );

  it(
    'for a user of sebanmod',
    async () => {
      await look(
        'region-user',
        [
          { name: 'sebanmod-forside', path: '/' },
          { name: 'sebanmod-mine-oplysninger', path: '/mine-oplysninger' },
          { name: 'sebanmod-adgangstjek', path: '/adgangstjek' },
          { name: 'sebanmod-bekræft', path: `/mine-oplysninger/bekraeft/${'x'.repeat(43)}` },
        ],
        'sebanmod',
      );
    },
    minutes,
  );

  it(
    'for somebody who is not signed in, and for those who are turned away',
    async () => {
      await look(null, [
        { name: 'login', path: '/login' },
        { name: 'login-lokal', path: '/login?fane=lokal' },
        { name: 'logget-af', path: '/logget-af' },
        { name: 'afvist-privatperson', path: '/login', status: 403, act: beRefused('En privatperson') },
        { name: 'afvist-ikke-administrator', path: '/login', status: 403, act: beTurnedAway('region-user') },
      ]);
      await look(null, [{ name: 'sebanmod-login', path: '/login' }], 'sebanmod');
    },
    minutes,
  );

  it('and no page of sebanmod is left out', () => {
    const here = sebanmodRoutes.filter((route) => !sweptElsewhere.includes(route));
    expect(pagesLeftOut(here, seen.sebanmod)).toEqual([]);
  });
});

function beRefused(label: string, person?: string): (page: Page) => Promise<void> {
  return async (page) => {
    await press('Log på med NemLog-in (test)')(page);
    await answerAwkwardly(app, page, label, person);
  };
}

function beTurnedAway(person: string): (page: Page) => Promise<void> {
  return async (page) => {
    await press('Log på med NemLog-in (test)')(page);
    await answerAs(app, page, person);
  };
}
