import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import type { Visitor } from '../support/pages.ts';
import { logOf, mailTo, signedIn, submit as press } from '../support/pages.ts';
import { personOf } from '../support/people.ts';
import { cvrs, idOf, only, ordinaryUsers } from '../support/sector.ts';

let app: BrowserApp;
let browser: Browser;
let aase: Visitor;
let henrik: Visitor;
let users: number[];

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  aase = await signedIn(app, browser, 'region-org-admin');
  henrik = await signedIn(app, browser, 'region-org-admin-2');
  users = await ordinaryUsers(app, cvrs.region, 40);
});
afterAll(async () => {
  expect([...aase.complaints, ...henrik.complaints]).toEqual([]);
  await browser?.close();
  await app?.close();
});

const at = (path: string): string => `${app.origins.sebadmin}/organisationer/${cvrs.region}${path}`;

describe('Opret bruger', () => {
  it('says what is wrong, keeps what was typed, and then creates the user', async () => {
    const { page } = aase;
    await page.goto(at('/brugere/opret'));
    await page.getByLabel('Fornavn').fill('  Sørine ');
    await page.getByLabel('E-mailadresse').fill('sørine');
    await page.getByLabel('RID-nummer').fill(personOf('region-user').rid);
    await page.getByLabel('Postnr.').fill('80');
    expect(await press(page, 'Opret')).toBe(422);
    const summary = page.getByRole('alert');
    expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await summary.getByRole('link').allTextContents()).toEqual([
      'Skriv efternavn',
      'Skriv e-mailadressen som navn@eksempel.dk',
      'Skriv postnummeret med fire cifre, fx 0800',
    ]);
    await summary.getByRole('link', { name: 'Skriv efternavn' }).click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('felt-lastName');
    expect(await page.getByLabel('Fornavn').inputValue()).toBe('  Sørine ');

    await page.getByLabel('Efternavn').fill('Ågård');
    await page.getByLabel('E-mailadresse').fill('soerine.aagaard@region-eksempel.example');
    await page.getByLabel('Postnr.').fill('0800');
    expect(await press(page, 'Opret')).toBe(422);
    expect(await page.getByRole('alert').textContent()).toContain('bruges allerede af Søren Ægidius Nørgård');
    expect(await page.getByRole('link', { name: 'Se brugeren' }).getAttribute('href')).toMatch(/\/brugere\/\d+$/);

    await page.getByLabel('RID-nummer').fill('0099-0001');
    expect(await press(page, 'Opret')).toBe(200);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sørine Ågård');
    expect(await page.getByRole('status').textContent()).toContain('Sørine Ågård er oprettet.');
    const userId = Number(/\d+$/.exec(page.url())?.[0]);
    expect(await logOf(app, page, cvrs.region, userId)).toEqual([
      expect.stringMatching(
        /^Åse Østergård oprettede brugeren Sørine Ågård \(SEB-brugernavn \S+, RID-nummer 0099-0001\)\.$/,
      ),
    ]);
  });

  it('creates one user when somebody clicks twice', async () => {
    const { page } = aase;
    await page.goto(at('/brugere/opret'));
    await page.getByLabel('Fornavn').fill('Dobbelt');
    await page.getByLabel('Efternavn').fill('Klik');
    await page.getByLabel('E-mailadresse').fill('dobbelt.klik@region-eksempel.example');
    await page.getByLabel('RID-nummer').fill('0099-0002');
    await page.getByRole('button', { name: 'Opret' }).dblclick();
    await page.getByText('Dobbelt Klik er oprettet.').waitFor();
    const created = await app.rows('select id from app_user where rid = $1', ['0099-0002']);
    expect(created).toHaveLength(1);
  });
});

describe('Rediger bruger', () => {
  it('tells the later of two administrators what the other one saved, and lets them decide', async () => {
    const path = at(`/brugere/${users[0]}/rediger`);
    await Promise.all([aase.page.goto(path), henrik.page.goto(path)]);
    await henrik.page.getByLabel(/^By/).fill('Øster Assels');
    expect(await press(henrik.page, 'Gem')).toBe(200);
    expect(await henrik.page.getByRole('status').textContent()).toContain('Ændringerne er gemt.');

    await aase.page.getByLabel(/^By/).fill('Årre');
    expect(await press(aase.page, 'Gem')).toBe(409);
    const row = aase.page.getByRole('region', { name: 'Forskelle' }).getByRole('row', { name: /^By/ });
    expect(await row.getByRole('cell').allTextContents()).toEqual(['Øster Assels', 'Årre']);
    expect(await aase.page.getByLabel(/^By/).inputValue()).toBe('Årre');
    const before = await app.rows<{ city: string }>('select city from app_user where id = $1', [users[0]]);
    expect(before).toEqual([{ city: 'Øster Assels' }]);

    expect(await press(aase.page, 'Gem')).toBe(200);
    const [newest, second] = await logOf(app, aase.page, cvrs.region, users[0] ?? 0);
    expect(newest).toMatch(/^Åse Østergård ændrede by fra “Øster Assels” til “Årre” for /);
    expect(second).toMatch(/^Henrik Bjerregaard ændrede by fra .* til “Øster Assels” for /);
  });

  it('ends the session of a user who gets a new RID, and tells the user and the organisationsadministratorer', async () => {
    const mette = await signedIn(app, browser, 'region-user-admin');
    const userId = await idOf(app, 'region-user-admin');
    await aase.page.goto(at(`/brugere/${userId}/rediger`));
    await aase.page.getByLabel('RID-nummer').fill('0077-0001');
    expect(await press(aase.page, 'Gem')).toBe(200);

    await mette.page.goto(at('/brugere'));
    expect(new URL(mette.page.url()).pathname).toBe('/login');
    const toMette = await mailTo(app, personOf('region-user-admin').email, 'Dit login til SEB er ændret');
    expect(toMette.text).not.toContain('0077-0001');
    for (const person of ['region-org-admin', 'region-org-admin-2']) {
      const mail = await mailTo(app, personOf(person).email, 'Et login er ændret i din organisation');
      expect(mail.text).toContain('Mette-Marie Sørensen');
      expect(mail.text).toContain(at(`/brugere/${userId}/log`));
    }
    await mette.context.close();
  });
});

describe('Roles', () => {
  it('are taken from a user with "Fjern", and the log says so', async () => {
    const { page } = aase;
    const { id } = only(
      await app.rows<{ id: number }>(
        `select user_id as id from role_assignment where user_id = any ($1) and withdrawn_at is null and (valid_to is null or valid_to > now())
         group by 1 having count(*) > 2 order by 1 limit 1`,
        [users],
      ),
    );
    await page.goto(at(`/brugere/${id}/roller`));
    expect(await press(page, 'Fjern')).toBe(422);
    expect(await page.getByRole('alert').textContent()).toContain('Vælg mindst én rolle, der skal fjernes');
    const row = page.locator('tbody tr').first();
    const code = await row.locator('.seb-code').first().textContent();
    await row.getByRole('checkbox').check();
    const before = await page.locator('tbody tr').count();
    expect(await press(page, 'Fjern')).toBe(200);
    expect(await page.getByRole('status').textContent()).toContain('1 rolle er fjernet fra ');
    expect(await page.locator('tbody tr').count()).toBe(before - 1);
    const [newest] = await logOf(app, page, cvrs.region, id);
    expect(newest).toContain('Åse Østergård fjernede rollen ');
    expect(newest).toContain(`(${code},`);
  });

  it('are given to all who match the search, not only to those on the page', async () => {
    const { page } = aase;
    const role = only(
      await app.rows<{ id: number; serviceId: number }>(
        `select r.id, r.service_id as "serviceId" from role r join service s on s.id = r.service_id
           join organisation_role g on g.role_id = r.id join organisation o on o.id = g.organisation_id
         where o.cvr = $1 and not r.needs_sor and r.retired_at is null and s.retired_at is null and g.withdrawn_at is null
           and not exists (select from role_assignment a where a.role_id = r.id)
         order by r.id limit 1`,
        [cvrs.region],
      ),
    );
    await page.goto(at('/brugere'));
    await page.getByRole('searchbox', { name: 'Søgning' }).fill('a');
    await page.getByLabel('Status').selectOption('aktiv');
    await page.getByRole('button', { name: 'Søg' }).click();
    await page.waitForURL(/soeg=a/);
    const all = page.getByLabel(/^Vælg alle, der passer til søgningen/);
    const label = (await page.locator('label[for=alle]').textContent()) ?? '';
    const matching = Number(/\((\d+) brugere\)/.exec(label)?.[1]);
    expect(matching).toBeGreaterThan(await page.locator('input[name=bruger]').count());
    await all.check();
    expect(await page.locator('[data-selected-count]').textContent()).toBe('Alle, der passer til søgningen, er valgt');
    await page.getByRole('button', { name: 'Tildel roller' }).click();
    await page.getByLabel('Vælg den service').selectOption(String(role.serviceId));
    await page.locator(`#r${role.id}`).check();
    const receivers = Number(/^\d+/.exec((await page.locator('#modtagere').textContent()) ?? '')?.[0]);
    expect(receivers).toBeGreaterThan(matching - 5);
    expect(await press(page, 'Fortsæt')).toBe(200);
    expect(await press(page, `Gem ${receivers} nye tildelinger`)).toBe(200);
    expect(await page.getByRole('status').textContent()).toContain(`${receivers} nye tildelinger er gemt.`);
    const given = await app.rows('select id from role_assignment where role_id = $1', [role.id]);
    expect(given).toHaveLength(receivers);
  });
});

describe('Mine oplysninger', () => {
  it('takes a new e-mail address into use when the link in the mail to it is confirmed', async () => {
    const { page } = henrik;
    const { email: old } = personOf('region-org-admin-2');
    const fresh = 'henrik.ny@region-eksempel.example';
    await page.getByRole('link', { name: 'Rediger mine brugeroplysninger' }).first().click();
    await page.getByLabel('E-mailadresse').fill(fresh);
    await page.getByLabel(/^Telefon/).fill('+45 44 22 80 75');
    expect(await press(page, 'Gem')).toBe(200);
    expect(await page.getByRole('status').textContent()).toContain(`Vi har sendt en mail til ${fresh}.`);
    expect(await page.getByLabel('E-mailadresse').inputValue()).toBe(old);

    const mail = await mailTo(app, fresh, 'Bekræft din nye e-mailadresse i SEB');
    const link =
      /http:\/\/sebadmin\.localhost:\d+\/mine-oplysninger\/bekraeft\/[\w-]+/.exec(mail.text ?? '')?.[0] ?? '';
    await page.goto(link);
    await page.getByRole('button', { name: 'Bekræft' }).click();
    expect(await page.getByRole('status').textContent()).toContain(`Din e-mailadresse er nu ${fresh}.`);
    expect(await page.getByLabel('E-mailadresse').inputValue()).toBe(fresh);
    await mailTo(app, old, 'Din e-mailadresse i SEB er ændret');

    await page.goto(link);
    expect(await press(page, 'Bekræft')).toBe(409);
    expect(await page.getByRole('main').textContent()).toContain('Linket er brugt eller for gammelt.');
  });
});
