import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import type { Visitor } from '../support/pages.ts';
import { logOf, newVisitor, signedIn, signIn, tabTo } from '../support/pages.ts';
import { cvrs, only } from '../support/sector.ts';

let app: BrowserApp;
let browser: Browser;
let visitor: Visitor;
let chosen: { role: Role; unit: Unit };

type Role = { id: number; name: string; code: string; serviceId: number; serviceCode: string };
type Unit = { code: string; name: string };

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  chosen = { role: await roleAtUnit(), unit: await unitWithRareName() };
});
afterEach(async () => {
  expect(visitor.complaints).toEqual([]);
  await visitor.context.close();
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

describe('an administrator gives a role at a SOR unit to three users and reads it in their logs', () => {
  it('with JavaScript', async () => {
    visitor = await newVisitor(browser);
    const { page } = visitor;
    await signIn(app, visitor, 'region-org-admin');
    expect(await page.locator('.user').first().textContent()).toContain('Logget på som Åse Østergård');
    const users = await chooseThree(page, 0);
    expect(await page.locator('[data-selected-count]').textContent()).toBe('3 brugere valgt');
    await page.getByRole('button', { name: 'Tildel roller' }).click();
    await page.getByLabel('Vælg den service').selectOption(String(chosen.role.serviceId));
    await page.locator(`#r${chosen.role.id}`).check();
    const unit = page.getByRole('combobox', { name: 'SOR-enhed' });
    await unit.pressSequentially(chosen.unit.name.toUpperCase().slice(0, 12));
    await page.getByRole('option', { name: chosen.unit.code }).click();
    expect(await unit.inputValue()).toBe(chosen.unit.code);
    await page.getByLabel('Denne enhed og underenheder').check();
    await page.getByLabel('Begrundelse').fill('Ny på afsnittet');
    await page.getByRole('button', { name: 'Fortsæt' }).click();
    await page.getByRole('button', { name: 'Gem 3 nye tildelinger' }).click();
    await expectGiven(page, users, 'denne enhed og underenheder', ' Begrundelse: Ny på afsnittet.');
  });

  it('without JavaScript, through the pages of the SOR picker', async () => {
    visitor = await signedIn(app, browser, 'region-org-admin', { javaScriptEnabled: false });
    const { page } = visitor;
    const users = await chooseThree(page, 3);
    await page.getByRole('button', { name: 'Tildel roller' }).click();
    await page.getByLabel('Vælg den service').selectOption(String(chosen.role.serviceId));
    await page.getByRole('button', { name: 'Vis roller' }).click();
    await page.locator(`#r${chosen.role.id}`).check();
    await page.getByLabel('Begrundelse').fill('Vikar i uge 48');
    await page.getByRole('button', { name: 'Find SOR-enhed' }).click();
    await page
      .getByRole('link', { name: /vis underenheder/ })
      .first()
      .click();
    await page.getByRole('searchbox', { name: 'Søg på navn eller SOR-kode' }).fill(chosen.unit.code);
    await page.getByRole('button', { name: 'Søg' }).click();
    await page.getByRole('link', { name: `Vælg ${chosen.unit.name}` }).click();
    expect(await page.getByLabel('Begrundelse').inputValue()).toBe('Vikar i uge 48');
    expect(await page.locator(`#r${chosen.role.id}`).isChecked()).toBe(true);
    expect(await page.getByRole('list', { name: 'Valgte SOR-enheder' }).textContent()).toContain(chosen.unit.name);
    await page.getByRole('button', { name: 'Fortsæt' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('Vælg, om rollen også gælder underenheder');
    await page.getByLabel('Denne enhed', { exact: true }).check();
    await page.getByRole('button', { name: 'Fortsæt' }).click();
    expect(await page.getByRole('main').textContent()).toContain('Vikar i uge 48');
    await page.getByRole('button', { name: 'Gem 3 nye tildelinger' }).click();
    await expectGiven(page, users, 'kun denne enhed', ' Begrundelse: Vikar i uge 48.');
  });

  it('by keyboard alone', async () => {
    visitor = await newVisitor(browser);
    const { page } = visitor;
    await page.goto(app.origins.sebadmin);
    await press(page, page.getByRole('button', { name: 'Log på med NemLog-in (test)' }), 'Enter');
    await press(page, page.getByRole('button', { name: 'Åse Østergård' }).first(), 'Enter');
    await page.waitForURL(`${app.origins.sebadmin}/`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#indhold');
    await press(page, page.getByRole('link', { name: 'Åbn brugeroversigten' }), 'Enter');
    await page.waitForURL(/\/brugere$/);
    await tabTo(page, page.getByRole('searchbox', { name: 'Søgning' }));
    // So rare a name that the buttons below the list are some twenty steps away.
    await page.keyboard.type(await rareSurname());
    await page.keyboard.press('Enter');
    await page.waitForURL(/soeg=/);
    const users = await listed(page, 0);
    for (const id of users) await press(page, page.locator(`#b${id}`), 'Space');
    await press(page, page.getByRole('button', { name: 'Tildel roller' }), 'Enter');
    await page.waitForURL(/tildel-roller/);
    await tabTo(page, page.getByLabel('Vælg den service'));
    await chooseByArrow(page, String(chosen.role.serviceId));
    await press(page, page.getByRole('button', { name: 'Vis roller' }), 'Enter');
    await press(page, page.locator(`#r${chosen.role.id}`), 'Space');
    await chooseUnitByKeyboard(page);
    await tabTo(page, page.locator('#o1'));
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#o3').isChecked()).toBe(true);
    await press(page, page.getByRole('button', { name: 'Fortsæt' }), 'Enter');
    await press(page, page.getByRole('button', { name: 'Gem 3 nye tildelinger' }), 'Enter');
    await expectGiven(page, users, 'denne enhed og underenheder', '');
  });
});

async function roleAtUnit(): Promise<Role> {
  return only(
    await app.rows<Role>(
      `select r.id, r.name, r.code, s.id as "serviceId", s.code as "serviceCode" from role r join service s on s.id = r.service_id
         join organisation_role g on g.role_id = r.id join organisation o on o.id = g.organisation_id
       where o.cvr = $1 and r.needs_sor and r.retired_at is null and s.retired_at is null and g.withdrawn_at is null
       order by s.code desc, r.code limit 1`,
      [cvrs.region],
    ),
  );
}

async function unitWithRareName(): Promise<Unit> {
  return only(
    await app.rows<Unit>(
      `select u.code, u.name from sor_unit u where u.owner_cvr = $1 and u.closed_on is null and length(u.name) > 14
         and not exists (select from sor_unit o where o.code <> u.code and strpos(o.search collate "C", lower(left(u.name, 12)) collate "C") > 0)
       order by u.code limit 1`,
      [cvrs.region],
    ),
  );
}

/** Of a handful of users, of whom three do not have the role yet. */
async function rareSurname(): Promise<string> {
  const { name } = only(
    await app.rows<{ name: string }>(
      `select u.last_name as name from app_user u join organisation o on o.id = u.organisation_id
       where o.cvr = $1 and u.deleted_at is null and u.locked_from is null
         and not exists (select from administrator a where a.user_id = u.id)
         and not exists (select from role_assignment r where r.user_id = u.id and r.role_id = $2)
       group by 1 having count(*) between 3 and 6 order by count(*), 1 limit 1`,
      [cvrs.region, chosen.role.id],
    ),
  );
  return name;
}

/** Finds three users in the list and ticks them; returns their ids. */
async function chooseThree(page: Page, from: number): Promise<number[]> {
  await page.getByRole('link', { name: 'Brugeroversigt' }).first().click();
  await page.getByRole('searchbox', { name: 'Søgning' }).fill('sen');
  await page.getByLabel('Status').selectOption('aktiv');
  await page.getByRole('button', { name: 'Søg' }).click();
  const users = await listed(page, from);
  for (const id of users) await page.locator(`#b${id}`).check();
  return users;
}

/** Three users of the page who do not have the role yet and may be given it. */
async function listed(page: Page, from: number): Promise<number[]> {
  const values = await page
    .locator('input[name=bruger]')
    .evaluateAll((boxes) => boxes.map((box) => Number((box as HTMLInputElement).value)));
  const free = await app.rows<{ id: number }>(
    `select u.id from app_user u where u.id = any ($1) and u.locked_from is null
       and not exists (select from administrator a where a.user_id = u.id)
       and not exists (select from role_assignment r where r.user_id = u.id and r.role_id = $2)`,
    [values, chosen.role.id],
  );
  const may = new Set(free.map(({ id }) => id));
  const three = values.filter((id) => may.has(id)).slice(from, from + 3);
  expect(three).toHaveLength(3);
  return three;
}

async function expectGiven(page: Page, users: number[], scope: string, because: string): Promise<void> {
  const flash = page.getByRole('status');
  expect(await flash.textContent()).toContain('1 rolle til 3 brugere: 3 nye tildelinger er gemt.');
  for (const id of users) {
    const [newest] = await logOf(app, page, cvrs.region, id);
    const { name } = only(
      await app.rows<{ name: string }>(`select first_name || ' ' || last_name as name from app_user where id = $1`, [
        id,
      ]),
    );
    expect(newest).toBe(
      `Åse Østergård tildelte ${name} rollen ${chosen.role.name} (${chosen.role.code}, ${chosen.role.serviceCode}) ved ${chosen.unit.name} (${chosen.unit.code}), ${scope}.${because}`,
    );
  }
}

async function press(page: Page, target: ReturnType<Page['locator']>, key: string): Promise<void> {
  await target.waitFor();
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Arrows through the options of the select that has the focus. */
async function chooseByArrow(page: Page, value: string): Promise<void> {
  const chosenNow = () => page.evaluate(() => (document.activeElement as HTMLSelectElement).value);
  for (let presses = 0; presses < 80 && (await chosenNow()) !== value; presses += 1)
    await page.keyboard.press('ArrowDown');
  expect(await chosenNow()).toBe(value);
}

async function chooseUnitByKeyboard(page: Page): Promise<void> {
  const unit = page.getByRole('combobox', { name: 'SOR-enhed' });
  await tabTo(page, unit);
  await page.keyboard.type(chosen.unit.name.slice(0, 12));
  await page.getByRole('option', { name: chosen.unit.code }).waitFor();
  await page.keyboard.press('ArrowDown');
  const active = await unit.getAttribute('aria-activedescendant');
  expect(await page.locator(`#${active}`).getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('Enter');
  expect(await unit.inputValue()).toBe(chosen.unit.code);
  expect(await unit.getAttribute('aria-expanded')).toBe('false');
}
