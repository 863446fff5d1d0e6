import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { danishDay, dayInDenmark } from '../../src/shared/dates.ts';
import type { BrowserApp } from '../support/browser-app.ts';
import { startBrowserApp } from '../support/browser-app.ts';
import { launchChromium } from '../support/chromium.ts';
import type { Visitor } from '../support/pages.ts';
import { logOf, scriptings, signedIn, submit, told } from '../support/pages.ts';
import type { GivableRole } from '../support/sector.ts';
import { cvrs, givableRoles, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

type Role = GivableRole & { name: string; serviceName: string };

let app: BrowserApp;
let browser: Browser;
let users: number[];
let others: number[];
let atUnit: Role;
let plain: Role;
let units: string[];
let foreignUnit: string;

beforeAll(async () => {
  [app, browser] = await Promise.all([startBrowserApp(), launchChromium()]);
  [users, others] = await Promise.all([ordinaryUsers(app, cvrs.region, 40), ordinaryUsers(app, cvrs.municipality, 4)]);
  // Roles that both organisations may give, so that they can be cloned from one to the other.
  atUnit = await commonRole(true);
  plain = await commonRole(false);
  const openUnits = (cvr: string) =>
    app.rows<{ code: string }>(
      'select code from sor_unit where owner_cvr = $1 and closed_on is null order by code limit 2',
      [cvr],
    );
  units = (await openUnits(cvrs.region)).map(({ code }) => code);
  foreignUnit = only(await openUnits(cvrs.municipality)).code;
  await operate(
    app,
    `insert into administrator (organisation_id, user_id, home_organisation_id, kind)
     select m.id, ${await idOf(app, 'region-org-admin')}, r.id, 'USER' from organisation m, organisation r where m.cvr = '${cvrs.municipality}' and r.cvr = '${cvrs.region}'`,
  );
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

async function commonRole(needsSor: boolean): Promise<Role> {
  const there = new Set((await givableRoles(app, cvrs.municipality, needsSor)).map(({ id }) => id));
  const role = only((await givableRoles(app, cvrs.region, needsSor)).filter(({ id }) => there.has(id)));
  const named = await app.rows<{ name: string; serviceName: string }>(
    'select r.name, s.name as "serviceName" from role r join service s on s.id = r.service_id where r.id = $1',
    [role.id],
  );
  return { ...role, ...only(named) };
}

const at = (path: string): string => `${app.origins.sebadmin}/organisationer/${cvrs.region}${path}`;
const inDays = (days: number): string => danishDay(dayInDenmark(new Date(Date.now() + days * 86_400_000)));

type Held = { role_id: number; sor_code: string | null; until: string | null };
const held = (user: number | undefined): Promise<Held[]> =>
  app.rows<Held>(
    `select role_id, sor_code, to_char((valid_to - interval '1 ms') at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as until
     from role_assignment where user_id = $1 and withdrawn_at is null order by role_id, sor_code nulls first`,
    [user],
  );

/** These users hold the roles that are given here at these places, and nothing else. */
async function hold(ids: readonly number[], placed: [Role, string | null][]): Promise<void> {
  const values = ids.flatMap((id) =>
    placed.map(([role, unit]) => `(${id}, ${role.id}, ${unit === null ? 'null' : `'${unit}'`})`),
  );
  await operate(
    app,
    `delete from role_assignment where user_id in (${ids.join()});
     insert into role_assignment (organisation_id, user_id, role_id, sor_code)
     select u.organisation_id, v.id, v.role, v.unit from (values ${values.join() || '(0, 0, null)'}) as v (id, role, unit) join app_user u on u.id = v.id`,
  );
}

describe.each(scriptings)('an administrator of roles, $mode,', ({ javaScriptEnabled }) => {
  let aase: Visitor;
  let page: Page;
  const next = (count: number): number[] => users.splice(0, count);
  beforeAll(async () => {
    aase = await signedIn(app, browser, 'region-org-admin', { javaScriptEnabled });
    ({ page } = aase);
  });
  afterAll(async () => {
    expect(aase.complaints).toEqual([]);
    await aase.context.close();
  });

  /** Ticks the users on the list, which is searched for each, since they stand on several pages; ends at the chooser. */
  async function choose(ids: readonly number[], button: string): Promise<void> {
    const { email } = only(await app.rows<{ email: string }>('select email from app_user where id = $1', [ids[0]]));
    await page.goto(at('/brugere'));
    await page.getByRole('searchbox', { name: 'Søgning' }).fill(email);
    await page.getByRole('button', { name: 'Søg', exact: true }).click();
    await page.locator(`#b${ids[0]}`).check();
    await page.getByRole('button', { name: button }).click();
    // The choice stands in the address, as "Vælg andre brugere" and bookmarks use it.
    const address = new URL(page.url());
    for (const id of ids.slice(1)) address.searchParams.append('bruger', String(id));
    await page.goto(address.href);
  }

  /** Chooses a service by its select; without JavaScript the button leads on. */
  async function chooseService(label: string, role: Role): Promise<void> {
    const select = page.getByLabel(label);
    const arrived = javaScriptEnabled ? page.waitForURL(new RegExp(`service=${role.serviceId}`)) : null;
    await select.selectOption(String(role.serviceId));
    if (arrived === null) await page.getByRole('button', { name: 'Vis roller' }).click();
    else await arrived;
  }

  it('gives a role at two units for a while to three users, and finds it among what is planned', async () => {
    const three = next(3);
    await hold(three, []);
    await choose(three, 'Tildel roller');
    await chooseService('Vælg den service', atUnit);
    await page.locator(`#r${atUnit.id}`).check();
    for (const unit of units) {
      await page.locator('#felt-sor').fill(unit);
      await page.getByRole('button', { name: 'Tilføj SOR-enhed' }).click();
      await page.getByRole('list', { name: 'Valgte SOR-enheder' }).getByText(unit).waitFor();
    }
    await page.getByLabel('Denne enhed og underenheder').check();
    await page.getByLabel('Startdato').fill(inDays(8));
    await page.getByLabel('Slutdato').fill(inDays(5));
    await page.getByLabel('Sagsnummer').fill('2026-4711');
    expect(await submit(page, 'Fortsæt')).toBe(422);
    expect(await page.getByRole('alert').getByRole('link').count()).toBe(1);
    expect(await page.getByLabel('Sagsnummer').inputValue()).toBe('2026-4711');
    await page.getByLabel('Slutdato').fill(inDays(60));
    expect(await submit(page, 'Fortsæt')).toBe(200);
    expect(await page.getByRole('main').textContent()).toContain('dækker enheden selv og');
    expect(await submit(page, 'Gem 6 nye tildelinger')).toBe(200);
    expect(await told(page)).toContain('6 nye tildelinger er gemt.');
    for (const id of three)
      expect(await held(id)).toEqual(units.map((code) => ({ role_id: atUnit.id, sor_code: code, until: inDays(60) })));
    const [newest] = await logOf(app, page, cvrs.region, three[0] ?? 0);
    expect(newest).toContain('2026-4711');
    await page.goto(at(`/brugere/${three[0]}`));
    expect(await page.getByRole('main').textContent()).toContain(`${inDays(8)} – ${inDays(60)}`);
    await page.goto(at('/planlagte-aendringer'));
    expect(await page.getByRole('row').filter({ hasText: atUnit.name }).count()).toBeGreaterThan(0);
  });

  it('edits one in place, and takes one away', async () => {
    const [id = 0] = next(1);
    await hold(
      [id],
      [
        [plain, null],
        [atUnit, units[0] ?? null],
      ],
    );
    await page.goto(at(`/brugere/${id}`));
    await page.getByRole('link', { name: 'Rediger brugerroller' }).click();
    const row = () => page.getByRole('row').filter({ hasText: atUnit.name });
    await row().getByRole('link', { name: /^Ret / }).click();
    await page.getByLabel('Slutdato').fill(inDays(90));
    await page.locator('#felt-sor').fill(units[1] ?? '');
    expect(await submit(page, 'Gem')).toBe(200);
    expect(await told(page)).toContain(`Tildelingen af ${atUnit.name} er rettet.`);
    expect(await row().textContent()).toContain(inDays(90));
    expect((await held(id)).find(({ sor_code }) => sor_code !== null)).toEqual({
      role_id: atUnit.id,
      sor_code: units[1],
      until: inDays(90),
    });
    await row().getByRole('checkbox').check();
    expect(await submit(page, 'Fjern')).toBe(200);
    expect(await held(id)).toEqual([{ role_id: plain.id, sor_code: null, until: null }]);
    const [gone, changed] = await logOf(app, page, cvrs.region, id);
    expect(gone).toContain('Åse Østergård fjernede rollen ');
    expect(changed).toContain(inDays(90));
  });

  it('takes a role away from many at once', async () => {
    const three = next(3);
    await hold(three, [
      [plain, null],
      [atUnit, units[0] ?? null],
    ]);
    await choose(three, 'Fjern roller');
    await chooseService('Vælg applikation', plain);
    await page.getByRole('checkbox', { name: plain.name }).first().check();
    expect(await submit(page, 'Fortsæt')).toBe(200);
    expect(await submit(page, 'Fjern 3 tildelinger')).toBe(200);
    for (const id of three) expect((await held(id)).map(({ role_id }) => role_id)).toEqual([atUnit.id]);
  });

  /** Finds the receivers by a search, then goes to the preview. */
  async function cloneTo(ids: readonly number[], before: () => Promise<void> = async () => undefined): Promise<void> {
    for (const id of ids) {
      const { email } = only(await app.rows<{ email: string }>('select email from app_user where id = $1', [id]));
      await page.getByRole('searchbox', { name: 'Søgning' }).fill(email);
      await page.getByRole('button', { name: 'Søg', exact: true }).click();
      await page.locator(`#m${id}`).check();
    }
    await before();
    expect(await submit(page, 'Fortsæt')).toBe(200);
  }

  it('clones: receivers keep what they have, or have it replaced', async () => {
    const [source = 0, keeps = 0, loses = 0] = next(3);
    await hold([source], [[plain, null]]);
    await hold([keeps, loses], [[atUnit, units[0] ?? null]]);
    await page.goto(at(`/brugere/${source}`));
    await page.getByRole('link', { name: 'Klon', exact: true }).click();
    await cloneTo([keeps]);
    expect(await page.getByRole('main').textContent()).toContain('Modtagerne beholder deres egne roller.');
    expect(await submit(page, 'Klon')).toBe(200);
    expect(await told(page)).toContain('1 ny tildeling.');
    const ids = (rows: Held[]): number[] => rows.map(({ role_id }) => role_id).toSorted((a, b) => a - b);
    expect(ids(await held(keeps))).toEqual([plain.id, atUnit.id].toSorted((a, b) => a - b));

    await page.getByRole('link', { name: 'Klon', exact: true }).click();
    await cloneTo([loses], () => page.getByLabel('Slet eksisterende roller fra modtageren').check());
    expect(await page.getByRole('main').textContent()).toContain('Modtagernes andre roller fjernes.');
    expect(await submit(page, 'Klon')).toBe(200);
    expect(ids(await held(loses))).toEqual([plain.id]);
  });

  it('clones to a user of another organisation, at a unit of theirs', async () => {
    const [source = 0] = next(1);
    const receiver = others.pop() ?? 0;
    await hold(
      [source],
      [
        [plain, null],
        [atUnit, units[0] ?? null],
      ],
    );
    await hold([receiver], []);
    await page.goto(at(`/brugere/${source}/klon`));
    const arrived = javaScriptEnabled ? page.waitForURL(/brugerorganisation=/) : null;
    await page.getByLabel('Vælg brugerorganisation').selectOption(cvrs.municipality);
    if (arrived === null) await page.getByRole('button', { name: 'Vælg', exact: true }).click();
    else await arrived;
    await cloneTo([receiver], () => page.getByLabel(/^I stedet for /).fill(foreignUnit));
    expect(await submit(page, 'Klon')).toBe(200);
    expect(await told(page)).toContain('i Eksempel Kommune: 2 nye tildelinger.');
    const now = await held(receiver);
    expect(now.map(({ sor_code }) => sor_code).toSorted()).toEqual([foreignUnit, null].toSorted());
  });

  it('finds a role by service and by a word, sees who has it, gives and takes it there', async () => {
    const [id = 0] = next(1);
    await hold([id], []);
    const { name, email } = only(
      await app.rows<{ name: string; email: string }>(
        `select first_name || ' ' || last_name as name, email from app_user where id = $1`,
        [id],
      ),
    );
    await page.goto(at('/brugere'));
    await page.getByRole('link', { name: 'Find en rolle' }).first().click();
    await page.getByRole('main').getByRole('link', { name: plain.serviceName, exact: true }).click();
    expect(await page.getByRole('heading', { level: 2, name: plain.serviceName }).count()).toBeGreaterThan(0);
    await page.getByRole('searchbox', { name: 'Søgning' }).fill(plain.code);
    await page.getByRole('button', { name: 'Søg', exact: true }).click();
    await page.getByRole('link', { name: plain.name, exact: true }).first().click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(plain.name);

    await page.getByRole('searchbox', { name: 'Søg efter brugere uden rollen' }).fill(email);
    await page.getByRole('button', { name: 'Søg', exact: true }).click();
    await page.locator(`#n${id}`).check();
    await page.getByRole('button', { name: 'Tildel rollen', exact: true }).click();
    expect(await page.locator(`#r${plain.id}`).isChecked()).toBe(true);
    expect(await submit(page, 'Fortsæt')).toBe(200);
    expect(await submit(page, 'Gem 1 ny tildeling')).toBe(200);
    expect((await held(id)).map(({ role_id }) => role_id)).toEqual([plain.id]);

    await page.goto(at(`/roller/${plain.id}`));
    while ((await page.getByRole('link', { name, exact: true }).count()) === 0)
      await page.getByRole('link', { name: 'Næste' }).click();
    const row = page.getByRole('row').filter({ has: page.getByText(email, { exact: true }) });
    await row.getByRole('checkbox').check();
    expect(await submit(page, 'Fjern rollen fra de valgte')).toBe(200);
    expect(await told(page)).toBe('1 tildeling er fjernet. Se eller fortryd ændringen');
    expect(await held(id)).toEqual([]);
  });
});
