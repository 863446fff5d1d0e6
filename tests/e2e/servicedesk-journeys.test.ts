import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { answerAs, mailTo, nameOf, newVisitor, signedIn } from '../support/pages.ts';
import { cvrs, idOf, only, ordinaryUsers } from '../support/sector.ts';

let app: BrowserApp;
let browser: Browser;
const region = `/organisationer/${cvrs.region}`;
const minutes = 120_000;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const emailOf = async (key: string): Promise<string> =>
  only(await app.rows<{ email: string }>('select email from app_user where id = $1', [await idOf(app, key)])).email;

it(
  'A refused person reads a reference out, and the servicedesk finds why and what to do',
  async () => {
    const visitor = await newVisitor(browser);
    await app.rows(`delete from rate_limit where key like 'login%'`);
    await visitor.page.goto(app.origins.sebanmod);
    await visitor.page.getByRole('button', { name: 'Log på med NemLog-in (test)' }).click();
    await answerAs(app, visitor.page, 'locked');
    const reference = await visitor.page.locator('.seb-reference').textContent();
    expect(reference).toMatch(/^[0-9A-Z-]{14}$/);

    const { page, complaints } = await signedIn(app, browser, 'servicedesk');
    await page.getByLabel('Referencenummer fra et afvist login').fill((reference ?? '').toLowerCase());
    await page.getByRole('button', { name: 'Find årsagen' }).click();
    const main = page.locator('main');
    await expect.poll(() => main.textContent()).toContain('Brugeren er spærret.');
    expect(await main.textContent()).toContain(nameOf('locked'));
    expect(await main.locator('.seb-check-fault').first().textContent()).toContain('Spærring');
    await page.getByRole('link', { name: `Adgangstjek for ${nameOf('locked')}` }).click();
    await page.getByRole('heading', { level: 1, name: 'Hvorfor kan personen ikke komme ind?' }).waitFor();
    expect(await page.locator('main').textContent()).toContain(reference ?? '-');
    expect(complaints).toEqual([]);
  },
  minutes,
);

it(
  'The servicedesk locks in emergency; an organisationsadministrator follows the mail and confirms',
  async () => {
    const [id = 0] = await ordinaryUsers(app, cvrs.region, 1);
    const user = only(
      await app.rows<{ name: string; rid: string }>(
        `select first_name || ' ' || last_name as name, rid from app_user where id = $1`,
        [id],
      ),
    );
    const desk = await signedIn(app, browser, 'servicedesk');
    await desk.page.getByLabel('Navn, e-mail, RID-nummer eller SEB-brugernavn').fill(user.rid);
    await desk.page.getByRole('search', { name: 'Find bruger' }).getByRole('button').click();
    await desk.page.getByRole('link', { name: user.name }).click();
    await desk.page.getByRole('link', { name: 'Nødspær' }).click();
    await desk.page.getByLabel('Sagsnummer').fill('SD-2026-1');
    await desk.page.getByLabel('Begrundelse').fill('Kortet er stjålet');
    await desk.page.getByRole('button', { name: 'Nødspær i 72 timer' }).click();
    await desk.page.getByText('er nødspærret til').waitFor();
    expect(await desk.page.getByRole('link', { name: 'Bekræft' }).count()).toBe(0);

    const mail = await mailTo(app, await emailOf('region-org-admin'), 'En bruger er nødspærret i SEB');
    await mailTo(app, await emailOf('system-owner'), 'En bruger er nødspærret i SEB');
    const link = /https?:\/\/\S+noedspaerring/.exec(mail.text ?? '')?.[0] ?? '';
    const admin = await signedIn(app, browser, 'region-org-admin');
    expect(await admin.page.locator('main').textContent()).toContain(`Servicedesk har nødspærret ${user.name}`);
    await admin.page.goto(link);
    await admin.page.getByRole('link', { name: 'Bekræft' }).click();
    await admin.page.getByLabel('Begrundelse').fill('Anmeldt');
    await admin.page.getByRole('button', { name: 'Bekræft nødspærringen' }).click();
    await admin.page.getByText('er bekræftet').waitFor();
    expect(await admin.page.getByRole('link', { name: 'Lås op' }).count()).toBe(1);
    expect([...desk.complaints, ...admin.complaints]).toEqual([]);
  },
  minutes,
);

it(
  'The system owner acts in an organisation’s place, and its administrators read why',
  async () => {
    const [, id = 0] = await ordinaryUsers(app, cvrs.region, 2);
    const { page, complaints } = await signedIn(app, browser, 'system-owner');
    await page.goto(`${app.origins.sebadmin}${region}/brugere/${id}`);
    expect(await page.getByRole('link', { name: 'Rediger', exact: true }).count()).toBe(0);
    await page.getByRole('link', { name: 'Handl på organisationens vegne' }).click();
    await page.getByRole('link', { name: 'Spær', exact: true }).click();
    await page.getByLabel('Begrundelse *').fill('Orlov');
    await page.getByRole('button', { name: 'Spær', exact: true }).click();
    await page.getByRole('alert').getByText('Skriv en begrundelse for at handle').waitFor();
    await page.getByLabel('Hvorfor handler du på organisationens vegne?').fill('Ingen administrator kan træffes');
    await page.getByRole('button', { name: 'Spær', exact: true }).click();
    await page.getByText('organisationsadministratorer har fået besked').waitFor();
    const mail = await mailTo(app, await emailOf('region-org-admin'), 'Systemejeren har handlet på jeres vegne i SEB');
    expect(mail.text).toContain('Ingen administrator kan træffes');
    await page.getByRole('link', { name: 'Ændringslog' }).click();
    const log = await page.locator('.seb-log').textContent();
    expect(log).toContain('(på organisationens vegne) spærrede');
    expect(complaints).toEqual([]);
  },
  minutes,
);

it(
  'Assignments at a closed unit are moved to one that is found in the tree',
  async () => {
    const { page, complaints } = await signedIn(app, browser, 'region-org-admin');
    await page.getByRole('link', { name: 'Se lukkede enheder' }).click();
    const before = await page.locator('tbody tr').count();
    const row = page.locator('tbody tr').first();
    const count = Number((await row.locator('td').nth(3).textContent())?.replace('.', ''));
    await row.getByRole('link', { name: 'Flyt til' }).click();
    await page.getByRole('button', { name: 'Find SOR-enhed' }).click();
    await page.getByLabel('Søg på navn eller SOR-kode').fill('kirurg');
    await page.locator('main').getByRole('button', { name: 'Søg' }).click();
    await page.getByRole('link', { name: /^Vælg/ }).first().click();
    await page.getByRole('button', { name: 'Fortsæt' }).click();
    await page.getByRole('heading', { name: 'Gennemse flytningen' }).waitFor();
    const figures = page.locator('.seb-figures dd');
    const moved = Number(await figures.first().textContent());
    const staying = Number(await figures.nth(2).textContent());
    expect(moved + staying).toBe(count);
    expect(moved).toBeGreaterThan(0);
    await page.getByRole('button', { name: /^Flyt \d+ tildeling/ }).click();
    await page.getByText(/er flyttet/).waitFor();
    expect(await page.locator('tbody tr').count()).toBe(staying === 0 ? before - 1 : before);
    expect(complaints).toEqual([]);
  },
  minutes,
);
