import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Fields, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { checksums, cvrs, givableRoles, idOf, only, operate, ordinaryUsers, unitOf } from '../support/sector.ts';

let app: App;
let admin: Browser;
let users: number[];
let role: number;
let units: string[];
const region = `/organisationer/${cvrs.region}`;

beforeAll(async () => {
  app = await startApp();
  admin = await app.signedIn('region-org-admin');
  users = await ordinaryUsers(app, cvrs.region, 24);
  const roles = await givableRoles(app, cvrs.region, true);
  const held = await app.rows<{ id: number }>(
    'select distinct role_id as id from role_assignment where user_id = any ($1)',
    [users],
  );
  role = only(roles.filter(({ id }) => !held.some((one) => one.id === id)).slice(0, 1)).id;
  const found = await app.rows<{ code: string }>(
    `select code from sor_unit u where owner_cvr = $1 and closed_on is null
       and not exists (select from role_assignment g where g.sor_code = u.code) and not exists (select from sor_unit c where c.parent_code = u.code)
     order by code limit 40`,
    [cvrs.region],
  );
  units = found.map(({ code }) => code);
});
afterAll(() => app.close());

const nextUnit = (): string => units.shift() ?? 'none';

/** Users who hold the role at a unit that is closed afterwards. */
async function closedWith(count: number): Promise<{ code: string; holders: number[] }> {
  const [code, holders] = [nextUnit(), users.splice(0, count)];
  for (const id of holders) await give(id, code);
  await operate(app, `update sor_unit set closed_on = danish_today() - 1 where code = '${code}'`);
  return { code, holders };
}

const give = (user: number, code: string): Promise<void> =>
  operate(
    app,
    `insert into role_assignment (organisation_id, user_id, role_id, sor_code) select organisation_id, id, ${role}, '${code}' from app_user where id = ${user}`,
  );

const movePath = (code: string, rest = ''): string => `${region}/lukkede-enheder/${code}/flyt${rest}`;
async function preview(
  browser: Browser,
  from: string,
  to: string,
  fields: Record<string, string | string[]> = {},
): Promise<Reply> {
  const all = { sor: to, valg: 'alle', begrundelse: 'Afdelingen er lagt sammen', ...fields };
  const pairs = Object.entries(all).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return browser.get('sebadmin', `${movePath(from, '/gennemse')}?${new URLSearchParams(pairs).toString()}`);
}
const send = (browser: Browser, shown: Reply, from: string, changed: Fields = {}): Promise<Reply> => {
  const form = formOf(shown.text, movePath(from));
  return browser.post('sebadmin', form.action, { ...form.fields, ...changed });
};
async function placesOf(ids: number[]): Promise<string[]> {
  const rows = await app.rows<{ sor_code: string }>(
    'select sor_code from role_assignment where user_id = any ($1) and role_id = $2 and withdrawn_at is null order by user_id, sor_code',
    [ids, role],
  );
  return rows.map((row) => row.sor_code);
}

describe('Assignments at a closed unit', () => {
  it('are a to-do on the front page, listed by unit, and moved all at once with their log lines', async () => {
    const { code, holders } = await closedWith(3);
    const to = nextUnit();
    for (const where of ['/', `${region}/huskeliste`])
      expect(mainText((await admin.get('sebadmin', where)).text), where).toContain('på enheder, der er lukket');
    const list = await admin.get('sebadmin', `${region}/lukkede-enheder`);
    expect(await faultsOfHtml(list.text)).toEqual([]);
    expect(list.text).toContain(movePath(code));
    const chooser = await admin.get('sebadmin', movePath(code));
    expect(await faultsOfHtml(chooser.text)).toEqual([]);
    const shown = await preview(admin, code, to);
    expect(await faultsOfHtml(shown.text)).toEqual([]);
    expect(mainText(shown.text)).toContain('Flyt 3 tildelinger');
    const done = await send(admin, shown, code);
    expect([done.status, done.location]).toEqual([303, `${region}/lukkede-enheder`]);
    expect(await placesOf(holders)).toEqual([to, to, to]);
    const events = await app.rows<{ detail: { reason: string; from: object; to: object } }>(
      `select detail from audit_event where kind = 'role.assignmentChanged' and target_user_id = any ($1)`,
      [holders],
    );
    expect(events).toHaveLength(3);
    for (const { detail } of events)
      expect(detail).toMatchObject({
        reason: 'Afdelingen er lagt sammen',
        from: { sorCode: code },
        to: { sorCode: to },
      });
    expect((await admin.get('sebadmin', movePath(code))).status).toBe(303);
  });

  it('are moved only as ticked', async () => {
    const { code, holders } = await closedWith(2);
    const to = nextUnit();
    const first = only(
      await app.rows<{ id: number }>('select id from role_assignment where user_id = $1 and sor_code = $2', [
        holders[0],
        code,
      ]),
    );
    const none = await preview(admin, code, to, { valg: 'valgte' });
    expect([none.status, mainText(none.text)]).toEqual([
      422,
      expect.stringContaining('Sæt flueben ved mindst én tildeling'),
    ]);
    await send(admin, await preview(admin, code, to, { valg: 'valgte', tildeling: String(first.id) }), code);
    expect(await placesOf(holders)).toEqual([to, code]);
  });

  it('do not go to a closed unit, to one of another owner, or to no unit at all', async () => {
    const { code, holders } = await closedWith(1);
    const closed = await unitOf(app, cvrs.region, true);
    const foreign = await unitOf(app, cvrs.municipality);
    const shown = await preview(admin, code, nextUnit());
    for (const [to, says] of [
      [closed, 'er lukket'],
      [foreign, 'hører ikke til organisationen'],
      ['123456', 'er ikke rigtig'],
      ['', 'Skriv SOR-koden'],
    ] as const) {
      const page = await preview(admin, code, to);
      expect([to, page.status]).toEqual([to, 422]);
      expect(mainText(page.text)).toContain(says);
      const forged = await send(admin, shown, code, { sor: to, _key: crypto.randomUUID() });
      expect([to, [409, 422].includes(forged.status)]).toEqual([to, true]);
    }
    expect(await placesOf(holders)).toEqual([code]);
  });

  it('that changed since the preview are shown anew, and nothing is moved', async () => {
    const { code, holders } = await closedWith(2);
    const to = nextUnit();
    const shown = await preview(admin, code, to);
    await operate(
      app,
      `update role_assignment set valid_to = now(), withdrawn_at = now(), version = version + 1 where user_id = ${holders[1] ?? 0} and sor_code = '${code}'`,
    );
    const late = await send(admin, shown, code);
    expect(late.status).toBe(409);
    expect(mainText(late.text)).toContain('Noget har ændret sig');
    expect(mainText(late.text)).toContain('Flyt 1 tildeling');
    expect(await placesOf(holders.slice(0, 1))).toEqual([code]);
    await send(admin, late, code);
    expect(await placesOf(holders.slice(0, 1))).toEqual([to]);
  });

  it('stay where the new one is there already, the user is locked, or the actor may not', async () => {
    const { code, holders } = await closedWith(3);
    const to = nextUnit();
    const [there = 0, locked = 0, free = 0] = holders;
    await give(there, to);
    await operate(app, `update app_user set locked_from = now() - interval '1 hour' where id = ${locked}`);
    const administrator = await idOf(app, 'region-org-admin-2');
    await operate(app, `update sor_unit set closed_on = null where code = '${code}'`);
    await give(administrator, code);
    await operate(app, `update sor_unit set closed_on = danish_today() - 1 where code = '${code}'`);
    const userAdmin = await app.signedIn('region-user-admin');
    const shown = await preview(userAdmin, code, to);
    const text = mainText(shown.text);
    for (const says of [
      'har allerede rollen ved den nye enhed',
      'Brugeren er spærret',
      'Kun en organisationsadministrator',
    ])
      expect(text).toContain(says);
    expect(text).toContain('Flyt 1 tildeling');
    expect((await send(userAdmin, shown, code)).status).toBe(303);
    expect(await placesOf([free])).toEqual([to]);
    expect(await placesOf([locked])).toEqual([code]);
    expect(await placesOf([administrator])).toContain(code);
  });

  it('are moved once by two at the same moment', async () => {
    const { code, holders } = await closedWith(3);
    const [one, two] = [nextUnit(), nextUnit()];
    const other = await app.signedIn('region-org-admin-2');
    const [first, second] = [await preview(admin, code, one), await preview(other, code, two)];
    const replies = await Promise.all([send(admin, first, code), send(other, second, code)]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([303, expect.any(Number)]);
    expect(replies.filter(({ status }) => status === 303)).not.toHaveLength(0);
    expect(new Set(await placesOf(holders)).size).toBe(1);
    const events = await app.rows(
      `select from audit_event where kind = 'role.assignmentChanged' and target_user_id = any ($1)`,
      [holders],
    );
    expect(events).toHaveLength(3);
  });

  it('are nobody else’s to move', async () => {
    const { code } = await closedWith(1);
    const before = await checksums(app);
    for (const who of ['system-owner', 'servicedesk', 'region-read-only']) {
      const browser = await app.signedIn(who);
      expect((await browser.get('sebadmin', `${region}/lukkede-enheder`)).status).toBe(200);
      const { fields } = formOf((await browser.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger');
      const mine = { _csrf: fields._csrf, _key: fields._key, _for: fields._for };
      const reply = await browser.post('sebadmin', movePath(code), {
        ...mine,
        sor: code,
        valg: 'alle',
        begrundelse: 'x',
        maerke: 'x',
      });
      expect([who, reply.status]).toEqual([who, 403]);
    }
    expect(await checksums(app)).toEqual(before);
  });
});

describe('What an import changed', () => {
  it('is shown by run to those who see all, and of its own units to an organisation', async () => {
    const unit = await unitOf(app, cvrs.region);
    const other = await unitOf(app, cvrs.municipality);
    const run = only(
      await app.rows<{ id: number }>(
        `insert into sor_import (file_name, sha256, rows, added, changed, closed) values ('SorEntity_daily.csv', 'x', 9, 0, 2, 0) returning id`,
      ),
    ).id;
    await app.rows(
      `insert into sor_change (import_id, code, kind, owner_cvr, before, after) values ($1, $2, 'RENAMED', $3, 'Gammelt navn', 'Nyt navn'), ($1, $4, 'CLOSED', $5, null, '2026-11-21')`,
      [run, unit, cvrs.region, other, cvrs.municipality],
    );
    const desk = await app.signedIn('servicedesk');
    const runs = await desk.get('sebadmin', '/sor-indlaesninger');
    expect(await faultsOfHtml(runs.text)).toEqual([]);
    expect(runs.text).toContain(`/sor-indlaesninger/${run}`);
    const shown = await desk.get('sebadmin', `/sor-indlaesninger/${run}?slags=CLOSED`);
    expect(await faultsOfHtml(shown.text)).toEqual([]);
    expect(mainText(shown.text)).toContain('Lukker 21-11-2026');
    expect(mainText(shown.text)).not.toContain('Gammelt navn');
    const own = await admin.get('sebadmin', `${region}/sor/aendringer`);
    expect(await faultsOfHtml(own.text)).toEqual([]);
    expect(mainText(own.text)).toContain('Gammelt navn');
    expect(own.text).not.toContain(other);
  });
});
