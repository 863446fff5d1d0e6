import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { danishDay, dayInDenmark } from '../../src/shared/dates.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { mainText } from '../support/browser.ts';
import { cvrs, endOfRoles, givableRoles, idOf, only, operate, ordinaryUsers, unitOf } from '../support/sector.ts';

let app: App;
let browser: Browser;
let userId: number;
let assignmentId: number;
let units: string[];
let path: string;

const inDays = (days: number): string => danishDay(dayInDenmark(new Date(Date.now() + days * 86_400_000)));

beforeAll(async () => {
  app = await startApp();
  browser = await app.signedIn('region-org-admin');
  userId = only(await ordinaryUsers(app, cvrs.region, 1));
  const found = await app.rows<{ code: string }>(
    'select code from sor_unit where owner_cvr = $1 and closed_on is null order by code limit 2',
    [cvrs.region],
  );
  units = found.map(({ code }) => code);
});
afterAll(() => app.close());

beforeEach(() => give('now()'));

/** The user's only role: one at the first unit, from a day on. */
async function give(from: string): Promise<void> {
  const role = only(await givableRoles(app, cvrs.region, true));
  await operate(
    app,
    `${endOfRoles([userId])};
     insert into role_assignment (organisation_id, user_id, role_id, sor_code, scope, valid_from)
     select id, ${userId}, ${role.id}, '${units[0]}', 'UNIT_ONLY', ${from} from organisation where cvr = '${cvrs.region}'`,
  );
  assignmentId = only(await rowsOf()).id;
  path = `/organisationer/${cvrs.region}/brugere/${userId}/roller/${assignmentId}`;
}

const rowsOf = () =>
  app.rows<{ id: number; sor_code: string; scope: string; until: string | null; version: number; from: string }>(
    `select id, sor_code, scope, to_char(valid_to at time zone 'Europe/Copenhagen', 'DD-MM-YYYY HH24:MI') as until, version,
       to_char(valid_from at time zone 'Europe/Copenhagen', 'DD-MM-YYYY HH24:MI') as from
     from role_assignment where user_id = $1 and withdrawn_at is null order by id`,
    [userId],
  );

describe('editing an assignment in place', () => {
  it('changes unit, scope and stop, and tells what was before', async () => {
    const reply = await browser.submit('sebadmin', path, {
      sor: units[1] ?? '',
      omfang: 'UNIT_AND_SUBUNITS',
      slutdato: inDays(30),
      begrundelse: 'Flyttet',
    });
    expect(reply.status).toBe(303);
    expect(only(await rowsOf())).toMatchObject({
      id: assignmentId,
      sor_code: units[1],
      scope: 'UNIT_AND_SUBUNITS',
      until: `${inDays(31)} 00:00`,
      version: 2,
    });
    const log = await browser.get('sebadmin', `/organisationer/${cvrs.region}/brugere/${userId}/log`);
    expect(mainText(log.text)).toContain(`og slutdato fra ingen til ${inDays(30)}. Begrundelse: Flyttet.`);
    const gone = await browser.submit('sebadmin', path, { slutdato: '' });
    expect(gone.status).toBe(303);
    expect(only(await rowsOf()).until).toBeNull();
  });

  it('says so when nothing was changed', async () => {
    expect((await browser.submit('sebadmin', path, {})).status).toBe(303);
    expect(only(await rowsOf()).version).toBe(1);
  });

  it('shows both versions with 409 when somebody else was first, and saves after that', async () => {
    const other = await app.signedIn('region-user-admin');
    expect((await other.submit('sebadmin', path, { slutdato: inDays(10) })).status).toBe(303);
    const late = await browser.submit('sebadmin', path, { version: '1', slutdato: inDays(20) });
    expect(late.status).toBe(409);
    expect(mainText(late.text)).toContain(`Slutdato ${inDays(10)} ${inDays(20)}`);
    expect(only(await rowsOf()).until).toBe(`${inDays(11)} 00:00`);
  });

  it('moves the start only while it lies ahead', async () => {
    await give(`(danish_today() + 3)::timestamp at time zone 'Europe/Copenhagen'`);
    expect((await browser.submit('sebadmin', path, { startdato: inDays(5) })).status).toBe(303);
    expect(only(await rowsOf()).from).toBe(`${inDays(5)} 00:00`);
    const past = await browser.submit('sebadmin', path, { startdato: inDays(-2) });
    expect(past.status).toBe(422);
    await give('now()');
    const before = only(await rowsOf());
    expect((await browser.get('sebadmin', path)).text).not.toContain('name="startdato"');
    await browser.submit('sebadmin', path, { startdato: inDays(5) });
    expect(only(await rowsOf())).toEqual(before);
  });

  it.each([
    [{ sor: '' }, 'Vælg en SOR-enhed'],
    [{ sor: '123' }, 'SOR-koden 123 er ikke rigtig'],
    [{ slutdato: inDays(-1) }, 'Slutdatoen kan ikke ligge før i dag'],
    [{ slutdato: 'i morgen' }, 'Skriv slutdatoen som dd-mm-åååå'],
  ] as [Record<string, string>, string][])('refuses %j', async (wrong, message) => {
    const reply = await browser.submit('sebadmin', path, wrong);
    expect(reply.status).toBe(422);
    expect(mainText(reply.text)).toContain(message);
    expect(only(await rowsOf()).version).toBe(1);
  });

  it('refuses another organisation’s unit, and one that is closed', async () => {
    const others = await browser.submit('sebadmin', path, { sor: await unitOf(app, cvrs.municipality) });
    expect([others.status, mainText(others.text)]).toEqual([
      422,
      expect.stringContaining('hører ikke til organisationen'),
    ]);
    const closed = await browser.submit('sebadmin', path, { sor: await unitOf(app, cvrs.region, true) });
    expect([closed.status, mainText(closed.text)]).toEqual([422, expect.stringContaining('er lukket')]);
  });

  it('may be shortened, but not widened, when the role cannot be given any longer', async () => {
    const withdraw = (value: string) =>
      operate(
        app,
        `update organisation_role set withdrawn_at = ${value} where (organisation_id, role_id) in (select organisation_id, role_id from role_assignment where id = ${assignmentId})`,
      );
    await withdraw('now()');
    const wider = await browser.submit('sebadmin', path, { omfang: 'UNIT_AND_SUBUNITS' });
    expect([wider.status, mainText(wider.text)]).toEqual([
      422,
      expect.stringContaining('kan ikke længere tildele rollen'),
    ]);
    expect((await browser.submit('sebadmin', path, { slutdato: inDays(2) })).status).toBe(303);
    await withdraw('null');
  });

  it('refuses terms that would overlap another assignment of the role', async () => {
    await operate(
      app,
      `insert into role_assignment (organisation_id, user_id, role_id, sor_code, scope)
       select organisation_id, user_id, role_id, '${units[1]}', scope from role_assignment where id = ${assignmentId}`,
    );
    const reply = await browser.submit('sebadmin', path, { sor: units[1] ?? '' });
    expect([reply.status, mainText(reply.text)]).toEqual([
      422,
      expect.stringContaining('har allerede rollen samme sted'),
    ]);
  });

  it('is refused for ended assignments, for oneself, and for somebody else’s assignment in the address', async () => {
    const own = await idOf(app, 'region-org-admin');
    expect((await browser.get('sebadmin', path.replace(`/${userId}/`, `/${own}/`))).status).toBe(404);
    await operate(app, `update role_assignment set valid_to = now(), withdrawn_at = now() where id = ${assignmentId}`);
    expect((await browser.get('sebadmin', path)).status).toBe(409);
    const page = await browser.get('sebadmin', `/organisationer/${cvrs.region}/brugere/${own}/roller`);
    expect(page.text).not.toContain(`/brugere/${own}/roller/`);
  });

  it('is kept by the database too, whatever the code forgets', async () => {
    const asApp = (set: string) => operate(app, `update role_assignment set ${set} where id = ${assignmentId}`);
    await expect(asApp(`valid_from = now() - interval '1 day'`)).rejects.toThrow('start_passed');
    await expect(asApp(`sor_code = '${await unitOf(app, cvrs.municipality)}'`)).rejects.toThrow('unit_not_usable');
    await expect(asApp(`sor_code = null, scope = 'UNIT_AND_SUBUNITS'`)).rejects.toThrow('unit_required');
    await asApp(`valid_to = now(), withdrawn_at = now()`);
    await expect(asApp(`valid_to = null, withdrawn_at = null`)).rejects.toThrow('is_over');
  });
});
