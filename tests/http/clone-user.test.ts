import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { checksums, cvrs, endOfRoles, givableRoles, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let browser: Browser;
let source: number;
let receivers: number[];
let others: number[];
let atUnit: number;
let plain: number[];
let units: string[];
let foreignUnit: string;
let path: string;

beforeAll(async () => {
  app = await startApp();
  browser = await app.signedIn('region-org-admin');
  [source = 0, ...receivers] = await ordinaryUsers(app, cvrs.region, 3);
  others = await ordinaryUsers(app, cvrs.municipality, 2);
  const common = async (needsSor: boolean): Promise<number[]> => {
    const there = new Set((await givableRoles(app, cvrs.municipality, needsSor)).map(({ id }) => id));
    return (await givableRoles(app, cvrs.region, needsSor)).map(({ id }) => id).filter((id) => there.has(id));
  };
  atUnit = only(await common(true));
  plain = (await common(false)).slice(0, 2);
  const openUnits = (cvr: string) =>
    app.rows<{ code: string }>(
      'select code from sor_unit where owner_cvr = $1 and closed_on is null order by code limit 2',
      [cvr],
    );
  units = (await openUnits(cvrs.region)).map(({ code }) => code);
  foreignUnit = only(await openUnits(cvrs.municipality)).code;
  path = `/organisationer/${cvrs.region}/brugere/${source}/klon`;
  await operate(
    app,
    `insert into administrator (organisation_id, user_id, home_organisation_id, kind)
     select m.id, ${await idOf(app, 'region-org-admin')}, r.id, 'USER' from organisation m, organisation r where m.cvr = '${cvrs.municipality}' and r.cvr = '${cvrs.region}'`,
  );
});
afterAll(() => app.close());

/** The source has a role without a unit and one at each of two units. */
beforeEach(() =>
  operate(
    app,
    `${endOfRoles([source, ...receivers, ...others])};
     insert into role_assignment (organisation_id, user_id, role_id, sor_code, scope)
     select o.id, ${source}, r.id, r.code, r.scope::assignment_scope from organisation o,
       (values (${plain[0]}, null, 'UNIT_AND_SUBUNITS'), (${atUnit}, '${units[0]}', 'UNIT_ONLY'), (${atUnit}, '${units[1]}', 'UNIT_AND_SUBUNITS')) as r (id, code, scope)
     where o.cvr = '${cvrs.region}'`,
  ),
);

type Held = { id: number; role_id: number; sor_code: string | null; scope: string };
const held = (userId: number | undefined): Promise<Held[]> =>
  app.rows<Held>(
    'select id, role_id, sor_code, scope from role_assignment where user_id = $1 and withdrawn_at is null order by role_id, sor_code nulls first',
    [userId],
  );
const withoutIds = (rows: Held[]) => rows.map(({ id: _id, ...row }) => row);

async function choice(to: number[], more: [string, string][] = []): Promise<string> {
  const assignments = (await held(source)).map(({ id }): [string, string] => ['tildeling', String(id)]);
  const chosen = to.map((id): [string, string] => ['modtager', String(id)]);
  return new URLSearchParams([['valgt', '1'], ...assignments, ...chosen, ...more]).toString();
}

const previewOf = async (to: number[], more: [string, string][] = []): Promise<Reply> =>
  browser.get('sebadmin', `${path}/gennemse?${await choice(to, more)}`);

function carryOut(preview: Reply): Promise<Reply> {
  const form = formOf(preview.text, path);
  return browser.post('sebadmin', form.action, form.fields);
}

const eventsOf = (reply: Reply) =>
  app.rows<{ kind: string; organisation_name: string; target_user_id: number; count: number }>(
    `select kind, organisation_name, target_user_id, count(*)::int from audit_event where request_id = $1 group by 1, 2, 3 order by 1, 3`,
    [reply.headers['x-request-id']],
  );

describe('cloning within an organisation', () => {
  it('offers the source’s roles, ticked, and finds receivers by a search', async () => {
    const { rid } = only(await app.rows<{ rid: string }>('select rid from app_user where id = $1', [receivers[0]]));
    const shown = await browser.get('sebadmin', `${path}?soeg=${encodeURIComponent(rid)}`);
    for (const label of [
      'Bruger der skal klones',
      'Roller der skal klones',
      'Vælg brugerorganisation',
      'Vælg bruger',
      'Slet eksisterende roller fra modtageren',
    ])
      expect(mainText(shown.text)).toContain(label);
    expect(shown.text.match(/name="tildeling" value="\d+" checked/g)).toHaveLength(3);
    expect(shown.text).toContain(`name="modtager" value="${receivers[0]}"`);
  });

  it('gives each receiver what the preview shows, and logs it in each one’s log and the source’s', async () => {
    const preview = await previewOf(receivers);
    expect(mainText(preview.text)).toContain('Nye tildelinger 6');
    const done = await carryOut(preview);
    expect(done.status).toBe(303);
    for (const id of receivers) expect(withoutIds(await held(id))).toEqual(withoutIds(await held(source)));
    expect((await eventsOf(done)).map(({ kind, target_user_id, count }) => [kind, target_user_id, count])).toEqual([
      ['role.assigned', receivers[0], 3],
      ['role.assigned', receivers[1], 3],
      ['user.cloned', receivers[0], 1],
      ['user.cloned', receivers[1], 1],
      ['user.clonedFrom', source, 1],
    ]);
    expect(mainText((await previewOf(receivers)).text)).toContain('Der er intet nyt at klone');
  });

  it('keeps the receivers’ own roles, or takes away those that are not cloned', async () => {
    const own = `insert into role_assignment (organisation_id, user_id, role_id, sor_code, scope)
      select id, ${receivers[0]}, ${plain[1]}, null, 'UNIT_AND_SUBUNITS'::assignment_scope from organisation where cvr = '${cvrs.region}'
      union all select id, ${receivers[0]}, ${plain[0]}, null, 'UNIT_AND_SUBUNITS' from organisation where cvr = '${cvrs.region}'
      union all select id, ${receivers[0]}, ${atUnit}, '${units[0]}', 'UNIT_AND_SUBUNITS' from organisation where cvr = '${cvrs.region}'`;
    await operate(app, own);
    expect((await carryOut(await previewOf(receivers.slice(0, 1)))).status).toBe(303);
    expect(await held(receivers[0])).toHaveLength(4);
    await operate(app, endOfRoles([receivers[0] ?? 0]));
    await operate(app, own);
    const kept = (await held(receivers[0])).find((row) => row.role_id === plain[0])?.id;
    const preview = await previewOf(receivers.slice(0, 1), [['slet', '1']]);
    expect(mainText(preview.text)).toContain('Tildelinger, der fjernes 2');
    expect((await carryOut(preview)).status).toBe(303);
    expect(withoutIds(await held(receivers[0]))).toEqual(withoutIds(await held(source)));
    // The one that was just as wanted is the same row still: nothing is taken away only to be given again.
    expect((await held(receivers[0])).map(({ id }) => id)).toContain(kept);
  });

  it('leaves out and names roles that may not be given any longer', async () => {
    const shown = await choice(receivers);
    const grant = (value: string) =>
      operate(
        app,
        `update organisation_role set withdrawn_at = ${value} where role_id = ${plain[0]} and organisation_id = (select id from organisation where cvr = '${cvrs.region}')`,
      );
    await grant('now()');
    const preview = await browser.get('sebadmin', `${path}/gennemse?${shown}`);
    expect(mainText(preview.text)).toContain('Roller, der ikke klones');
    expect(mainText(preview.text)).toContain('kan ikke tildele rollen nu');
    expect(mainText(preview.text)).toContain('Nye tildelinger 4');
    await grant('null');
    // Now it may be given again: not what the preview showed.
    expect((await carryOut(preview)).status).toBe(409);
    expect(await held(receivers[0])).toHaveLength(0);
  });

  it('gives nobody roles whom the actor may not give any: not oneself, not the source, and for some not an administrator', async () => {
    const own = await idOf(app, 'region-org-admin');
    const toOneself = await previewOf([own, source]);
    expect(mainText(toOneself.text)).toContain('Du kan ikke give dig selv roller');
    expect(mainText(toOneself.text)).toContain('Brugeren kan ikke klones til sig selv');
    const userAdministrator = await app.signedIn('region-user-admin');
    const refused = await userAdministrator.get('sebadmin', `${path}/gennemse?${await choice([own])}`);
    expect(mainText(refused.text)).toContain('Kun en organisationsadministrator kan ændre en administrator');
  });
});

describe('cloning to another organisation', () => {
  const there: [string, string][] = [['brugerorganisation', cvrs.municipality]];

  it('asks for units there, and leaves out what has none', async () => {
    const shown = await browser.get('sebadmin', `${path}?${await choice([], there)}`);
    expect(shown.text).toContain(`name="enhed-${units[0]}"`);
    const half: [string, string][] = [...there, [`enhed-${units[0]}`, foreignUnit]];
    const preview = await previewOf(others, half);
    expect(mainText(preview.text)).toContain('der er ikke valgt en anden');
    const done = await carryOut(preview);
    expect(done.status).toBe(303);
    for (const id of others)
      expect(withoutIds(await held(id))).toEqual(
        [
          { role_id: plain[0], sor_code: null, scope: 'UNIT_AND_SUBUNITS' },
          { role_id: atUnit, sor_code: foreignUnit, scope: 'UNIT_ONLY' },
        ].toSorted((a, b) => (a.role_id ?? 0) - (b.role_id ?? 0)),
      );
    const events = await eventsOf(done);
    const municipality = events.filter(({ kind }) => kind !== 'user.clonedFrom');
    expect(new Set(municipality.map((event) => event.organisation_name)).size).toBe(1);
    expect(events.find(({ kind }) => kind === 'user.clonedFrom')?.target_user_id).toBe(source);
    const name = only(
      await app.rows<{ name: string }>(`select first_name || ' ' || last_name as name from app_user where id = $1`, [
        source,
      ]),
    ).name;
    const told = await app.rows<{ detail: object }>(
      `select detail from audit_event where request_id = $1 and kind = 'user.cloned'`,
      [done.headers['x-request-id']],
    );
    expect(JSON.stringify(told)).not.toContain(name);
  });

  it('refuses units of the source’s organisation, and users and organisations out of reach', async () => {
    const wrong = await previewOf(others, [...there, [`enhed-${units[0]}`, units[1] ?? '']]);
    expect(mainText(wrong.text)).toContain('hører ikke til organisationen');
    const before = await checksums(app);
    expect((await previewOf(receivers, there)).status).toBe(404);
    expect((await previewOf(others)).status).toBe(404);
    expect((await previewOf(others, [['brugerorganisation', cvrs.practice]])).status).toBe(404);
    const elsewhere = await app.signedIn('municipality-org-admin');
    expect((await elsewhere.get('sebadmin', path)).status).toBe(404);
    expect(await checksums(app)).toEqual(before);
  });

  it('is refused when the right in the other organisation went away meanwhile', async () => {
    const preview = await previewOf(others, there);
    await operate(
      app,
      `update administrator set valid_to = now() where kind = 'USER' and user_id = ${await idOf(app, 'region-org-admin')}`,
    );
    expect((await carryOut(preview)).status).toBe(404);
    expect(await held(others[0])).toHaveLength(0);
  });
});
