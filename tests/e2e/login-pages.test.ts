import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { identityProvidersRoutes } from '../../src/identity-providers/identity-providers.routes.ts';
import { conflictRoutes } from '../../src/login-todos/conflict.routes.ts';
import { differenceRoutes } from '../../src/login-todos/difference.routes.ts';
import { keysRoutes } from '../../src/identity-providers/keys.routes.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { metadataXml } from '../support/provider-metadata.ts';
import { keys } from '../support/saml.ts';
import { cvrs, operate, ordinaryUsers } from '../support/sector.ts';
import { pagesLeftOut, press, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
let folder: string;
const seen: string[] = [];
const minutes = 180_000;
const list = '/system/identitetsudbydere';

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'seb-metadata-'));
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Chooses metadata as a file, and reads on. */
function choose(certificates: string[], entityId?: string): (page: Page) => Promise<void> {
  const file = path.join(folder, `${certificates.length}-${entityId === undefined ? 'ny' : 'kendt'}.xml`);
  writeFileSync(file, metadataXml({ certificates, ...(entityId === undefined ? {} : { entityId }) }));
  return async (page) => {
    await page.setInputFiles('#felt-fil', file);
    await press('Læs metadata')(page);
  };
}

it(
  'the identity providers’ pages are whole on a desktop, on a phone, zoomed, and without JavaScript',
  async () => {
    const [known] = await app.rows<{ id: number; entityId: string }>(
      `select id, entity_id as "entityId" from identity_provider where slug = 'local-region'`,
    );
    const one = `${list}/${known?.id}`;
    await sweep(
      app,
      browser,
      {
        person: 'system-owner',
        stops: [
          { name: 'nøgler', path: '/system/noegler' },
          { name: 'udbydere', path: list },
          { name: 'udbydere-opret-fejl', path: `${list}/opret`, status: 422, act: press('Læs metadata') },
          { name: 'udbydere-indstil', path: `${list}/opret`, act: choose([keys.local.certificate]) },
          { name: 'udbyder', path: one },
          { name: 'udbyder-rediger', path: `${one}/rediger` },
          { name: 'udbyder-metadata', path: `${one}/metadata` },
          {
            name: 'udbyder-ændringer',
            path: `${one}/metadata`,
            act: choose([keys.local.certificate], known?.entityId),
          },
          { name: 'udbyder-slå-fra-fejl', path: `${one}/slaa-fra`, status: 422, act: press('Slå fra') },
        ],
      },
      seen,
    );
    // They only lead on when they are opened without what belongs to them.
    const leadingOn = [`${list}/opret/gem`, `${list}/:id/metadata/gem`, `${list}/:id/slaa-til`];
    expect(
      pagesLeftOut([...identityProvidersRoutes, ...keysRoutes], seen).filter((page) => !leadingOn.includes(page)),
    ).toEqual([]);
  },
  minutes,
);

/** To-dos as logins leave them: one that belongs to two users, and one that tells another name. */
async function metByLogins(): Promise<{ conflict: number; difference: number }> {
  const [byRid = 0, byUuid = 0] = await ordinaryUsers(app, cvrs.region, 2);
  const facts = (text: string) => `jsonb_build_object('provider', 'NemLog-in (test)', ${text})`;
  await operate(
    app,
    `update app_user set uuid = gen_random_uuid() where id in (${byRid}, ${byUuid});
     insert into todo (organisation_id, kind, user_id, facts)
     select u.organisation_id, 'identity.conflict', u.id, ${facts(`'name', u.first_name || ' ' || u.last_name, 'rid', u.rid, 'loginName', 'Åse Maria Østergård-Sørensen',
       'uuid', o.uuid, 'loginEmail', 'aase.maria@region-eksempel.example', 'other', jsonb_build_object('userId', o.id, 'name', o.first_name || ' ' || o.last_name, 'rid', o.rid)`)}
     from app_user u, app_user o where u.id = ${byRid} and o.id = ${byUuid};
     insert into todo (organisation_id, kind, user_id, facts)
     select organisation_id, 'user.differs', id, ${facts(`'user', first_name || ' ' || last_name, 'name', 'Åse Nyt-Navn', 'firstName', 'Åse', 'lastName', 'Nyt-Navn', 'email', 'aase.nyt-navn@region-eksempel.example'`)}
     from app_user where id = ${byRid}`,
  );
  const [found] = await app.rows<{ conflict: number; difference: number }>(
    `select max(id) filter (where kind = 'identity.conflict') as conflict, max(id) filter (where kind = 'user.differs') as difference from todo`,
  );
  return found ?? { conflict: 0, difference: 0 };
}

it(
  'so are those of what logins told, and of the new login that a large change asks for',
  async () => {
    const { conflict, difference } = await metByLogins();
    const list = `/organisationer/${cvrs.region}/huskeliste`;
    const visited: string[] = [];
    await sweep(
      app,
      browser,
      {
        person: 'region-org-admin',
        stops: [
          { name: 'login-konflikt-fejl', path: `${list}/${conflict}/konflikt`, status: 422, act: press('Afgør') },
          { name: 'login-opdater', path: `${list}/${difference}/opdater` },
          { name: 'login-bekræft', path: `/login/bekraeft?til=${encodeURIComponent(list)}` },
          { name: 'login-huskeliste', path: list },
        ],
      },
      visited,
    );
    expect(pagesLeftOut([...conflictRoutes, ...differenceRoutes], visited)).toEqual([]);
  },
  minutes,
);
