import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sebadminRoutes } from '../../src/portals/sebadmin.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { cvrs, idOf, only, ordinaryUsers, unitOf } from '../support/sector.ts';
import type { Stop } from './page-checks.ts';
import { pagesLeftOut, press, sweep } from './page-checks.ts';
import { sweptElsewhere } from './swept-elsewhere.ts';

let app: BrowserApp;
let browser: Browser;
let facts: Awaited<ReturnType<typeof findFacts>>;
const seen: string[] = [];

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  facts = await findFacts();
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

/** Many pages one after the other, on machines that may be busy. */
const minutes = 240_000;
const region = `/organisationer/${cvrs.region}`;

async function look(person: string, stops: Stop[]): Promise<void> {
  await sweep(app, browser, { person, stops }, seen);
}

describe('Every page of sebadmin is whole on a desktop, on a phone, zoomed, and without JavaScript', () => {
  it(
    'for an organisationsadministrator: the front page, organisations, users',
    async () => {
      const { user, locked } = facts;
      await look('region-org-admin', [
        { name: 'forside', path: '/' },
        { name: 'organisationer', path: '/organisationer' },
        { name: 'brugere', path: `${region}/brugere` },
        { name: 'brugere-ingen', path: `${region}/brugere?soeg=zzzz` },
        { name: 'brugere-administratorer', path: `${region}/brugere?administrator=alle&sorter=email` },
        { name: 'bruger', path: `${region}/brugere/${user}` },
        { name: 'bruger-spærret', path: `${region}/brugere/${locked}` },
        { name: 'bruger-log', path: `${region}/brugere/${user}/log` },
        { name: 'findes-ikke', path: '/findes-ikke', status: 404 },
      ]);
    },
    minutes,
  );

  it(
    'for an organisationsadministrator: the forms, also rejected and overtaken',
    async () => {
      const { user, locked, leaver } = facts;
      await look('region-org-admin', [
        { name: 'opret-fejl', path: `${region}/brugere/opret`, status: 422, act: press('Opret') },
        { name: 'rediger', path: `${region}/brugere/${user}/rediger` },
        { name: 'rediger-overhalet', path: `${region}/brugere/${user}/rediger`, status: 409, act: saveTooLate },
        { name: 'mine-oplysninger-fejl', path: '/mine-oplysninger', status: 422, act: saveWithoutEmail },
        {
          name: 'bekræft-brugt',
          path: `/mine-oplysninger/bekraeft/${'x'.repeat(43)}`,
          status: 409,
          act: press('Bekræft'),
        },
        { name: 'brugerroller-fejl', path: `${region}/brugere/${user}/roller`, status: 422, act: press('Fjern') },
        { name: 'spær', path: `${region}/brugere/${user}/spaer` },
        { name: 'lås-op', path: `${region}/brugere/${locked}/laas-op` },
        { name: 'slet', path: `${region}/brugere/${user}/slet` },
        { name: 'fratrædelse', path: `${region}/brugere/${user}/fratraedelse` },
        { name: 'fratrædelse-gemt', path: `${region}/brugere/${leaver}/fratraedelse`, act: planDeparture },
        { name: 'fratrædelse-aflys', path: `${region}/brugere/${leaver}/fratraedelse/aflys` },
        { name: 'klon', path: `${region}/brugere/${user}/klon` },
        { name: 'klon-gennemse', path: `${region}/brugere/${user}/klon/gennemse`, status: 422 },
        { name: 'planlagte-ændringer', path: `${region}/planlagte-aendringer` },
        { name: 'indsæt-fejl', path: `${region}/brugere/indsaet`, status: 422, act: press('Læs rækkerne') },
        { name: 'indsæt-gennemse', path: `${region}/brugere/indsaet`, act: pasteRows },
        { name: 'huskeliste', path: `${region}/huskeliste` },
      ]);
    },
    minutes,
  );

  it(
    'for an organisationsadministrator: giving roles, SOR units, finding a role',
    async () => {
      const { users, locked, role, unit } = facts;
      const three = users
        .slice(0, 3)
        .map((id) => `bruger=${id}`)
        .join('&');
      const assign = `${region}/tildel-roller?${three}&bruger=${locked}`;
      const withUnit = `${assign}&tildelservice=${role.serviceId}`;
      await look('region-org-admin', [
        { name: 'tildel', path: assign },
        { name: 'tildel-ingen-valgt', path: `${region}/tildel-roller` },
        { name: 'tildel-service', path: withUnit },
        { name: 'tildel-enhed', path: `${withUnit}&rolle=${role.id}&sor=${unit}&omfang=UNIT_ONLY` },
        { name: 'tildel-fejl', path: `${withUnit}&rolle=${role.id}`, status: 422, act: press('Fortsæt') },
        {
          name: 'tildel-gennemse',
          path:
            assign.replace('?', '/gennemse?') +
            `&tildelservice=${role.serviceId}&rolle=${role.id}&sor=${unit}&omfang=UNIT_ONLY`,
        },
        { name: 'fjern', path: `${region}/fjern-roller?${three}` },
        { name: 'fjern-gennemse', path: `${region}/fjern-roller/gennemse?${three}`, status: 422 },
        { name: 'tildeling', path: `${region}/brugere/${facts.user}/roller/${facts.assignment}` },
        { name: 'sor', path: `${region}/sor` },
        { name: 'sor-enhed', path: `${region}/sor?enhed=${unit}` },
        { name: 'sor-søgning', path: `${region}/sor?find=afsnit` },
        { name: 'sor-vælg', path: `${region}/sor?${three}&tildelservice=${role.serviceId}&enhed=${unit}` },
        { name: 'roller', path: `${region}/roller` },
        { name: 'roller-søgning', path: `${region}/roller?soeg=plejeassistent` },
        { name: 'rolle', path: `${region}/roller/${facts.heldRole}` },
      ]);
    },
    minutes,
  );

  it('and no page is left out', () => {
    const here = sebadminRoutes.filter((route) => !sweptElsewhere.includes(route));
    expect(pagesLeftOut(here, seen)).toEqual([]);
  });
});

async function findFacts() {
  const users = await ordinaryUsers(app, cvrs.region, 30);
  const atUnits = await app.rows<{ id: number; serviceId: number }>(
    `select r.id, r.service_id as "serviceId" from role r join service s on s.id = r.service_id
       join organisation_role g on g.role_id = r.id join organisation o on o.id = g.organisation_id
     where o.cvr = $1 and r.retired_at is null and s.retired_at is null and g.withdrawn_at is null and r.needs_sor
     order by r.id limit 1`,
    [cvrs.region],
  );
  const busiest = await app.rows<{ id: number; roleId: number; assignmentId: number }>(
    `select user_id as id, min(role_id) as "roleId", min(id) as "assignmentId" from role_assignment
     where user_id = any ($1) and withdrawn_at is null and (valid_to is null or valid_to > now()) group by 1 order by count(*) desc, 1 limit 1`,
    [users],
  );
  return {
    users,
    user: only(busiest).id,
    heldRole: only(busiest).roleId,
    assignment: only(busiest).assignmentId,
    locked: await idOf(app, 'locked'),
    leaver: users.at(-1) ?? 0,
    role: only(atUnits),
    unit: await unitOf(app, cvrs.region),
  };
}

async function saveTooLate(page: Page): Promise<void> {
  const { user } = facts;
  await app.rows('update app_user set version = version + 1 where id = $1', [user]).catch(async () => {
    // The database lets nobody change a user without an event, so somebody else does it on the page.
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByLabel(/^By/).fill(`Nordby ${Date.now()}`);
    await press('Gem')(other);
    await other.getByText('Ændringerne er gemt.').waitFor();
    await other.close();
  });
  await page.getByLabel(/^By/).fill('Sønderby på den anden side af fjorden');
  await press('Gem')(page);
}

async function pasteRows(page: Page): Promise<void> {
  await page.getByLabel('Indsæt rækkerne her').fill('0066-0001\tÅsa\tÆbeltoft\tikke en adresse\n0066-0002\tBo');
  await press('Læs rækkerne')(page);
}

async function planDeparture(page: Page): Promise<void> {
  await page.getByLabel('Sidste arbejdsdag').fill('31-12-2027');
  await page.getByLabel('Begrundelse').fill('Fratrådt efter eget ønske');
  await press('Gem')(page);
}

async function saveWithoutEmail(page: Page): Promise<void> {
  await page.getByLabel('E-mailadresse').fill('åse');
  await press('Gem')(page);
}
