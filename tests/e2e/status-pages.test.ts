import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helpRoutes } from '../../src/help/help.routes.ts';
import type { PortalName } from '../../src/pages/services.ts';
import { manageStatusRoutes } from '../../src/status/manage-status.routes.ts';
import { statusRoutes } from '../../src/status/status.routes.ts';
import { statementsRoutes } from '../../src/system-settings/statements.routes.ts';
import { systemSettingsRoutes } from '../../src/system-settings/system-settings.routes.ts';
import { Browser as HttpBrowser } from '../support/browser.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { cvrs, givableRoles, only, operate } from '../support/sector.ts';
import type { Stop } from './page-checks.ts';
import { pagesLeftOut, press, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
let role: { id: number; serviceId: number };
const seen: Record<PortalName, string[]> = { sebadmin: [], sebanmod: [] };
const minutes = 300_000;
const token = 'x'.repeat(43);

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  role = only(await givableRoles(app, cvrs.region, true));
  await operate(
    app,
    `insert into status_message (id, kind, title, severity, concerns_all, starts_at, ends_at, end_told_at) values
       (901, 'WINDOW', 'SEB – Servicevindue i denne uge', 'RED', true, now() + interval '2 days', now() + interval '50 hours', null),
       (902, 'MESSAGE', 'Langsomme svar fra en service med et langt navn', 'RED', false, now() - interval '1 hour', null, null),
       (903, 'MESSAGE', 'Overstået', 'YELLOW', true, now() - interval '9 days', now() - interval '8 days', now());
     insert into status_message_service values (902, ${role.serviceId});
     insert into status_message (kind, title, severity, concerns_all, starts_at, ends_at, end_told_at)
       select 'MESSAGE', 'Gammel meddelelse nr. ' || n, 'GREEN', true, now() - interval '1 year', now() - interval '360 days', now() from generate_series(1, 25) n;
     insert into status_update (message_id, body) select id, 'Vi arbejder på sagen.' || chr(10) || chr(10) || 'Prøv igen om lidt.' from status_message;
     insert into status_update (message_id, body) values (902, 'Fejlen er fundet.');
     insert into system_setting (name, version, value) values ('privacy', 1, '{"text": "En ældre tekst"}')`,
  );
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const look = (person: string | null, stops: Stop[], portal: PortalName = 'sebadmin'): Promise<void> =>
  sweep(app, browser, { person, portal, stops }, seen[portal]);

const topics = [
  'log-paa',
  'adgang',
  'anmodninger',
  'rid-og-uuid',
  'administratorer',
  'sor-koder',
  'fratraedelse',
  'kontakt',
];
const open: Stop[] = [
  { name: 'drift', path: '/drift' },
  { name: 'drift-meddelelse', path: '/drift/902' },
  { name: 'drift-tilmeld-fejl', path: '/drift/tilmeld', status: 422, act: press('Tilmeld') },
  { name: 'drift-bekræft-brugt', path: `/drift/bekraeft/${token}`, status: 409, act: press('Bekræft tilmeldingen') },
  { name: 'drift-afmeldt', path: `/drift/afmeld/${token}`, act: press('Afmeld') },
  { name: 'hjælp', path: '/hjaelp' },
  ...topics.map((topic) => ({ name: `hjælp-${topic}`, path: `/hjaelp/${topic}` })),
  { name: 'tilgængelighed', path: '/tilgaengelighed' },
  { name: 'privatliv', path: '/privatliv' },
  { name: 'cookies', path: '/cookies' },
  { name: 'login-drift', path: '/login' },
];

/** What is only read (help, statements) has been looked at where it says the same, letter for letter, in the other portal. */
async function notAlike(): Promise<Stop[]> {
  const nobody = new HttpBrowser(app.addresses);
  const mainOf = async (portal: PortalName, path: string): Promise<string> =>
    /<main\b.*<\/main>/s.exec((await nobody.get(portal, path)).text)?.[0] ?? `no main part in ${portal}`;
  const others: Stop[] = [];
  for (const stop of open) {
    const isRead = /^\/(hjaelp|tilgaengelighed|privatliv|cookies)/.test(stop.path);
    if (isRead && (await mainOf('sebadmin', stop.path)) === (await mainOf('sebanmod', stop.path)))
      seen.sebanmod.push(stop.path);
    else others.push(stop);
  }
  expect(open.length - others.length).toBeGreaterThan(5);
  return others;
}

describe('Drift, help and texts are whole on a desktop, on a phone, zoomed, and without JavaScript', () => {
  it('for nobody in particular', () => look(null, open), minutes);

  it(
    'in both portals, also for somebody who is signed in',
    async () =>
      look(
        'region-user',
        [...(await notAlike()).map((stop) => ({ ...stop, name: `sebanmod-${stop.name}` }))],
        'sebanmod',
      ),
    minutes,
  );

  it(
    'for the system owner',
    async () => {
      await look('system-owner', [
        { name: 'drift-liste', path: '/system/drift' },
        {
          name: 'drift-liste-ældre',
          path: '/system/drift',
          act: (page) => page.getByRole('link', { name: 'Ældre' }).click(),
        },
        { name: 'drift-opret-fejl', path: '/system/drift/opret', status: 422, act: press('Offentliggør') },
        { name: 'drift-ret-fejl', path: '/system/drift/902', status: 422, act: press('Offentliggør opdatering') },
        { name: 'drift-aflys', path: '/system/drift/901' },
        { name: 'drift-overstået', path: '/system/drift/903' },
        { name: 'indstillinger', path: '/system/indstillinger' },
        { name: 'indstillinger-vis', path: '/system/indstillinger/cookies', act: press('Vis, hvordan det ser ud') },
        { name: 'indstillinger-version', path: '/system/indstillinger/privatliv/versioner/1' },
      ]);
    },
    minutes,
  );

  it(
    'for the servicedesk, and for administrators where a service is in trouble',
    async () => {
      await look('servicedesk', [{ name: 'servicedesk-indstilling', path: '/system/indstillinger/cookies' }]);
      const region = `/organisationer/${cvrs.region}`;
      await look('region-org-admin', [
        { name: 'forside-drift', path: '/' },
        { name: 'rolle-drift', path: `${region}/roller/${role.id}` },
      ]);
    },
    minutes,
  );

  it('and no page is left out', () => {
    const everywhere = [...statusRoutes, ...helpRoutes, ...statementsRoutes];
    expect(pagesLeftOut([...everywhere, ...manageStatusRoutes, ...systemSettingsRoutes], seen.sebadmin)).toEqual([]);
    expect(pagesLeftOut(everywhere, seen.sebanmod)).toEqual([]);
  });
});
