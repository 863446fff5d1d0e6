import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessCheckRoutes } from '../../src/access-check/access-check.routes.ts';
import { emergencyLocksRoutes } from '../../src/emergency-locks/emergency-locks.routes.ts';
import { onBehalfRoutes } from '../../src/on-behalf/on-behalf.routes.ts';
import { repointingRoutes } from '../../src/repointing/repointing.routes.ts';
import { sorImportsRoutes } from '../../src/sor-imports/sor-imports.routes.ts';
import { waitingConflictsRoutes } from '../../src/login-todos/waiting-conflicts.routes.ts';
import { userSearchRoutes } from '../../src/users/user-search.routes.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { cvrs, only, operate, ordinaryUsers } from '../support/sector.ts';
import type { Stop } from './page-checks.ts';
import { pagesLeftOut, press, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
let free: number;
let locked: number;
let closedUnit: string;
let openUnit: string;
let run: number;
const seen: string[] = [];
const region = `/organisationer/${cvrs.region}`;
const reference = '7F3K-22QX-9ABM';

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  [free = 0, locked = 0] = await ordinaryUsers(app, cvrs.region, 2);
  await operate(
    app,
    `insert into emergency_lock (organisation_id, user_id, case_number, reason, locked_by_id)
       select u.organisation_id, u.id, 'SD-4711', 'Mistanke om misbrug', (select user_id from system_role where kind = 'SERVICEDESK' limit 1) from app_user u where u.id = ${locked};
     update app_user u set locked_from = e.locked_at, locked_until = e.ends_at, lock_reason = 'Nødspærret' from emergency_lock e where e.user_id = u.id and u.id = ${locked}`,
  );
  await app.rows(
    `insert into refused_sign_in (reference, portal, reason, provider, cvr, organisation_name, organisation_id, level, required_level, carried_cpr, name, uuid, rid)
     select $1, 'sebanmod', 'locked', 'NemLog-in (test)', o.cvr, o.name, o.id, 'Substantial', 'Substantial', true, 'Åse', u.uuid, u.rid
     from app_user u join organisation o on o.id = u.organisation_id where u.id = $2`,
    [reference, locked],
  );
  closedUnit = only(
    await app.rows<{ code: string }>(
      `select g.sor_code as code from role_assignment g join sor_unit s on s.code = g.sor_code join organisation o on o.id = g.organisation_id
       where o.cvr = $1 and g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now()) and s.closed_on < danish_today() order by 1 limit 1`,
      [cvrs.region],
    ),
  ).code;
  openUnit = only(
    await app.rows<{ code: string }>(
      `select code from sor_unit u where owner_cvr = $1 and closed_on is null and not exists (select from role_assignment g where g.sor_code = u.code) order by code limit 1`,
      [cvrs.region],
    ),
  ).code;
  run = only(await app.rows<{ id: number }>('select id from sor_import order by id limit 1')).id;
  await app.rows(
    `insert into sor_change (import_id, code, kind, owner_cvr, before, after) values ($1, $2, 'CLOSED', $3, null, '2026-11-20'), ($1, $4, 'RENAMED', $3, 'Gammelt navn', 'Nyt navn')`,
    [run, closedUnit, cvrs.region, openUnit],
  );
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

/** Many pages one after the other, on machines that may be busy. */
const minutes = 300_000;
const look = (person: string, stops: Stop[]): Promise<void> => sweep(app, browser, { person, stops }, seen);

describe('The pages of those who help are whole on a desktop, on a phone, zoomed, and without JavaScript', () => {
  it(
    'for the servicedesk',
    async () => {
      await look('servicedesk', [
        { name: 'servicedesk-forside', path: '/' },
        { name: 'servicedesk-find-bruger', path: '/brugere?soeg=sen' },
        { name: 'servicedesk-find-bruger-ingen', path: '/brugere?soeg=zzzzzz' },
        { name: 'servicedesk-adgangstjek-fundet', path: `/adgangstjek?reference=${reference}` },
        { name: 'servicedesk-bruger', path: `${region}/brugere/${locked}` },
        { name: 'servicedesk-bruger-adgangstjek', path: `${region}/brugere/${locked}/adgangstjek` },
        {
          name: 'servicedesk-nødspær-tom',
          path: `${region}/brugere/${free}/noedspaerring`,
          status: 422,
          act: press('Nødspær i 72 timer'),
        },
        { name: 'servicedesk-nødspærret', path: `${region}/brugere/${locked}/noedspaerring` },
        { name: 'servicedesk-nødspærringer', path: '/noedspaerringer' },
        { name: 'servicedesk-login-konflikter', path: '/loginkonflikter' },
        { name: 'servicedesk-sor-indlæsninger', path: '/sor-indlaesninger' },
        { name: 'servicedesk-sor-indlæsning', path: `/sor-indlaesninger/${run}` },
      ]);
    },
    minutes,
  );

  it(
    'for an organisationsadministrator',
    async () => {
      const move = `${region}/lukkede-enheder/${closedUnit}/flyt`;
      const asked = `sor=${openUnit}&valg=alle&begrundelse=Lukket`;
      await look('region-org-admin', [
        { name: 'administrator-forside-venter', path: '/' },
        { name: 'administrator-nødspærring', path: `${region}/brugere/${locked}/noedspaerring` },
        { name: 'administrator-bekræft', path: `${region}/brugere/${locked}/noedspaerring/bekraeft` },
        { name: 'administrator-ophæv', path: `${region}/brugere/${locked}/noedspaerring/ophaev` },
        { name: 'administrator-lukkede-enheder', path: `${region}/lukkede-enheder` },
        { name: 'administrator-flyt', path: `${move}?sor=${openUnit}` },
        { name: 'administrator-flyt-fejl', path: `${move}/gennemse?sor=123&valg=alle&begrundelse=x`, status: 422 },
        { name: 'administrator-flyt-gennemse', path: `${move}/gennemse?${asked}` },
        { name: 'administrator-sor-ændringer', path: `${region}/sor/aendringer` },
      ]);
    },
    minutes,
  );

  it(
    'for the system owner in an organisation’s place',
    async () => {
      const place = `${region}/paa-vegne/brugere`;
      await operate(app, `update app_user set locked_from = now() where id = ${free}`);
      await look('system-owner', [
        { name: 'på-vegne-valg', path: `${place}/${free}` },
        { name: 'på-vegne-opret', path: `${place}/opret` },
        { name: 'på-vegne-rediger', path: `${place}/${free}/rediger` },
        { name: 'på-vegne-spær', path: `${place}/${free}/spaer` },
        { name: 'på-vegne-lås-op-tom', path: `${place}/${free}/laas-op`, status: 422, act: press('Lås op') },
        { name: 'på-vegne-roller', path: `${place}/${free}/roller` },
        { name: 'på-vegne-slet', path: `${place}/${free}/slet` },
      ]);
    },
    minutes,
  );

  it('and none of them is left out', () => {
    const routes = [
      ...accessCheckRoutes,
      ...emergencyLocksRoutes,
      ...onBehalfRoutes,
      ...repointingRoutes,
      ...sorImportsRoutes,
      ...userSearchRoutes,
      ...waitingConflictsRoutes,
    ];
    expect(pagesLeftOut(routes, seen)).toEqual([]);
  });
});
