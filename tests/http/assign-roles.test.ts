import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dayInDenmark, danishDay } from '../../src/shared/dates.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, linksOf, mainText } from '../support/browser.ts';
import { cvrs, endOfRoles, givableRoles, only, operate, ordinaryUsers } from '../support/sector.ts';
import type { GivableRole } from '../support/sector.ts';

let app: App;
let browser: Browser;
let atUnit: GivableRole;
let plain: GivableRole;
let users: number[];
let units: string[];
const path = `/organisationer/${cvrs.region}/tildel-roller`;

beforeAll(async () => {
  app = await startApp();
  browser = await app.signedIn('region-org-admin');
  atUnit = only(await givableRoles(app, cvrs.region, true));
  plain = only(await givableRoles(app, cvrs.region, false));
  const found = await app.rows<{ code: string }>(
    'select code from sor_unit where owner_cvr = $1 and closed_on is null order by code limit 3',
    [cvrs.region],
  );
  units = found.map(({ code }) => code);
});
afterAll(() => app.close());
beforeEach(async () => {
  users = await ordinaryUsers(app, cvrs.region, 3);
  await operate(app, endOfRoles(users));
});

type Choice = Record<string, string | readonly string[]>;
const query = (choice: Choice): string =>
  new URLSearchParams(
    Object.entries(choice).flatMap(([name, value]) => [value].flat().map((one) => [name, one] as [string, string])),
  ).toString();
const ids = (): string[] => users.map(String);
const rolesAtUnits = (): Choice => ({
  bruger: ids(),
  tildelservice: String(atUnit.serviceId),
  rolle: String(atUnit.id),
  sor: units.slice(0, 2),
  omfang: 'UNIT_AND_SUBUNITS',
});
const inDays = (days: number): string => danishDay(dayInDenmark(new Date(Date.now() + days * 86_400_000)));

/** Through the preview, as people do. */
async function save(choice: Choice): Promise<Reply> {
  const preview = await browser.get('sebadmin', `${path}/gennemse?${query(choice)}`);
  const form = formOf(preview.text, path);
  return browser.post('sebadmin', form.action, form.fields);
}

const given = () =>
  app.rows<{ user_id: number; sor_code: string | null; scope: string; from: string; until: string | null }>(
    `select user_id, sor_code, scope, to_char(valid_from at time zone 'Europe/Copenhagen', 'DD-MM-YYYY HH24:MI') as from,
       to_char(valid_to at time zone 'Europe/Copenhagen', 'DD-MM-YYYY HH24:MI') as until
     from role_assignment where user_id = any ($1) and withdrawn_at is null order by user_id, sor_code`,
    [users],
  );

describe('a role that needs no unit', () => {
  it('is told without a scope wherever it stands', async () => {
    const choice: Choice = {
      bruger: String(users[0]),
      tildelservice: String(plain.serviceId),
      rolle: String(plain.id),
    };
    await save(choice);
    const user = `/organisationer/${cvrs.region}/brugere/${users[0]}`;
    const again = mainText((await browser.get('sebadmin', `${path}/gennemse?${query(choice)}`)).text);
    expect(again).toMatch(/Ikke relevant for rollen \(0\), Fra /);
    for (const where of [user, `${user}/roller`, `${user}/klon`, `${user}/slet`]) {
      const text = mainText((await browser.get('sebadmin', where)).text);
      expect(text, where).not.toMatch(/denne enhed/i);
      expect(text, where).toContain('Ikke relevant for rollen (0)');
    }
    expect(mainText((await browser.get('sebadmin', `${user}/log`)).text)).toContain(') uden SOR-enhed.');
    const event = only(
      await app.rows<{ id: string }>(
        `select max(id)::text as id from audit_event where kind = 'role.assigned' and target_user_id = $1`,
        [users[0]],
      ),
    );
    const detail = await browser.get('sebadmin', `/organisationer/${cvrs.region}/log/${event.id}`);
    expect([detail.status, mainText(detail.text).includes('Omfang')]).toEqual([200, false]);
  });
});

describe('giving roles', () => {
  it('shows what will happen, saves it, and logs each assignment', async () => {
    const preview = await browser.get('sebadmin', `${path}/gennemse?${query(rolesAtUnits())}`);
    expect(preview.status).toBe(200);
    const text = mainText(preview.text);
    expect(text).toContain('3 brugere får 1 rolle ved 2 SOR-enheder');
    expect(text).toContain('Nye tildelinger 6');
    expect(text).toMatch(/dækker enheden selv og [\d.]+ underenhed/);
    expect(await given()).toHaveLength(0);
    const form = formOf(preview.text, path);
    const saved = await browser.post('sebadmin', form.action, form.fields);
    expect(saved.status).toBe(303);
    expect(await given()).toHaveLength(6);
    const again = await browser.post('sebadmin', form.action, form.fields);
    expect(again.status).toBe(303);
    const logged = await app.rows(
      `select from audit_event where kind = 'role.assigned' and target_user_id = any ($1) and request_id = $2`,
      [users, saved.headers['x-request-id']],
    );
    expect(logged).toHaveLength(6);
  });

  it('leaves what is there already as it is, and says what', async () => {
    await save({ ...rolesAtUnits(), bruger: String(users[0]), omfang: 'UNIT_ONLY' });
    const preview = await browser.get('sebadmin', `${path}/gennemse?${query(rolesAtUnits())}`);
    expect(mainText(preview.text)).toContain('2 tildelinger findes i forvejen og ændres ikke');
    expect(mainText(preview.text)).toContain('Nye tildelinger 4');
    expect((await save(rolesAtUnits())).status).toBe(303);
    expect((await given()).map(({ scope }) => scope).filter((scope) => scope === 'UNIT_ONLY')).toHaveLength(2);
  });

  it('refuses with 409 and the new figures when something changed since the preview', async () => {
    const preview = await browser.get('sebadmin', `${path}/gennemse?${query(rolesAtUnits())}`);
    await save({ ...rolesAtUnits(), bruger: String(users[0]) });
    const form = formOf(preview.text, path);
    const late = await browser.post('sebadmin', form.action, form.fields);
    expect(late.status).toBe(409);
    expect(mainText(late.text)).toContain('Nye tildelinger 4');
    expect(await given()).toHaveLength(2);
    const anew = formOf(late.text, path);
    expect((await browser.post('sebadmin', anew.action, anew.fields)).status).toBe(303);
    expect(await given()).toHaveLength(6);
  });

  it('begins on the start day and ends when the stop day is over', async () => {
    const choice = { ...rolesAtUnits(), sor: units[0] ?? '', startdato: inDays(5), slutdato: inDays(9) };
    expect((await save(choice)).status).toBe(303);
    expect(only(await given())).toMatchObject({ from: `${inDays(5)} 00:00`, until: `${inDays(10)} 00:00` });
    const page = await browser.get('sebadmin', `/organisationer/${cvrs.region}/brugere/${users[0]}`);
    expect(mainText(page.text)).toContain(`${inDays(5)} – ${inDays(9)} Ikke begyndt`);
    // Before it and after it the same role can be given again; across it not.
    expect((await save({ ...choice, startdato: '', slutdato: inDays(4) })).status).toBe(303);
    expect((await save({ ...choice, startdato: inDays(10), slutdato: '' })).status).toBe(303);
    const across = await browser.get(
      'sebadmin',
      `${path}/gennemse?${query({ ...choice, startdato: inDays(8), slutdato: inDays(20) })}`,
    );
    expect(mainText(across.text)).toContain('intet nyt at gemme');
  });

  it.each([
    [{ slutdato: '31-02-2030' }, 'Skriv slutdatoen som dd-mm-åååå'],
    [{ startdato: '1/1/30000' }, 'Skriv startdatoen som dd-mm-åååå'],
    [{ startdato: inDays(-1) }, 'Startdatoen kan ikke ligge før i dag'],
    [{ startdato: inDays(3), slutdato: inDays(2) }, 'Slutdatoen ligger før startdatoen'],
    [{ slutdato: inDays(-1) }, 'Slutdatoen kan ikke ligge før i dag'],
    [{ omfang: '' }, 'Vælg et omfang'],
    [{ sor: [] }, 'Vælg en SOR-enhed'],
    [{ sor: ['123', '90000031000016005'] }, 'SOR-koden 123 er ikke rigtig'],
    [{ rolle: [] }, 'Vælg mindst én rolle'],
    [{ rolle: '2147483647' }, 'Organisationen kan ikke tildele en af rollerne'],
  ] as [Choice, string][])('keeps the form and says what to correct: %j', async (wrong, message) => {
    const reply = await browser.get(
      'sebadmin',
      `${path}/gennemse?${query({ ...rolesAtUnits(), ...wrong, begrundelse: 'Fordi' })}`,
    );
    expect(reply.status).toBe(422);
    expect(mainText(reply.text)).toContain(message);
    expect(reply.text).toContain('value="Fordi"');
  });

  it('adds units one by one and takes one away again', async () => {
    const shown = await browser.get('sebadmin', `${path}?${query({ ...rolesAtUnits(), fjern: units[0] ?? '' })}`);
    expect(shown.text).toContain(`name="sor" value="${units[1]}"`);
    expect(shown.text).not.toContain(`name="sor" value="${units[0]}"`);
    const typed = await browser.get(
      'sebadmin',
      `${path}?${query({ ...rolesAtUnits(), sor: `${units[0]}, ${units[1]} ${units[2]}` })}`,
    );
    for (const unit of units) expect(typed.text).toContain(`name="sor" value="${unit}"`);
    const picker = await browser.get(
      'sebadmin',
      `/organisationer/${cvrs.region}/sor?${query({ ...rolesAtUnits(), find: units[2] ?? '' })}`,
    );
    expect(picker.text.replaceAll('&amp;', '&')).toContain(
      `sor=${units[0]}&sor=${units[1]}&omfang=UNIT_AND_SUBUNITS&sor=${units[2]}`,
    );
  });

  it('says at once what is wrong with a unit that is added, and looks for a name in the picker', async () => {
    const typed = { ...rolesAtUnits(), sornyt: 'kirurg' };
    const shown = await browser.get('sebadmin', `${path}?${query(typed)}`);
    expect(shown.status).toBe(422);
    expect(mainText(shown.text)).toContain('SOR-koden kirurg er ikke rigtig');
    const picker = await browser.get('sebadmin', `/organisationer/${cvrs.region}/sor?${query(typed)}`);
    expect(picker.text).toContain('name="find" value="kirurg"');
    expect(linksOf(picker.text).filter((href) => href.includes('sornyt'))).toEqual([]);
  });

  it('goes back from the picker to no page but those that ask for a unit', async () => {
    for (const retur of [
      'https://evil.example/',
      '//evil.example',
      '/log-af',
      `/organisationer/${cvrs.region}/brugere/1/slet`,
    ]) {
      const picker = await browser.get(
        'sebadmin',
        `/organisationer/${cvrs.region}/sor?${query({ bruger: ids(), retur })}`,
      );
      const asking = linksOf(picker.text).filter((href) => href.includes('bruger=') && !href.includes('/sor?'));
      for (const href of asking) expect(href.startsWith(`${path}?`)).toBe(true);
      expect(asking.length).toBeGreaterThan(0);
    }
  });

  it('gives to all who match a filter, and roles without a unit beside those with one', async () => {
    const named = only(await app.rows<{ rid: string }>('select rid from app_user where id = $1', [users[0]]));
    const choice = { alle: '1', soeg: named.rid, tildelservice: String(plain.serviceId), rolle: String(plain.id) };
    expect((await save(choice)).status).toBe(303);
    expect((await given()).map(({ user_id, sor_code }) => [user_id, sor_code])).toContainEqual([users[0], null]);
    const nobody = await browser.get('sebadmin', `${path}/gennemse?${query({ ...choice, soeg: 'passer-på-ingen' })}`);
    expect(nobody.status).toBe(422);
    expect(mainText(nobody.text)).toContain('Ingen brugere passer på det, du valgte. Vælg andre brugere.');
  });

  it('warns of users whose last login carried no CPR number where a role needs it, and gives it all the same', async () => {
    const [one = 0, other = 0, third = 0] = users;
    const carrying = (cpr: Record<number, boolean>): Promise<void> =>
      operate(
        app,
        `delete from user_login where user_id in (${users.join()});
         insert into user_login (user_id, organisation_id, last_login_at, provider_id, level, carried_cpr)
         select u.id, u.organisation_id, now(), 'nemlog-in', 'Substantial', c.carried::boolean from app_user u
         join json_each_text('${JSON.stringify(cpr)}') c (id, carried) on c.id::int = u.id`,
      );
    const nameOf = async (id: number): Promise<string> =>
      only(
        await app.rows<{ name: string }>(`select first_name || ' ' || last_name as name from app_user where id = $1`, [
          id,
        ]),
      ).name;
    const choice = (role: GivableRole): Choice => ({
      bruger: ids(),
      tildelservice: String(role.serviceId),
      rolle: String(role.id),
    });
    const shown = async (role: GivableRole): Promise<string> =>
      mainText((await browser.get('sebadmin', `${path}/gennemse?${query(choice(role))}`)).text);
    const warning = 'mangler CPR-nummer i deres login';
    await operate(app, `update role set needs_cpr = true where id = ${plain.id}`);
    await carrying({ [one]: false, [other]: false, [third]: true });
    const text = await shown(plain);
    expect(text).toContain(warning);
    for (const name of [await nameOf(one), await nameOf(other)]) expect(text).toContain(name);
    const told = /Sidste login uden CPR-nummer: (.*?)\. Rollen kan tildeles/.exec(text)?.[1];
    expect(told).not.toContain(await nameOf(third));
    // Whoever has never logged in may yet do so with one.
    await carrying({ [one]: true, [other]: true });
    expect(await shown(plain)).not.toContain(warning);
    await carrying({ [one]: false });
    expect((await save(choice(plain))).status).toBe(303);
    expect((await given()).map(({ user_id }) => user_id)).toEqual(users);
    await operate(app, `update role set needs_cpr = false where id = ${plain.id}`);
    expect(await shown(plain)).not.toContain(warning);
  });

  it('answers a post without a preview as before', async () => {
    const preview = await browser.get('sebadmin', `${path}/gennemse?${query(rolesAtUnits())}`);
    const { nye, antal, ...others } = formOf(preview.text, path).fields;
    expect([nye, antal]).toEqual(['6', '3']);
    expect((await browser.post('sebadmin', `${path}?${query({ bruger: ids() })}`, others)).status).toBe(303);
    expect(await given()).toHaveLength(6);
  });

  it('refuses a unit that closed meanwhile', async () => {
    const preview = await browser.get('sebadmin', `${path}/gennemse?${query(rolesAtUnits())}`);
    await operate(app, `update sor_unit set closed_on = danish_today() - 1 where code = '${units[0]}'`);
    const form = formOf(preview.text, path);
    const late = await browser.post('sebadmin', form.action, form.fields);
    expect(late.status).toBe(422);
    expect(mainText(late.text)).toContain('er lukket. Vælg en åben enhed');
    await operate(app, `update sor_unit set closed_on = null where code = '${units[0]}'`);
  });
});
