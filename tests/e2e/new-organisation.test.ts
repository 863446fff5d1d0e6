import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { logOf, mailTo, newVisitor, signedIn, signIn } from '../support/pages.ts';
import { personOf } from '../support/people.ts';
import { only } from '../support/sector.ts';

let app: BrowserApp;
let browser: Browser;
const { cvr, rid, email } = personOf('new-organisation');

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

it('a new organisation goes from the blank form to its first user’s first role', { timeout: 120_000 }, async () => {
  const stranger = await newVisitor(browser);
  const blank = await fetchBlankForm(stranger.page);
  expect(readFileSync(blank).subarray(0, 5).toString()).toBe('%PDF-');

  const owner = await signedIn(app, browser, 'system-owner');
  await createOrganisation(owner.page, blank);
  await owner.page.getByRole('link', { name: /^Udpeg som organisationsadministrator/ }).click();
  await owner.page.getByRole('button', { name: 'Udpeg', exact: true }).click();
  await owner.page.getByText('Bodil Ærø er udpeget som organisationsadministrator').waitFor();
  expect(await owner.page.getByText('Skal logge på senest').count()).toBe(1);

  const mail = await mailTo(app, email, 'Du er organisationsadministrator i SEB');
  expect(mail.text).toContain('Log på senest');
  const role = only(
    await app.rows<{ id: number; serviceId: number; name: string }>(
      `select r.id, s.id as "serviceId", r.name from role r join service s on s.id = r.service_id
       where not r.needs_sor and not r.needs_cpr and r.retired_at is null and s.retired_at is null order by r.id limit 1`,
    ),
  );
  await giveRight(owner.page, role);

  const bodil = await newVisitor(browser);
  await signIn(app, bodil, 'new-organisation');
  const { page } = bodil;
  await page.getByRole('link', { name: 'Opret bruger', exact: true }).first().click();
  await page.getByLabel('Fornavn').fill('Liv');
  await page.getByLabel('Efternavn').fill('Åkjær');
  await page.getByLabel('E-mailadresse').fill('liv@laegerne-aakjaer.example');
  await page.getByLabel('RID-nummer').fill('0007');
  await page.getByRole('button', { name: 'Opret', exact: true }).click();
  await page.getByRole('link', { name: 'Tildel roller' }).first().click();
  await giveRole(page, role);
  const user = only(
    await app.rows<{ id: number }>('select id from app_user where email = $1', ['liv@laegerne-aakjaer.example']),
  );
  expect(await logOf(app, page, cvr, user.id)).toEqual([
    expect.stringContaining(`Bodil Ærø tildelte Liv Åkjær rollen ${role.name}`),
    expect.stringContaining('Bodil Ærø oprettede brugeren Liv Åkjær'),
  ]);
  expect([...owner.complaints, ...bodil.complaints]).toEqual([]);
});

/** Before anybody of the organisation can log in: the login page leads to the form. */
async function fetchBlankForm(page: Page): Promise<string> {
  await page.goto(`${app.origins.sebadmin}/login`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Hent autorisationsblanketten (PDF)' }).click(),
  ]);
  return download.path();
}

async function createOrganisation(page: Page, signedForm: string): Promise<void> {
  await page.getByRole('link', { name: 'Organisationer', exact: true }).first().click();
  await page.getByRole('link', { name: 'Opret organisation' }).click();
  await page.getByLabel('CVR-nummer').fill('39 91 10 00');
  await page.getByRole('button', { name: 'Slå op i CVR' }).click();
  await page.getByText('Lægerne Åkjær I/S').first().waitFor();
  await page.getByLabel('Underskrevet af').fill('Hanne Åkjær');
  await page.getByLabel('Titel *', { exact: true }).fill('læge');
  await page.getByLabel('Underskrevet den').fill('20-11-2026');
  await page.getByLabel('Gælder fra').fill('20-11-2026');
  await page.getByLabel('DS 484').check();
  await page.locator('input[name=service]').first().check();
  const named = page.getByRole('group', { name: 'Organisationsadministrator', exact: true });
  await named.getByLabel('Fornavn').fill('Bodil');
  await named.getByLabel('Efternavn').fill('Ærø');
  await named.getByLabel('E-mailadresse').fill(email);
  await named.getByLabel('RID-nummer').fill(rid);
  await page.getByLabel('Autorisationsblanket som PDF').setInputFiles(signedForm);
  await page.getByRole('button', { name: 'Opret organisation' }).click();
  await page.getByText('Lægerne Åkjær I/S er oprettet.').waitFor();
}

/** The system owner gives the organisation the right to the role. */
async function giveRight(page: Page, role: { id: number; serviceId: number }): Promise<void> {
  await page.goto(`${app.origins.sebadmin}/organisationer/${cvr}/rettigheder`);
  await page.getByText('Organisationen kan ikke tildele nogen roller endnu.').waitFor();
  await page.getByRole('link', { name: 'Giv flere roller' }).click();
  await page.getByRole('combobox', { name: 'Service', exact: true }).selectOption(String(role.serviceId));
  await page.getByRole('button', { name: 'Vis roller' }).click();
  await page.locator(`#r${role.id}`).check();
  expect(await page.getByRole('checkbox', { name: /Lægerne Åkjær/ }).isChecked()).toBe(true);
  await page.getByRole('button', { name: 'Fortsæt' }).click();
  await page.getByRole('button', { name: 'Giv rettighederne' }).click();
  await page.getByText('1 organisation har fået 1 rettighed.').waitFor();
}

async function giveRole(page: Page, role: { id: number; serviceId: number }): Promise<void> {
  await page.getByLabel('Vælg den service').selectOption(String(role.serviceId));
  await page.locator(`#r${role.id}`).check();
  await page.getByRole('button', { name: 'Fortsæt' }).click();
  await page.getByRole('button', { name: /^Gem/ }).click();
  await page
    .getByText(/er gemt/)
    .first()
    .waitFor();
}
