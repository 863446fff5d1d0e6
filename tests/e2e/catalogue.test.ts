import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import type { Visitor } from '../support/pages.ts';
import { logOf, mailTo, signedIn } from '../support/pages.ts';
import { personOf } from '../support/people.ts';
import { cvrs, only, ordinaryUsers } from '../support/sector.ts';

let app: BrowserApp;
let browser: Browser;
const visitors: Visitor[] = [];

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
});
afterEach(async () => {
  for (const { context, complaints } of visitors.splice(0)) {
    expect(complaints).toEqual([]);
    await context.close();
  }
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const minutes = 120_000;
const withoutScripts = { javaScriptEnabled: false };

async function visit(person: string, habits: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
  const visitor = await signedIn(app, browser, person, habits);
  visitors.push(visitor);
  return visitor.page;
}
const at = (path: string): string => `${app.origins.sebadmin}${path}`;
const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
const main = async (page: Page): Promise<string> =>
  ((await page.getByRole('main').textContent()) ?? '').replace(/\s+/g, ' ');

/** The system owner makes a service with one role, from the navigation on. */
async function createService(page: Page, code: string): Promise<void> {
  await page.goto(at('/'));
  await page.getByRole('link', { name: 'Services', exact: true }).first().click();
  await page.getByRole('link', { name: 'Opret service' }).click();
  await page.getByLabel('Kode').fill(code);
  await page.getByLabel('Navn *', { exact: true }).fill(`Servicen ${code}`);
  await page.getByLabel('Ejer').fill('Sundhedsdatastyrelsen');
  await press(page, 'Gem');
  await page.getByRole('link', { name: 'Opret rolle' }).click();
  await page.getByLabel('Kode').fill(`${code}Laeser`);
  await page.getByLabel('Navn *', { exact: true }).fill(`Læser i ${code}`);
  await page.getByRole('group', { name: 'Kræver rollen en SOR-enhed?' }).getByLabel('Nej').check();
  await page.getByRole('group', { name: 'Kræver rollen CPR-nummer' }).getByLabel('Nej').check();
  await page.getByLabel('Almindelig').check();
  await press(page, 'Gem');
  expect(await main(page)).toContain('Ingen kan tildele den, før en organisation får ret til det');
}

async function grantToTwo(page: Page, code: string): Promise<void> {
  await page.getByRole('link', { name: 'Giv hele servicen til organisationer' }).click();
  await page.getByLabel('Søg efter organisationer').fill('eksempel');
  await press(page, 'Find organisationer');
  await page.getByLabel('Region Eksempel').check();
  await page.getByLabel('Eksempel Kommune').check();
  await press(page, 'Fortsæt');
  expect(await main(page)).toMatch(/Organisationer ?2 ?Nye rettigheder ?2/);
  app.mails.splice(0);
  await press(page, 'Giv rettighederne');
  expect(await main(page)).toContain('2 organisationer har fået 2 rettigheder');
  const { email } = personOf('municipality-org-admin');
  const mail = await mailTo(app, email, 'Din organisation kan tildele flere roller i SEB');
  expect(mail.text).toContain(`${code}Laeser`);
}

async function giveTo(userId: number, code: string): Promise<Page> {
  const page = await visit('region-org-admin');
  const role = only(
    await app.rows<{ id: number; serviceId: number }>(
      'select id, service_id as "serviceId" from role where code = $1',
      [`${code}Laeser`],
    ),
  );
  await page.goto(at(`/organisationer/${cvrs.region}/tildel-roller?bruger=${userId}&tildelservice=${role.serviceId}`));
  await page.locator(`#r${role.id}`).check();
  await page
    .getByRole('button', { name: /^(Gem|Fortsæt)/ })
    .first()
    .click();
  const save = page.getByRole('button', { name: /^Gem/ });
  if ((await save.count()) > 0) await save.first().click();
  return page;
}

describe('The catalogue', () => {
  it(
    'a service is made, granted to two organisations, used, and withdrawn after a look at what that ends',
    async () => {
      const code = 'proeve';
      const owner = await visit('system-owner');
      await createService(owner, code);
      await grantToTwo(owner, code);
      const [user = 0] = (await ordinaryUsers(app, cvrs.region, 20)).slice(-1);
      const admin = await giveTo(user, code);
      await owner.goto(at(`/organisationer/${cvrs.region}/rettigheder?soeg=${code}`));
      await owner.getByLabel(`Vælg Læser i ${code}`).check();
      await press(owner, 'Træk de valgte tilbage');
      expect(await main(owner)).toMatch(/Brugere, der mister noget ?1 ?Tildelinger, der slutter ?1/);
      await press(owner, 'Træk rettighederne tilbage');
      expect(await main(owner)).toContain('Vælg, hvornår tildelingerne slutter');
      await owner.getByLabel('Med det samme').check();
      await owner.getByLabel('Begrundelse').fill('Servicen flytter');
      await press(owner, 'Træk rettighederne tilbage');
      expect(await main(owner)).toContain('1 tildeling er fjernet');
      await admin.goto(at('/'));
      expect(await main(admin)).toContain(`Organisationen kan ikke længere tildele Læser i ${code}`);
      const [line] = await logOf(app, admin, cvrs.region, user);
      expect(line).toContain(`fjernede rollen Læser i ${code}`);
    },
    minutes,
  );

  it(
    'without JavaScript an organisation finds a role that it lacks, asks for it, and is told what was decided',
    async () => {
      const admin = await visit('municipality-org-admin', withoutScripts);
      const wanted = 'lprOvervaag';
      await admin.goto(at(`/organisationer/${cvrs.municipality}/roller?soeg=${wanted}`));
      await admin
        .getByRole('link', { name: /^Anmod om rollen/ })
        .first()
        .click();
      const role = only(
        await app.rows<{ id: number; name: string }>('select id, name from role where code = $1', [wanted]),
      );
      expect(await admin.locator(`#r${role.id}`).isChecked()).toBe(true);
      await admin.getByLabel('Formål').fill('Rette indberetninger');
      await press(admin, 'Send anmodning');
      expect(await main(admin)).toContain('Skriv hjemlen');
      expect(await admin.getByLabel('Formål').inputValue()).toBe('Rette indberetninger');
      await admin.getByLabel('Hjemmel').fill('Sundhedsloven § 195');
      await press(admin, 'Send anmodning');
      expect(await main(admin)).toContain('Venter på systemejeren');

      const owner = await visit('system-owner', withoutScripts);
      await owner.getByRole('link', { name: 'Anmodninger om services' }).first().click();
      await owner
        .getByRole('row', { name: /Eksempel Kommune/ })
        .first()
        .getByRole('link')
        .click();
      await owner.locator(`#r${role.id}`).check();
      await press(owner, 'Afgør anmodningen');
      expect(await main(owner)).toContain('1 rolle er godkendt og 0 afvist');

      await admin.reload();
      expect(await main(admin)).toContain('Godkendt');
      const mail = await mailTo(
        app,
        personOf('municipality-org-admin').email,
        'Anmodning om en service i SEB er afgjort: LPR3 indberetningsportal',
      );
      expect(mail.text).toContain('De godkendte roller kan tildeles med det samme');
      await admin.goto(at(`/organisationer/${cvrs.municipality}/rettigheder?soeg=${wanted}`));
      expect(await main(admin)).toContain(role.name);
    },
    minutes,
  );

  it(
    'without JavaScript a role is retired with its successor, and the organisation hears of both',
    async () => {
      const owner = await visit('system-owner', withoutScripts);
      const old = 'fmkAfstemmer';
      const role = only(
        await app.rows<{ id: number; name: string }>('select id, name from role where code = $1', [old]),
      );
      await owner.goto(at(`/system/services?soeg=${old}`));
      await owner.getByRole('link', { name: 'FMK-Online' }).click();
      await owner.getByRole('link', { name: role.name, exact: true }).click();
      await owner.getByRole('link', { name: 'Udfas', exact: true }).click();
      expect(await main(owner)).toMatch(/Organisationer, der kan tildele den ?[1-9]/);
      await owner.getByLabel('Udfases den').fill('31-12-2030');
      await owner.getByLabel('Afløser').fill('fmk-online/fmkLaeser');
      await owner.getByLabel('Begrundelse').fill('Rollerne samles');
      await press(owner, 'Udfas og giv besked');
      expect(await main(owner)).toContain('Udfases 31-12-2030');
      const admin = await visit('region-org-admin', withoutScripts);
      await admin.goto(at(`/organisationer/${cvrs.region}/huskeliste`));
      expect(await main(admin)).toContain(`Rollen ${role.name} udfases 31-12-2030`);
      expect(await main(admin)).toContain('tildel den til dem, der skal have den');
      const mail = await mailTo(app, personOf('region-org-admin').email, `Udfases i SEB: ${role.name}`);
      expect(mail.text).toContain('Fra 31-12-2030 kan rollen');
    },
    minutes,
  );
});
