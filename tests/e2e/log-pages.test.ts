import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditSealRoutes } from '../../src/audit-seal/audit-seal.routes.ts';
import { ownReportsRoutes } from '../../src/reports/own-reports.routes.ts';
import { auditPackageRoutes } from '../../src/audit-package/audit-package.routes.ts';
import { lookUpsRoutes, ownLookUpsRoutes } from '../../src/look-ups/look-ups.routes.ts';
import { ownChangesRoutes } from '../../src/audit/audit.routes.ts';
import { logRoutes } from '../../src/audit/log.routes.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { cvrs } from '../support/sector.ts';
import { pagesLeftOut, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
const seen: string[] = [];
const minutes = 240_000;
const log = `/organisationer/${cvrs.region}/log`;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

it(
  'the log is whole on a desktop, on a phone, zoomed, and without JavaScript',
  async () => {
    const [event] = await app.rows<{ id: string }>(
      `select max(e.id)::text as id from audit_event e join organisation o on o.id = e.organisation_id where o.cvr = $1 and e.kind = 'role.assigned'
         and not exists (select from administrator a where a.user_id = e.target_user_id) and not exists (select from system_role s where s.user_id = e.target_user_id)`,
      [cvrs.region],
    );
    await sweep(
      app,
      browser,
      {
        person: 'system-owner',
        stops: [
          { name: 'log-alle', path: '/log' },
          { name: 'opslag-alle', path: '/opslag' },
          { name: 'log-forsegling', path: '/log/forsegling' },
          { name: 'log-alle-hændelse', path: `/log/${event?.id ?? ''}` },
        ],
      },
      seen,
    );
    await sweep(
      app,
      browser,
      {
        person: 'region-user-admin',
        stops: [
          { name: 'log', path: log },
          { name: 'log-fejl', path: `${log}?fra=i+g%C3%A5r&slags=roller`, status: 422 },
          { name: 'revisionspakke', path: `/organisationer/${cvrs.region}/revisionspakke` },
          { name: 'opslag', path: `/organisationer/${cvrs.region}/opslag` },
          { name: 'log-hændelse', path: `${log}/${event?.id ?? ''}` },
        ],
      },
      seen,
    );
    await sweep(
      app,
      browser,
      {
        person: 'region-user',
        portal: 'sebanmod',
        stops: [
          { name: 'mine-ændringer', path: '/mine-aendringer' },
          { name: 'hvem-har-set', path: '/hvem-har-set' },
          { name: 'min-adgang-på-dato', path: '/mine-rapporter/min-adgang-paa-dato' },
        ],
      },
      seen,
    );
    expect(
      pagesLeftOut(
        [
          ...auditPackageRoutes,
          ...lookUpsRoutes,
          ...ownLookUpsRoutes,
          ...auditSealRoutes,
          ...logRoutes,
          ...ownChangesRoutes,
          ...ownReportsRoutes,
        ],
        seen,
      ),
    ).toEqual([]);
  },
  minutes,
);
