import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failedMailsRoutes } from '../../src/failed-mails/failed-mails.routes.ts';
import { halfYearlyRoutes } from '../../src/half-yearly/half-yearly.routes.ts';
import { mailTemplatesRoutes } from '../../src/mail-templates/mail-templates.routes.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { cvrs, idOf, operate } from '../support/sector.ts';
import type { Stop } from './page-checks.ts';
import { pagesLeftOut, press, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
let administrator: number;
const seen: string[] = [];
const minutes = 300_000;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  administrator = await idOf(app, 'region-user-admin');
  await app.rows(
    `insert into mail_outbox (message_id, kind, to_name, to_address, subject, text, html, attempts, failed_at, last_error)
     select '<failed' || n || '@seb>', case n % 2 when 0 then 'email.changed' else 'halfYearly.reminder' end, 'Åse Østergård-Christiansen',
       'en.meget.lang.adresse.med.mange.punktummer' || n || '@region-eksempel.example', 'x', 'x', 'x', n, now(),
       'Can''t send mail - all recipients were rejected: 550 5.1.1 <en.meget.lang.adresse@region-eksempel.example>: Recipient address rejected: User unknown'
     from generate_series(1, 3) n`,
  );
  await app.rows(
    `insert into undeliverable_address (address, how, status) select lower(email), 'BOUNCED', '5.2.2' from app_user where id = $1`,
    [administrator],
  );
  await operate(
    app,
    `insert into half_yearly_run (id, planned_for, dormant_days, ended_at) overriding system value values (900, '2024-10-01', 180, now());
     insert into mail_template (name, version, value) values ('status.published', 1, '{"subject": "Et ældre emne"}')`,
  );
  await app.rows(
    `insert into half_yearly_recipient (run_id, user_id, done_at, sent_at, failed_at)
     select 900, user_id, now(), now(), case user_id % 2 when 0 then now() end from (select distinct user_id from administrator) a`,
  );
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const look = (person: string, stops: Stop[]): Promise<void> => sweep(app, browser, { person, stops }, seen);

describe('The pages about mails are whole on a desktop, on a phone, zoomed, and without JavaScript', () => {
  it(
    'for the system owner',
    async () => {
      const text = '/system/mailtekster/email.changed';
      await look('system-owner', [
        { name: 'mailtekster', path: '/system/mailtekster' },
        { name: 'mailtekst-vis', path: text, act: press('Vis som tekst') },
        {
          name: 'mailtekst-fejl',
          path: text,
          status: 422,
          act: async (page) => {
            await page.locator('#felt-opening').fill('{ukendt}');
            await page.getByRole('button', { name: 'Gem' }).click();
          },
        },
        { name: 'mailtekst-rettet', path: '/system/mailtekster/status.published' },
        { name: 'mailtekst-version', path: '/system/mailtekster/status.published/versioner/1' },
        { name: 'mails-fejl', path: '/system/mails', status: 422, act: press('Send de valgte igen') },
        { name: 'halvårlig', path: '/system/halvaarlig' },
        { name: 'halvårlig-udsendelse', path: '/system/halvaarlig/900' },
        { name: 'halvårlig-send', path: '/system/halvaarlig/send' },
        { name: 'halvårlig-indstilling', path: '/system/indstillinger/halvaarlig' },
      ]);
    },
    minutes,
  );

  it(
    'for the servicedesk, and where an address is marked',
    async () => {
      await look('servicedesk', [{ name: 'servicedesk-mails', path: '/system/mails' }]);
      await look('region-org-admin', [
        { name: 'administratorer-mærket', path: `/organisationer/${cvrs.region}/administratorer` },
        { name: 'bruger-mærket', path: `/organisationer/${cvrs.region}/brugere/${administrator}` },
      ]);
      await look('region-user-admin', [{ name: 'mine-oplysninger-mærket', path: '/mine-oplysninger' }]);
    },
    minutes,
  );

  it('and no page is left out', () => {
    // A mail as it looks is no page of ours.
    const pages = [...mailTemplatesRoutes, ...failedMailsRoutes, ...halfYearlyRoutes].filter(
      ({ path }) => !path.endsWith('/html'),
    );
    expect(pagesLeftOut(pages, seen)).toEqual([]);
  });
});
