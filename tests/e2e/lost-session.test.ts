import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import type { Visitor } from '../support/pages.ts';
import { answerAs, newVisitor } from '../support/pages.ts';
import { signInQuickly } from '../support/quick-sign-in.ts';
import { cvrs, only, ordinaryUsers } from '../support/sector.ts';

let app: BrowserApp;
let browser: Browser;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
});
beforeEach(async () => {
  visitor = await newVisitor(browser);
  page = visitor.page;
  await signInQuickly(app, [visitor.context], 'region-org-admin', 'sebadmin');
  return async () => {
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  };
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const at = (path: string): string => `${app.origins.sebadmin}/organisationer/${cvrs.region}${path}`;
const welcomeBack = 'Det, du skrev, er her stadig';

describe('A session that ran out while somebody was typing', () => {
  it('costs nothing: after a new login the form is back as it was, and is sent by nobody but the person', async () => {
    await typeNewUser('Ærlig', '0088-0001');
    await forgetSessions();
    await page.getByRole('button', { name: 'Opret' }).click();
    expect(new URL(page.url()).pathname).toBe('/login');
    await logInAs('region-org-admin');
    expect(page.url()).toBe(at('/brugere/opret'));
    expect(await page.getByRole('main').textContent()).toContain(welcomeBack);
    expect(await page.getByLabel('Fornavn').inputValue()).toBe('Ærlig');
    expect(await page.getByLabel(/^Bemærkning/).inputValue()).toBe('Linje 1\nLinje 2');
    expect(await usersWithRid('0088-0001')).toBe(0);
    await page.getByRole('button', { name: 'Opret' }).click();
    await page.getByText('er oprettet.').waitFor();
    expect(await usersWithRid('0088-0001')).toBe(1);
    await page.goto(at('/brugere/opret'));
    expect(await page.getByLabel('Fornavn').inputValue()).toBe('');
  });

  it('keeps it from another person who logs in at the same computer', async () => {
    await typeNewUser('Hemmelig', '0088-0002');
    await forgetSessions();
    await page.getByRole('button', { name: 'Opret' }).click();
    await logInAs('region-org-admin-2');
    await page.goto(at('/brugere/opret'));
    expect(await page.getByLabel('Fornavn').inputValue()).toBe('');
    expect(await page.content()).not.toContain('Hemmelig');
    expect(await usersWithRid('0088-0002')).toBe(0);
    const drafts = await app.rows<{ ciphertext: Buffer }>('select ciphertext from form_draft');
    for (const { ciphertext } of drafts) expect(ciphertext.toString('utf8')).not.toContain('Hemmelig');
  });

  it('brings back who was chosen, the roles and the unit while roles are given', async () => {
    const [userId = 0] = await ordinaryUsers(app, cvrs.region, 1);
    const role = only(
      await app.rows<{ id: number; serviceId: number }>(
        `select r.id, r.service_id as "serviceId" from role r join service s on s.id = r.service_id
           join organisation_role g on g.role_id = r.id join organisation o on o.id = g.organisation_id
         where o.cvr = $1 and r.needs_sor and r.retired_at is null and s.retired_at is null and g.withdrawn_at is null
         order by r.id limit 1`,
        [cvrs.region],
      ),
    );
    const unit = only(
      await app.rows<{ code: string; name: string }>(
        'select code, name from sor_unit where owner_cvr = $1 and closed_on is null order by code limit 1',
        [cvrs.region],
      ),
    );
    await page.goto(at(`/tildel-roller?bruger=${userId}&tildelservice=${role.serviceId}`));
    await page.locator(`#r${role.id}`).check();
    await page.getByRole('combobox', { name: 'SOR-enhed' }).fill(unit.code);
    await page.getByLabel('Denne enhed', { exact: true }).check();
    await page.getByLabel(/^Begrundelse/).fill('Aftalt på møde');
    await page.getByRole('button', { name: 'Fortsæt' }).click();
    const save = page.getByRole('button', { name: 'Gem 1 ny tildeling' });
    await save.waitFor();
    await forgetSessions();
    await save.click();
    await logInAs('region-org-admin');
    expect(await page.getByRole('main').textContent()).toContain(welcomeBack);
    expect(await page.locator(`#r${role.id}`).isChecked()).toBe(true);
    expect(await page.getByRole('list', { name: 'Valgte SOR-enheder' }).textContent()).toContain(unit.name);
    expect(await page.getByLabel('Denne enhed', { exact: true }).isChecked()).toBe(true);
    expect(await page.getByLabel(/^Begrundelse/).inputValue()).toBe('Aftalt på møde');
    await page.getByRole('button', { name: 'Fortsæt' }).click();
    await save.click();
    await page.getByText('1 ny tildeling er gemt.').waitFor();
  });

  it('gives a form back that was opened before a new login in another tab', async () => {
    await typeNewUser('Fanebladet', '0088-0003');
    const other = await visitor.context.newPage();
    await other.goto(app.origins.sebadmin);
    await other.getByRole('button', { name: 'Log af' }).first().click();
    await other.getByRole('link', { name: 'Log på igen' }).click();
    await other.getByRole('button', { name: 'Log på med NemLog-in (test)' }).click();
    await answerAs(app, other, 'region-org-admin');
    await page.getByRole('button', { name: 'Opret' }).click();
    await page.getByText(welcomeBack).waitFor();
    expect(await page.getByLabel('Fornavn').inputValue()).toBe('Fanebladet');
    await page.getByRole('button', { name: 'Opret' }).click();
    await page.getByText('er oprettet.').waitFor();
    expect(await usersWithRid('0088-0003')).toBe(1);
  });
});

async function typeNewUser(firstName: string, rid: string): Promise<void> {
  await page.goto(at('/brugere/opret'));
  await page.getByLabel('Fornavn').fill(firstName);
  await page.getByLabel('Efternavn').fill('Østerby');
  await page.getByLabel('E-mailadresse').fill('ny.bruger@region-eksempel.example');
  await page.getByLabel('RID-nummer').fill(rid);
  await page.getByLabel(/^Bemærkning/).fill('Linje 1\nLinje 2');
}

/** As if half an hour had gone by. */
async function forgetSessions(): Promise<void> {
  await app.rows(`update web_session set expire = now() - interval '1 minute'`);
}

async function logInAs(person: string): Promise<void> {
  await page.getByRole('button', { name: 'Log på med NemLog-in (test)' }).click();
  await answerAs(app, page, person);
}

async function usersWithRid(rid: string): Promise<number> {
  return (await app.rows('select id from app_user where rid = $1', [rid])).length;
}
