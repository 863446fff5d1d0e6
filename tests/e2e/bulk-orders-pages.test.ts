import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bulkOrdersRoutes } from '../../src/bulk-orders/bulk-orders.routes.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import { logOf, signedIn } from '../support/pages.ts';
import type { GivableRole } from '../support/sector.ts';
import { cvrs, givableRoles, idOf, only, ordinaryUsers } from '../support/sector.ts';
import { pagesLeftOut, sweep } from './page-checks.ts';

let app: BrowserApp;
let browser: Browser;
let role: GivableRole;
let users: number[];
const seen: string[] = [];
const region = `/organisationer/${cvrs.region}`;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const limit = { BULK_ASSIGNMENTS_IN_REQUEST: '5' };

async function open(options: Parameters<typeof startBrowserApp>[0]): Promise<void> {
  app = await startBrowserApp(options);
  role = only(await givableRoles(app, cvrs.region, false));
  users = await ordinaryUsers(app, cvrs.region, 60);
}

const choice = (list: number[]): string =>
  new URLSearchParams([
    ...list.map((id): [string, string] => ['bruger', String(id)]),
    ['tildelservice', String(role.serviceId)],
    ['rolle', String(role.id)],
  ]).toString();

/** An order as the job would have left it. */
async function keep(state: string, done: number, facts: string): Promise<number> {
  const by = await idOf(app, 'region-org-admin');
  const [order] = await app.rows<{ id: number }>(
    `insert into bulk_order (organisation_id, ordered_by_id, kind, terms, summary, batch_size, request_id, users, state, done_users, added,
       left_out_users, stop_reason, ended_at, source_organisation_id)
     select id, ${by}, ${facts} from organisation where cvr = '${cvrs.region}' returning id`,
  );
  const { id } = only(order === undefined ? [] : [order]);
  await app.rows(
    `insert into bulk_order_user (order_id, organisation_id, position, user_id, done_at, reason)
     select $1, o.id, n, u, case when n <= $3 then now() end,
       case when n <= $3 and $4 <> 'QUEUED' and n <= 55 then 'Brugeren er spærret. Organisationen kan ikke længere tildele Klinisk se adgang.' end
     from organisation o, unnest($2::int[]) with ordinality as c (u, n) where o.cvr = $5`,
    [id, users, done, state, cvrs.region],
  );
  return id;
}

describe('The pages of a large change', () => {
  // Nobody carries the orders out, so that each page stays as it is.
  beforeAll(() => open({ env: limit }));
  afterAll(() => app.close());

  it('are whole in each state, on a desktop, on a phone, zoomed, and without JavaScript', async () => {
    const summary = `'1 rolle til 60 brugere ved 2 SOR-enheder: Klinisk se adgang.'`;
    const done = await keep('DONE', 60, `'ASSIGN', '{}', ${summary}, 9, 'x', 60, 'DONE', 60, 5, 55, null, now(), null`);
    const stopped = await keep(
      'STOPPED',
      20,
      `'CLONE', '{}', ${summary}, 9, 'x', 60, 'STOPPED', 20, 0, 20, 'Den, der satte ændringen i gang, har ikke længere ret til den.', now(), id`,
    );
    const underWay = await keep(
      'QUEUED',
      20,
      `'WITHDRAW', '{"keys": []}', ${summary}, 9, 'x', 60, 'QUEUED', 20, 0, 0, null, null, null`,
    );
    const stops = [
      { name: 'stor-ændring-i-gang', path: `${region}/store-aendringer/${underWay}` },
      { name: 'stor-ændring-gennemført', path: `${region}/store-aendringer/${done}` },
      { name: 'stor-ændring-stoppet', path: `${region}/store-aendringer/${stopped}` },
      { name: 'store-ændringer', path: `${region}/store-aendringer` },
      { name: 'stor-ændring-tildel-gennemse', path: `${region}/tildel-roller/gennemse?${choice(users.slice(0, 12))}` },
    ];
    await sweep(app, browser, { person: 'region-org-admin', stops }, seen);
    await sweep(
      app,
      browser,
      { person: 'region-user-admin', stops: [{ name: 'store-ændringer-ingen', path: `${region}/store-aendringer` }] },
      seen,
    );
    expect(pagesLeftOut(bulkOrdersRoutes, seen)).toEqual([]);
  }, 240_000);
});

describe('A large change', () => {
  beforeAll(() => open({ env: limit, workers: 'all' }));
  afterAll(() => app.close());

  it('is followed on its page without JavaScript until it is done, and stands in the log', async () => {
    const list = users.slice(0, 20);
    const habits = { javaScriptEnabled: false };
    const { page, context, complaints } = await signedIn(app, browser, 'region-user-admin', habits);
    await page.goto(`${app.origins.sebadmin}${region}/tildel-roller/gennemse?${choice(list)}`);
    await page.getByText('Flere end 5 tildelinger ad gangen').waitFor();
    await page.getByRole('button', { name: /^Gem \d+ nye tildelinger$/ }).click();
    await page.waitForURL(/\/store-aendringer\/\d+$/);
    // Nothing is pressed: the page asks again by itself.
    await page.getByRole('heading', { name: 'Det er gennemført' }).waitFor({ timeout: 20_000 });
    await page.goto(`${app.origins.sebadmin}/`);
    await page.getByRole('link', { name: 'Store ændringer' }).click();
    await page.getByText('Gennemført').first().waitFor();
    const lines = await logOf(app, page, cvrs.region, list[0] ?? 0);
    expect(lines[0]).toContain('tildelte');
    expect(complaints).toEqual([]);
    await context.close();
  });
});
