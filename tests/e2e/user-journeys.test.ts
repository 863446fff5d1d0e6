import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carryOutDepartures } from '../../src/departures/carry-out.changes.ts';
import { danishDay, dayInDenmark } from '../../src/shared/dates.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import type { Visitor } from '../support/pages.ts';
import { logOf, mailTo, scriptings, signedIn, submit, told } from '../support/pages.ts';
import { personOf } from '../support/people.ts';
import { cvrs, givableRoles, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: BrowserApp;
let browser: Browser;
let users: number[];

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  users = await ordinaryUsers(app, cvrs.region, 20);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const at = (path: string): string => `${app.origins.sebadmin}/organisationer/${cvrs.region}${path}`;
const inDays = (days: number): string => danishDay(dayInDenmark(new Date(Date.now() + days * 86_400_000)));
const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const main = (page: Page) => page.getByRole('main').textContent();
const nameOf = async (id: number): Promise<string> =>
  only(
    await app.rows<{ name: string }>(`select first_name || ' ' || last_name as name from app_user where id = $1`, [id]),
  ).name;

describe.each(scriptings)('an administrator of users, $mode,', ({ mark, javaScriptEnabled }) => {
  let aase: Visitor;
  let page: Page;
  const nextUser = (): number => users.pop() ?? 0;
  beforeAll(async () => {
    aase = await signedIn(app, browser, 'region-org-admin', { javaScriptEnabled });
    ({ page } = aase);
  });
  afterAll(async () => {
    expect(aase.complaints).toEqual([]);
    await aase.context.close();
  });

  it('creates one: a RID in use leads to its user, a shared address is named; then edits it', async () => {
    const soeren = personOf('region-user');
    await page.goto(at('/brugere'));
    await page.getByRole('main').getByRole('link', { name: 'Opret bruger' }).click();
    await page.getByLabel('Fornavn').fill('Ærling');
    await page.getByLabel('Efternavn').fill(`Ågård ${mark}`);
    await page.getByLabel('E-mailadresse').fill(`  ${soeren.email} `);
    await page.getByLabel('RID-nummer').fill(soeren.rid);
    expect(await submit(page, 'Opret')).toBe(422);
    expect(await page.getByRole('alert').textContent()).toContain('bruges allerede af Søren Ægidius Nørgård');
    const link = await page.getByRole('link', { name: 'Se brugeren' }).getAttribute('href');
    expect(link).toMatch(new RegExp(`/brugere/${await idOf(app, 'region-user')}$`));
    await page.getByLabel('RID-nummer').fill(`NY-${mark}`);
    expect(await submit(page, 'Opret')).toBe(200);
    expect(await told(page)).toContain('Bemærk: E-mailadressen bruges også af Søren Ægidius Nørgård');
    const id = Number(/\d+$/.exec(page.url())?.[0]);
    const before = only(
      await app.rows<{ username: string; email: string }>('select username, email from app_user where id = $1', [id]),
    );
    expect(before.email).toBe(soeren.email);

    await page.getByRole('link', { name: 'Rediger', exact: true }).click();
    expect(await main(page)).toContain(`${before.username} (kan ikke ændres)`);
    await page.getByLabel('RID-nummer').fill(`FORNYET-${mark}`);
    await page.getByLabel(/^Postnr/).fill('0800');
    expect(await submit(page, 'Gem')).toBe(200);
    expect(await told(page)).toContain('Ændringerne er gemt.');
    expect(await main(page)).toContain(`FORNYET-${mark}`);
    const [newest] = await logOf(app, page, cvrs.region, id);
    expect(newest).toContain(`Åse Østergård ændrede`);
  });

  it('locks one, whose session ends at the next request, and unlocks again', async () => {
    const soeren = await signedIn(app, browser, 'region-user', { portal: 'sebanmod', javaScriptEnabled });
    expect(new URL(soeren.page.url()).pathname).toBe('/');
    await page.goto(at(`/brugere/${await idOf(app, 'region-user')}`));
    await page.getByRole('link', { name: 'Spær', exact: true }).click();
    expect(await submit(page, 'Spær')).toBe(422);
    await page.getByLabel('Begrundelse').fill('Mistet telefon');
    expect(await submit(page, 'Spær')).toBe(200);
    expect(await told(page)).toContain('er spærret og kan ikke logge på.');
    expect(await heading(page).getAttribute('class')).toContain('seb-locked');
    expect(await main(page)).toContain('Årsag: Mistet telefon');
    await soeren.page.reload();
    expect(new URL(soeren.page.url()).pathname).toBe('/login');
    await soeren.context.close();

    await page.goto(at('/brugere?status=spaerret&soeg=soeren+aegidius'));
    const row = page.getByRole('row', { name: /Nørgård/ });
    expect(await row.textContent()).toContain('Spærret');
    await row.getByRole('link', { name: 'Lås op Søren Ægidius Nørgård' }).click();
    expect(await submit(page, 'Lås op')).toBe(200);
    expect(await told(page)).toContain('Søren Ægidius Nørgård er låst op.');
    const again = await signedIn(app, browser, 'region-user', { portal: 'sebanmod', javaScriptEnabled });
    expect(new URL(again.page.url()).pathname).toBe('/');
    await again.context.close();
  });

  it('locks one from a day to a day, sees it among what is planned, and calls it off', async () => {
    const id = nextUser();
    const name = await nameOf(id);
    await page.goto(at(`/brugere/${id}/spaer`));
    // It belongs to the other choice: without JavaScript its label says so.
    expect(await page.getByLabel('Første dag').isVisible()).toBe(!javaScriptEnabled);
    await page.getByLabel('Fra en dato, fx ved orlov').check();
    await page.getByLabel('Første dag').fill(inDays(10));
    await page.getByLabel('Sidste dag').fill(inDays(3));
    await page.getByLabel('Begrundelse').fill('Orlov');
    expect(await submit(page, 'Spær')).toBe(422);
    expect(await page.getByLabel('Første dag').inputValue()).toBe(inDays(10));
    await page.getByLabel('Sidste dag').fill(inDays(40));
    expect(await submit(page, 'Spær')).toBe(200);
    expect(await told(page)).toContain(`bliver spærret fra ${inDays(10)} til og med ${inDays(40)}.`);

    await page.goto(at('/planlagte-aendringer'));
    const planned = page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
    expect((await planned.allTextContents()).join()).toContain(inDays(10));
    await page.goto(at(`/brugere/${id}`));
    await page.getByRole('link', { name: 'Aflys spærring' }).click();
    expect(await submit(page, 'Aflys spærringen')).toBe(200);
    const { locked } = only(
      await app.rows<{ locked: boolean }>('select locked_from is not null as locked from app_user where id = $1', [id]),
    );
    expect(locked).toBe(false);
  });

  it('deletes one, and ticks the reminder of the employee signature', async () => {
    const id = nextUser();
    const name = await nameOf(id);
    await page.goto(at(`/brugere/${id}`));
    await page.getByRole('link', { name: 'Slet', exact: true }).click();
    await page.getByLabel('Begrundelse').fill('Fratrådt');
    expect(await submit(page, `Slet ${name}`)).toBe(200);
    expect(await told(page)).toContain(`${name} er slettet.`);
    await page.goto(at(`/brugere/${id}`));
    expect(await heading(page).textContent()).not.toBe(name);

    await page.goto(at('/huskeliste'));
    const waiting = page.locator('.seb-todos li').filter({ hasText: name });
    expect(await waiting.textContent()).toContain('MitID Erhverv');
    await waiting.getByRole('button').click();
    await page.getByText('Huskepunktet er sat som udført.').waitFor();
    expect(await page.locator('.seb-todos li').filter({ hasText: name }).count()).toBe(0);
    expect(await page.getByRole('listitem').filter({ hasText: name }).textContent()).toContain('af Åse Østergård');
  });

  it('plans a departure, moves it, calls it off, and reads the receipt of one that was carried out', async () => {
    const id = nextUser();
    const name = await nameOf(id);
    const [role] = await givableRoles(app, cvrs.region, false);
    await operate(
      app,
      `delete from role_assignment where user_id = ${id};
       insert into role_assignment (organisation_id, user_id, role_id) select organisation_id, id, ${role?.id} from app_user where id = ${id}`,
    );
    const plan = async (day: string): Promise<number> => {
      await page.getByRole('link', { name: /^(Ret f|F)ratrædelse$/ }).click();
      await page.getByLabel('Sidste arbejdsdag').fill(day);
      await page.getByLabel('Begrundelse').fill('Nyt job');
      return submit(page, 'Gem');
    };
    await page.goto(at(`/brugere/${id}`));
    expect(await plan(inDays(-1))).toBe(422);
    expect(await page.getByRole('alert').textContent()).toContain('Dagen er gået');
    await page.goto(at(`/brugere/${id}`));
    expect(await plan(inDays(20))).toBe(200);
    expect(await plan(inDays(30))).toBe(200);
    expect(await main(page)).toContain(`Sidste arbejdsdag er ${inDays(30)}`);
    await page.getByRole('link', { name: 'Ret fratrædelse' }).click();
    await page.getByRole('link', { name: 'Aflys fratrædelsen' }).click();
    expect(await submit(page, 'Aflys fratrædelsen')).toBe(200);
    expect(await told(page)).toContain(`Fratrædelsen for ${name} er aflyst.`);

    expect(await plan(inDays(0))).toBe(200);
    await operate(
      app,
      `update departure set last_day = danish_today() - 1 where user_id = ${id} and cancelled_at is null`,
    );
    expect(await carryOutDepartures(app.changes, app.mailing)).toMatchObject({ carriedOut: 1, failed: [] });
    await page.reload();
    const receipt = page.getByRole('region', { name: /^Kvittering/ });
    expect(await receipt.getByRole('listitem').allTextContents()).toEqual([expect.stringContaining(role?.code ?? '')]);
    expect(await heading(page).getAttribute('class')).toContain('seb-locked');
    const mail = await mailTo(app, personOf('region-org-admin').email, 'Kvittering: En bruger er fratrådt i SEB');
    expect(mail.text).toContain(' er fratrådt');
    await page.goto(at('/huskeliste'));
    expect(await page.locator('.seb-todos li').filter({ hasText: name }).count()).toBe(1);
  });
});
