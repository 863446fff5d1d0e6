import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { approvalRoutes } from '../../src/access-requests/approval.routes.ts';
import { askRoutes } from '../../src/access-requests/ask.routes.ts';
import { ownRequestsRoutes } from '../../src/access-requests/own-requests.routes.ts';
import { requestsRoutes } from '../../src/access-requests/requests.routes.ts';
import { researchRecipientsRoutes } from '../../src/access-requests/research-recipients.routes.ts';
import { handBackRoutes } from '../../src/account/hand-back.routes.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { mailTo, signedIn, signIn } from '../support/pages.ts';
import { personOf } from '../support/people.ts';
import { cvrs, givableRoles, idOf, only, operate } from '../support/sector.ts';
import { pagesLeftOut, press, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
const minutes = 180_000;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const list = `/organisationer/${cvrs.region}/anmodninger`;
const email = 'ida.madsen@region-eksempel.example';

it(
  'An employee without a user asks, an administrator follows the mail and approves, and the employee comes in as a user',
  async () => {
    const [role] = await givableRoles(app, cvrs.region, false);
    const employee = await signedIn(app, browser, 'no-user', { portal: 'sebanmod' });
    const { page } = employee;
    await page.getByRole('main').getByRole('link', { name: 'Anmod om adgang' }).click();
    await page.getByLabel('Almindelig brugeradgang').check();
    await page.getByRole('button', { name: 'Fortsæt' }).click();
    await page.getByLabel('Angiv din arbejdsmailadresse').fill(email);
    await page.getByLabel('Skriv her hvilke adgange du har brug for').fill('Jeg begynder på Kirurgisk Afdeling');
    await page.getByLabel('Søg efter en rolle').fill(role?.code ?? '');
    await page.getByRole('button', { name: 'Søg efter roller' }).click();
    await page.locator(`#r${role?.id ?? 0}`).check();
    await page.getByLabel('Vælg modtager').selectOption(String(await idOf(app, 'region-org-admin')));
    await page.getByRole('button', { name: 'Fortsæt' }).click();
    await page.getByRole('heading', { level: 1, name: 'Se din anmodning igennem' }).waitFor();
    await page.getByRole('button', { name: 'Send anmodning' }).click();
    await page.getByText('Din anmodning er sendt').waitFor();
    const id = Number(/\d+$/.exec(page.url())?.[0]);
    await mailTo(app, email, `Din anmodning om adgang er sendt (nr. ${id})`);

    const received = await mailTo(
      app,
      personOf('region-org-admin').email,
      `Ida Bøgh Madsen anmoder om adgang i SEB (nr. ${id})`,
    );
    const link = /https?:\/\/\S+anmodninger\/\d+/.exec(received.text ?? '')?.[0] ?? '';
    const admin = await signedIn(app, browser, 'region-org-admin');
    expect(await admin.page.locator('main').textContent()).toContain('om adgang venter på svar');
    await admin.page.goto(link);
    await admin.page.getByRole('button', { name: 'Tag anmodningen' }).click();
    await admin.page.getByText('Du har taget anmodningen').waitFor();
    await admin.page.getByRole('link', { name: 'Godkend' }).click();
    await admin.page.getByRole('button', { name: 'Opret bruger og godkend' }).click();
    await admin.page.getByText(`Anmodning nr. ${id} er godkendt`).waitFor();

    await mailTo(app, email, `Din anmodning om adgang er godkendt (nr. ${id})`);
    await signIn(app, employee, 'no-user', { portal: 'sebanmod', path: `/mine-anmodninger/${id}` });
    expect(await page.locator('main').textContent()).toContain('Godkendt');
    await page.getByRole('link', { name: 'Mine adgange' }).first().click();
    expect(await page.locator('main').textContent()).toContain(role?.code);
    expect([...employee.complaints, ...admin.complaints]).toEqual([]);
  },
  minutes,
);

it(
  'The pages of requests are whole on a desktop, on a phone, zoomed, and without JavaScript',
  async () => {
    const admin = await idOf(app, 'region-org-admin');
    const user = await idOf(app, 'region-user');
    await operate(
      app,
      `insert into access_request (organisation_id, kind, says_new_user, user_id, first_name, last_name, level, email, wanted, recipient_id, recipient_name)
       select organisation_id, 'ORDINARY', false, id, first_name, last_name, 'High', email, 'Mere adgang', ${admin}, 'Åse Østergård' from app_user where id = ${user}`,
    );
    const { id } = only(
      await app.rows<{ id: number }>(`select id from access_request where user_id = $1 order by id desc limit 1`, [
        user,
      ]),
    );
    const held = only(
      await app.rows<{ id: number }>(
        'select id from role_assignment where user_id = $1 and valid_to is null order by id limit 1',
        [user],
      ),
    ).id;
    const seen: { sebadmin: string[]; sebanmod: string[] } = { sebadmin: [], sebanmod: [] };
    await sweep(
      app,
      browser,
      {
        person: 'region-user',
        portal: 'sebanmod',
        stops: [
          { name: 'anmod', path: '/anmod' },
          { name: 'anmod-almindelig', path: '/anmod?adgang=almindelig' },
          { name: 'anmod-forsker-fejl', path: '/anmod?adgang=forsker', status: 422, act: press('Fortsæt') },
          { name: 'mine-anmodninger', path: '/mine-anmodninger' },
          { name: 'min-anmodning', path: `/mine-anmodninger/${id}` },
          { name: 'aflever', path: `/mine-adgange/${held}/aflever` },
        ],
      },
      seen.sebanmod,
    );
    await sweep(
      app,
      browser,
      {
        person: 'region-org-admin',
        stops: [
          { name: 'anmodninger', path: list },
          { name: 'anmodning', path: `${list}/${id}` },
          { name: 'anmodning-afvis-fejl', path: `${list}/${id}`, status: 422, act: press('Afvis anmodningen') },
          { name: 'anmodning-godkend', path: `${list}/${id}/godkend` },
        ],
      },
      seen.sebadmin,
    );
    await sweep(
      app,
      browser,
      { person: 'servicedesk', stops: [{ name: 'uden-svar', path: '/anmodninger-uden-svar' }] },
      seen.sebadmin,
    );
    await sweep(
      app,
      browser,
      { person: 'system-owner', stops: [{ name: 'forskermaskinen', path: '/system/forskermaskinen' }] },
      seen.sebadmin,
    );
    const sebadmin = [...requestsRoutes, ...approvalRoutes, ...researchRecipientsRoutes];
    const sebanmod = [...askRoutes, ...ownRequestsRoutes, ...handBackRoutes].filter(
      ({ path }) => path !== '/anmod/enheder',
    );
    expect([...pagesLeftOut(sebadmin, seen.sebadmin), ...pagesLeftOut(sebanmod, seen.sebanmod)]).toEqual([]);
  },
  minutes,
);
