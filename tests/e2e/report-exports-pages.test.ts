import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reportExportRoutes } from '../../src/report-exports/report-exports.routes.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { cvrs, idOf, operate } from '../support/sector.ts';
import { pagesLeftOut, press, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
const seen: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  app = await startBrowserApp();
});
afterAll(async () => {
  await app?.close();
  await browser?.close();
});

/** A file as the job would have left it, or before. */
async function keep(reference: string, facts: string): Promise<void> {
  const by = await idOf(app, 'region-org-admin');
  await operate(
    app,
    `insert into report_export (reference, organisation_id, ordered_by_id, ordered_by_name, report, title, terms, request_id, form, state,
       attempt, rows, bytes, sha256, stop_reason, started_at, ended_at, expires_at)
     select '${reference}', o.id, ${by}, 'Åse Østergård', 'alle-brugere', 'Alle brugere i et CVR',
       jsonb_build_object('reportId', 'alle-brugere', 'organisation', jsonb_build_object('id', o.id, 'cvr', o.cvr, 'name', o.name),
         'filters', '{}'::jsonb, 'columns', '[]'::jsonb, 'sort', null, 'isDescending', null), 'x', ${facts}
     from organisation o where o.cvr = '${cvrs.region}'`,
  );
}

it('shows a file in each state, and checks one, on a desktop, on a phone, zoomed, and without JavaScript', async () => {
  const hash = 'a5'.repeat(32);
  await keep('SEB-0000-0000-0001', `'PDF', 'QUEUED', 0, 0, null, null, null, null, null, null`);
  await keep('SEB-0000-0000-0002', `'XLSX', 'QUEUED', 1, 12000, null, null, null, now(), null, null`);
  await keep(
    'SEB-0000-0000-0003',
    `'XLSX', 'READY', 1, 250000, 17300000, '${hash}', null, now(), now(), now() + interval '7 days'`,
  );
  await keep(
    'SEB-0000-0000-0004',
    `'DOCX', 'STOPPED', 1, 0, null, null, 'Du har ikke længere ret til rapporten.', now(), now(), null`,
  );
  const stops = [
    { name: 'rapportfiler', path: '/rapporter/filer' },
    { name: 'rapportfil-laves', path: '/rapporter/filer/SEB-0000-0000-0002' },
    { name: 'rapportfil-klar', path: '/rapporter/filer/SEB-0000-0000-0003' },
    { name: 'rapportfil-standset', path: '/rapporter/filer/SEB-0000-0000-0004' },
    { name: 'rapport-kontrollér', path: '/rapporter/kontroller', status: 422, act: press('Kontrollér') },
  ];
  await sweep(app, browser, { person: 'region-org-admin', stops }, seen);
  expect(pagesLeftOut(reportExportRoutes, seen)).toEqual([]);
}, 120_000);
