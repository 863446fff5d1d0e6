import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administratorsRoutes } from '../../src/administrators/administrators.routes.ts';
import { fewAdministratorsRoutes } from '../../src/administrators/few-administrators.routes.ts';
import { findAdministratorRoutes } from '../../src/administrators/find-administrator.routes.ts';
import { systemRolesRoutes } from '../../src/system-roles/system-roles.routes.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { logOf, mailTo, signedIn } from '../support/pages.ts';
import type { GivableRole } from '../support/sector.ts';
import { cvrs, givableRoles, idOf, only, ordinaryUsers } from '../support/sector.ts';
import { pagesLeftOut, press, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
const seen: string[] = [];
const minutes = 240_000;
const list = `/organisationer/${cvrs.region}/administratorer`;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

async function administratorId(key: string): Promise<number> {
  const found = await app.rows<{ id: number }>('select id from administrator where user_id = $1 order by id', [
    await idOf(app, key),
  ]);
  return only(found).id;
}

describe('Every page of the administrators is whole', () => {
  it(
    'for an organisationsadministrator',
    async () => {
      const id = await administratorId('region-user-admin');
      const stops = [
        { name: 'administratorer-fjern-ingen', path: list, status: 422, act: press('Fjern valgte') },
        { name: 'administratorer-fjern', path: `${list}/fjern` },
        { name: 'administratorer-rapport', path: `${list}/rapport` },
        { name: 'administrator-fejl', path: `${list}/${id}`, status: 422, act: chooseNoService },
        { name: 'vikar-fejl', path: `${list}/${id}/vikar?soeg=a`, status: 422, act: press('Gør til vikar') },
      ];
      await sweep(app, browser, { person: 'region-org-admin', stops }, seen);
    },
    minutes,
  );

  it(
    'for those who only look, and for the only organisationsadministrator',
    async () => {
      const own = `/organisationer/${cvrs.practice}/administratorer`;
      await sweep(
        app,
        browser,
        { person: 'region-read-only', stops: [{ name: 'administratorer-se', path: list }] },
        seen,
      );
      const stops = [{ name: 'administratorer-en', path: own }];
      await sweep(app, browser, { person: 'practice-doctor', stops }, seen);
    },
    minutes,
  );

  it(
    'for the system owner, and for everybody who looks for an administrator',
    async () => {
      const stops = [
        {
          name: 'systemroller-fejl',
          path: '/system/systemroller?soeg=andersen',
          status: 422,
          act: press('Giv rollen'),
        },
        { name: 'faa-administratorer', path: '/system/faa-administratorer' },
        { name: 'find-administrator', path: '/find-administrator' },
      ];
      await sweep(app, browser, { person: 'system-owner', stops }, seen);
      const own = [{ name: 'find-administrator-sebanmod', path: '/find-administrator' }];
      await sweep(app, browser, { person: 'region-user', portal: 'sebanmod', stops: own }, seen);
    },
    minutes,
  );

  it('and none is left out', () => {
    const routes = [
      ...administratorsRoutes,
      ...fewAdministratorsRoutes,
      ...findAdministratorRoutes,
      ...systemRolesRoutes,
    ];
    expect(pagesLeftOut(routes, seen)).toEqual([]);
  });
});

async function chooseNoService(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Kun de services, jeg vælger her' }).check({ force: true });
  await press('Gem')(page);
}

describe('An organisationsadministrator', () => {
  it(
    'appoints, limits to a service, names a substitute, changes the kind and removes; the last one is refused',
    async () => {
      const visitor = await signedIn(app, browser, 'region-org-admin');
      const { page } = visitor;
      const [userId = 0, standIn = 0] = (await ordinaryUsers(app, cvrs.region, 60)).slice(-2);
      const people = await app.rows<{ id: number; name: string; rid: string; email: string }>(
        `select id, first_name || ' ' || last_name as name, rid, email from app_user where id = any ($1)`,
        [[userId, standIn]],
      );
      const user = only(people.filter(({ id }) => id === userId));
      const vicar = only(people.filter(({ id }) => id === standIn));

      const row = page.locator('.seb-administrators tr', { hasText: user.name }).first();

      // Appoint, from the front page.
      await page.getByRole('link', { name: 'Rediger administratorer' }).first().click();
      await page.getByLabel('Søgning').fill(user.rid);
      await press('Søg')(page);
      await page.getByRole('checkbox', { name: `Vælg ${user.name}` }).check({ force: true });
      await press('Tilføj de valgte brugere til brugeradministratorrollen')(page);
      await page.getByText('1 bruger er tilføjet til brugeradministratorrollen.').waitFor();
      const mail = await mailTo(app, user.email, 'Din administratorrolle i SEB er ændret');
      expect(mail.text).toContain('Du er blevet brugeradministrator. Fra i dag, uden slutdato.');

      // The area, with one service.
      await row.getByRole('link', { name: /^Rediger/ }).click();
      await page.getByLabel(/^SEB Ansvarsområde/).fill('Ambulatoriet på Ærø');
      await page.getByRole('radio', { name: 'Kun de services, jeg vælger her' }).check({ force: true });
      const service = page.locator('#felt-service label').first();
      const serviceName = (await service.textContent()) ?? '';
      await page.getByRole('checkbox', { name: serviceName }).first().check({ force: true });
      await press('Gem')(page);
      expect(await row.textContent()).toContain('Ambulatoriet på Ærø');
      expect(await row.textContent()).toContain(`Kun ${serviceName}`);

      // A substitute.
      await row.getByRole('link', { name: /^Vikar/ }).click();
      await page.getByLabel('Søg efter brugere').fill(vicar.rid);
      await page.getByRole('button', { name: 'Søg' }).click();
      await page.getByRole('radio', { name: vicar.name }).first().check({ force: true });
      await page.getByLabel(/^Sidste dag/).fill('31-12-2030');
      await press('Gør til vikar')(page);
      expect(await row.textContent()).toContain(`Vikar: ${vicar.name}`);

      // Another kind, and away with it.
      await row.getByRole('link', { name: /^Rediger/ }).click();
      await page.getByRole('radio', { name: 'Read-only administrator' }).check({ force: true });
      await press('Gem')(page);
      expect(await row.getAttribute('class')).toBe('seb-admin-READ_ONLY');
      await row.getByRole('checkbox').check({ force: true });
      await press('Fjern valgte')(page);
      await page.getByText('1 administrator er fjernet. Brugernes øvrige roller er ikke ændret.').waitFor();
      const log = (await logOf(app, page, cvrs.region, userId)).join('\n');
      for (const sentence of [
        `gjorde ${user.name} til brugeradministrator.`,
        'ændrede SEB Ansvarsområde fra tomt til “Ambulatoriet på Ærø” og services fra “Alle services”',
        'ændrede rollen fra “Brugeradministrator” til “Read-only administrator”',
        `fjernede ${user.name} som read-only administrator.`,
      ])
        expect(log).toContain(sentence);
      expect(visitor.complaints).toEqual([]);
      await visitor.context.close();

      // The only organisationsadministrator has no box to tick, and a forged form is refused.
      const alone = await signedIn(app, browser, 'practice-doctor');
      await alone.page.goto(`${app.origins.sebadmin}/organisationer/${cvrs.practice}/administratorer`);
      expect(await alone.page.getByText('Den eneste uden slutdato').count()).toBe(1);
      expect(await alone.page.locator('input[name="administrator"]').count()).toBe(0);
      await alone.context.close();
    },
    minutes,
  );

  it(
    'limits, without JavaScript, an administrator to a service, who then cannot give another’s roles, not by a forged form either',
    async () => {
      const [inside, outside] = await twoServices();
      const id = await administratorId('region-user-admin');
      const leader = await signedIn(app, browser, 'region-org-admin', { javaScriptEnabled: false });
      await leader.page.goto(`${app.origins.sebadmin}${list}/${id}`);
      await leader.page.getByRole('radio', { name: 'Kun de services, jeg vælger her' }).check({ force: true });
      for (const box of await leader.page.locator('#felt-service input:checked').all())
        await box.uncheck({ force: true });
      await leader.page.locator(`#v${inside.serviceId}`).check({ force: true });
      await press('Gem')(leader.page);
      await leader.page.getByText(/Administratorrollen for .* er ændret|Der var ingen ændringer/).waitFor();
      await leader.context.close();

      const { page, context } = await signedIn(app, browser, 'region-user-admin', { javaScriptEnabled: false });
      const userId = (await ordinaryUsers(app, cvrs.region, 40)).at(-1) ?? 0;
      const assign = `${app.origins.sebadmin}/organisationer/${cvrs.region}/tildel-roller`;
      await page.goto(`${assign}?bruger=${userId}`);
      const offered = await page
        .locator('#felt-tildelservice option')
        .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value).filter(Boolean));
      expect(offered).toEqual([String(inside.serviceId)]);
      await page.goto(`${assign}/gennemse?bruger=${userId}&tildelservice=${inside.serviceId}&rolle=${inside.id}`);
      // As somebody would with the browser's own tools.
      const forged: [string, string][] = [
        ['tildelservice', String(outside.serviceId)],
        ['rolle', String(outside.id)],
      ];
      for (const [name, value] of forged)
        await page
          .locator(`main form[method=post] input[name=${name}]`)
          .evaluateAll((all, wanted) => all.forEach((one) => one.setAttribute('value', wanted)), value);
      const [reply] = await Promise.all([
        page.waitForResponse((response) => response.request().method() === 'POST'),
        page.getByRole('button', { name: /^Gem/ }).click(),
      ]);
      expect([403, 422]).toContain(reply.status());
      const given = await app.rows(
        "select from role_assignment where user_id = $1 and role_id = $2 and created_at > now() - interval '10 minutes'",
        [userId, outside.id],
      );
      expect(given).toEqual([]);
      await page.goto(`${app.origins.sebadmin}/organisationer/${cvrs.region}/roller/${outside.id}`);
      await page.getByRole('heading', { name: 'Uden for dit ansvarsområde' }).waitFor();
      await context.close();
    },
    minutes,
  );
});

async function twoServices(): Promise<[GivableRole, GivableRole]> {
  const roles = await givableRoles(app, cvrs.region, false);
  const first = only(roles);
  return [first, only(roles.filter((role) => role.serviceId !== first.serviceId))];
}
