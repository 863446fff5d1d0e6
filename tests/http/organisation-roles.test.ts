import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { danishDay, dayInDenmark } from '../../src/shared/dates.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Fields, Reply } from '../support/browser.ts';
import { formBody, formOf, mainText } from '../support/browser.ts';
import { assignForm } from '../support/flows.ts';
import { checksums, cvrs, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let owner: Browser;
let admin: Browser;

beforeAll(async () => {
  app = await startApp();
  owner = await app.signedIn('system-owner');
  admin = await app.signedIn('region-org-admin');
});
afterAll(() => app.close());

type Kind = 'giv' | 'traek-tilbage';
const textOf = (reply: Reply): string => mainText(reply.text);
const rights = (kind: Kind, rest = ''): string => `/system/rettigheder/${kind}${rest}`;
const organisationId = async (cvr: string): Promise<number> =>
  only(await app.rows<{ id: number }>('select id from organisation where cvr = $1', [cvr])).id;

/** A new service with roles that nobody may give yet. */
async function newRoles(code: string, count: number): Promise<{ serviceId: number; roleIds: number[] }> {
  await operate(
    app,
    `insert into service (code, name, owner, source) values ('${code}', 'Service ${code}', 'Prøve', 'prøve');
     insert into role (service_id, code, name, needs_sor, needs_cpr, source)
     select s.id, '${code}Rolle' || n, 'Rolle ' || n || ' i ${code}', false, false, 'prøve' from service s, generate_series(1, ${count}) n where s.code = '${code}'`,
  );
  const rows = await app.rows<{ id: number; serviceId: number }>(
    'select r.id, s.id as "serviceId" from role r join service s on s.id = r.service_id where s.code = $1 order by r.id',
    [code],
  );
  return { serviceId: only(rows).serviceId, roleIds: rows.map(({ id }) => id) };
}

/** From the preview on, as a person does; returns what the post answered. */
async function carryOut(kind: Kind, chosen: Fields, fields: Fields = {}): Promise<Reply> {
  const shown = await owner.get('sebadmin', `${rights(kind, '/gennemse')}?${formBody(chosen)}`);
  expect([shown.status, textOf(shown)]).toEqual([200, expect.any(String)]);
  const form = formOf(shown.text, rights(kind));
  return owner.post('sebadmin', form.action, { ...form.fields, ...fields });
}
const grant = (chosen: Fields): Promise<Reply> => carryOut('giv', chosen);
const withdraw = (chosen: Fields, fields: Fields): Promise<Reply> =>
  carryOut('traek-tilbage', chosen, { begrundelse: 'Aftalen er ændret', ...fields });

const held = (roleIds: number[]) =>
  app.rows<{ user_id: number; valid_to: string | null; ended: boolean; last_day: string | null }>(
    `select user_id, valid_to, withdrawn_at is not null as ended,
       to_char((valid_to - interval '1 millisecond') at time zone 'Europe/Copenhagen', 'YYYY-MM-DD') as last_day
     from role_assignment where role_id = any ($1) order by id`,
    [roleIds],
  );
const mayGive = (roleIds: number[]) =>
  app.rows<{ cvr: string }>(
    `select distinct o.cvr from organisation_role g join organisation o on o.id = g.organisation_id
     where role_id = any ($1) and withdrawn_at is null order by 1`,
    [roleIds],
  );
async function give(roleId: number, users: number[]): Promise<void> {
  await operate(
    app,
    `insert into role_assignment (organisation_id, user_id, role_id) select organisation_id, id, ${roleId} from app_user where id = any ('{${users.join()}}')`,
  );
}

describe('Rettigheder til roller', () => {
  it.each(['region-org-admin', 'region-user-admin', 'region-read-only', 'servicedesk', 'system-owner'])(
    'are shown to %s with needs, since when and how many users',
    async (person) => {
      const browser = await app.signedIn(person);
      const page = await browser.get('sebadmin', `/organisationer/${cvrs.region}/rettigheder?soeg=nspPlejeAssR3`);
      expect(page.status).toBe(200);
      expect(textOf(page)).toMatch(
        /1 rolle .*nspPlejeAssR3 Kræver ikke SOR-enhed · Kræver CPR-nummer i brugerens login \d\d-\d\d-\d{4} \d+/,
      );
      expect(page.text.includes('Giv flere roller')).toBe(person === 'system-owner');
      expect(page.text.includes('Anmod om en service')).toBe(person === 'region-org-admin');
    },
  );

  it('of another organisation are not there', async () => {
    expect((await admin.get('sebadmin', `/organisationer/${cvrs.municipality}/rettigheder`)).status).toBe(404);
  });

  it('come page by page, each role once', async () => {
    const seen: string[] = [];
    let next: string | undefined = `/organisationer/${cvrs.region}/rettigheder`;
    for (let pages = 0; next !== undefined && pages < 20; pages += 1) {
      const { text } = await admin.get('sebadmin', next);
      seen.push(...[...text.matchAll(/\/roller\/(\d+)"/g)].map(([, id]) => id ?? ''));
      next = /href="([^"]*fra=[^"]*)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    const all = await app.rows<{ id: number }>(
      `select role_id as id from organisation_role g join organisation o on o.id = g.organisation_id where o.cvr = $1 and withdrawn_at is null`,
      [cvrs.region],
    );
    expect(all.length).toBeGreaterThan(100);
    expect(seen.toSorted()).toEqual(all.map(({ id }) => String(id)).toSorted());
    expect((await admin.get('sebadmin', `/organisationer/${cvrs.region}/rettigheder?fra=x%00`)).status).toBe(200);
  });

  it('are filtered by service, and tell when nothing fits', async () => {
    const page = textOf(await admin.get('sebadmin', `/organisationer/${cvrs.region}/rettigheder?soeg=zzzz`));
    expect(page).toContain('Ingen roller passer til søgningen');
  });
});

describe('granting', () => {
  it('a whole service to two organisations shows what it does, does it, and tells them', async () => {
    const { serviceId, roleIds } = await newRoles('hele', 3);
    const ids = [await organisationId(cvrs.region), await organisationId(cvrs.municipality)];
    const chosen = { service: String(serviceId), hele: '1', organisation: ids.map(String) };
    const shown = textOf(await owner.get('sebadmin', `${rights('giv', '/gennemse')}?${formBody(chosen)}`));
    expect(shown).toContain('Organisationer 2 Nye rettigheder 6');
    expect(shown).toContain('Ingen brugere får roller ved det');
    const reply = await grant(chosen);
    expect(reply.status).toBe(303);
    expect((await mayGive(roleIds)).map(({ cvr }) => cvr)).toEqual([cvrs.region, cvrs.municipality].toSorted());
    const events = await app.rows<{ organisation_id: number; detail: { roles: object[] } }>(
      `select organisation_id, detail from audit_event where kind = 'organisationRole.granted' and detail #>> '{roles,0,service}' = 'hele'`,
    );
    expect(events.map((one) => one.organisation_id).toSorted()).toEqual(ids.toSorted());
    expect(events.map((one) => one.detail.roles.length)).toEqual([3, 3]);
    const mails = await app.rows<{ address: string }>(
      `select to_address as address from mail_outbox where kind = 'organisationRole.granted' and text like '%Rolle 2 i hele%' order by 1`,
    );
    const administrators = await app.rows(
      `select u.email as address from administrator a join app_user u on u.id = a.user_id
       where a.organisation_id = any ($1) and a.kind = 'ORGANISATION' and a.valid_to is null order by 1`,
      [ids],
    );
    expect(administrators.length).toBeGreaterThan(2);
    expect(mails).toEqual(administrators);
    // What they have stays; nothing more is to be given.
    const again = textOf(await owner.get('sebadmin', `${rights('giv', '/gennemse')}?${formBody(chosen)}`));
    expect(again).toContain('Der er ingen nye rettigheder at give. Organisationer 0');
    expect(again).toContain('2 organisationer har allerede alle rettighederne');
  });

  it('by pasted CVR numbers, and to those who may give another service already', async () => {
    const { roleIds } = await newRoles('liste', 1);
    const [roleId = 0] = roleIds;
    const pasted = await owner.get(
      'sebadmin',
      `${rights('giv')}?${formBody({ rolle: String(roleId), cvr: `CVR ${cvrs.region.replace(/(..)/g, '$1 ')}\r\n${cvrs.practice};99999999` })}`,
    );
    expect(mainText(pasted.text)).toContain('Findes ikke i SEB og er udeladt: 99 99 99 99.');
    const ticked = [...pasted.text.matchAll(/name="organisation" value="(\d+)" checked/g)].map(([, id]) => Number(id));
    expect(ticked.toSorted()).toEqual(
      [await organisationId(cvrs.region), await organisationId(cvrs.practice)].toSorted(),
    );
    const plov = only(await app.rows<{ id: number }>(`select id from service where code = 'plov'`)).id;
    expect((await grant({ rolle: String(roleId), alle: '1', kan: String(plov) })).status).toBe(303);
    expect((await mayGive(roleIds)).map(({ cvr }) => cvr)).toEqual([cvrs.municipality]);
  });

  it('leaves out closed organisations and retired roles, in the database too', async () => {
    const { roleIds } = await newRoles('lukket', 2);
    const [open = 0, retired = 0] = roleIds;
    await operate(app, `update role set retired_at = now() where id = ${retired}`);
    const closed = await organisationId(cvrs.closed);
    const chosen = {
      rolle: roleIds.map(String),
      organisation: [String(closed), String(await organisationId(cvrs.clinic))],
    };
    const shown = textOf(await owner.get('sebadmin', `${rights('giv', '/gennemse')}?${formBody(chosen)}`));
    expect(shown).toContain('Organisationer 1 Nye rettigheder 1');
    expect(shown).toContain('Lukkede organisationer får ingen rettigheder');
    const insert = (organisation: number, role: number): Promise<void> =>
      operate(app, `insert into organisation_role (organisation_id, role_id) values (${organisation}, ${role})`);
    await expect(insert(closed, open)).rejects.toThrow('organisation_role_right_not_open');
    await expect(insert(await organisationId(cvrs.clinic), retired)).rejects.toThrow(
      'organisation_role_right_not_open',
    );
  });

  it('sent twice is done once, and what has changed since the preview is shown anew', async () => {
    const { roleIds } = await newRoles('dobbelt', 2);
    const region = String(await organisationId(cvrs.region));
    const path = `${rights('giv', '/gennemse')}?${formBody({ rolle: roleIds.map(String), organisation: region })}`;
    const form = formOf((await owner.get('sebadmin', path)).text, rights('giv'));
    const other = formOf((await owner.get('sebadmin', path)).text, rights('giv'));
    const both = await Promise.all([1, 2].map(() => owner.post('sebadmin', form.action, form.fields)));
    expect(both.map((reply) => reply.status)).toEqual([303, 303]);
    const events = await app.rows(
      `select from audit_event where kind = 'organisationRole.granted' and detail #>> '{roles,0,service}' = 'dobbelt'`,
    );
    expect(events).toHaveLength(1);
    const late = await owner.post('sebadmin', other.action, other.fields);
    expect([late.status, textOf(late)]).toEqual([409, expect.stringContaining('ingen nye rettigheder')]);
  });

  it.each([
    ['nothing', {}, 'Vælg mindst én rolle'],
    ['ids of nothing', { rolle: '2147483', organisation: '999999999' }, 'Vælg mindst én rolle'],
    ['no numbers', { rolle: `1' or 1=1`, organisation: '-1', soeg: '%00' }, 'Vælg mindst én organisation'],
  ])('of %s is refused', async (_, chosen, message) => {
    const reply = await owner.get('sebadmin', `${rights('giv', '/gennemse')}?${formBody(chosen)}`);
    expect([reply.status, textOf(reply)]).toEqual([422, expect.stringContaining(message)]);
  });
});

describe('withdrawing', () => {
  async function givenTo(code: string, count = 2): Promise<{ roleId: number; users: number[]; chosen: Fields }> {
    const { roleIds } = await newRoles(code, 1);
    const roleId = roleIds[0] ?? 0;
    const region = String(await organisationId(cvrs.region));
    await grant({ rolle: String(roleId), organisation: region });
    const users = await ordinaryUsers(app, cvrs.region, count);
    await give(roleId, users);
    return { roleId, users, chosen: { rolle: String(roleId), organisation: region } };
  }

  it('shows first how many users lose what, then ends it at once, with a line in each user’s log', async () => {
    const { roleId, users, chosen } = await givenTo('straks');
    const shown = textOf(await owner.get('sebadmin', `${rights('traek-tilbage', '/gennemse')}?${formBody(chosen)}`));
    expect(shown).toContain('Rettigheder 1 Brugere, der mister noget 2 Tildelinger, der slutter 2');
    const reply = await withdraw(chosen, { hvornaar: 'straks' });
    expect(reply.location).toBe(`/organisationer/${cvrs.region}/rettigheder`);
    expect((await held([roleId])).map(({ ended }) => ended)).toEqual([true, true]);
    const log = textOf(await admin.get('sebadmin', `/organisationer/${cvrs.region}/brugere/${users[0]}/log`));
    expect(log).toContain('Birgitte Ahlgreen fjernede rollen Rolle 1 i straks (straksRolle1, straks)');
    expect(log).toContain('Begrundelse: Aftalen er ændret.');
    expect(textOf(await admin.get('sebadmin', '/'))).toContain(
      'Organisationen kan ikke længere tildele Rolle 1 i straks',
    );
    const mails = await app.rows<{ text: string }>(
      `select text from mail_outbox where kind = 'organisationRole.withdrawn' and text like '%straksRolle1%'`,
    );
    expect(mails).toHaveLength(2);
    expect(only(mails).text).toContain('2 tildelinger til 2 brugere er fjernet med det samme.');
    expect(only(mails).text).toContain('Service straks: Rolle 1 i straks (straksRolle1)');
    await expect(give(roleId, (await ordinaryUsers(app, cvrs.region, 3)).slice(2))).rejects.toThrow('role_not_givable');
  });

  it('at a date lets users keep it until then, and lets nothing begin after', async () => {
    const { roleId, users, chosen } = await givenTo('dato', 3);
    const [short = 0, later = 0] = users;
    await operate(
      app,
      `update role_assignment set valid_to = now() + interval '2 days' where user_id = ${short} and role_id = ${roleId};
       update role_assignment set valid_to = now(), withdrawn_at = now() where user_id = ${later} and role_id = ${roleId};
       insert into role_assignment (organisation_id, user_id, role_id, valid_from) select organisation_id, id, ${roleId}, now() + interval '90 days' from app_user where id = ${later}`,
    );
    const day = dayInDenmark(new Date(Date.now() + 30 * 86_400_000));
    expect((await withdraw(chosen, { hvornaar: 'dato', dag: danishDay(day) })).status).toBe(303);
    const rows = await held([roleId]);
    const of = (user: number) => rows.filter((row) => row.user_id === user).at(-1);
    expect(of(short)).toMatchObject({ ended: false, last_day: dayInDenmark(new Date(Date.now() + 2 * 86_400_000)) });
    expect(of(later)).toMatchObject({ ended: true });
    expect(of(users[2] ?? 0)).toMatchObject({ ended: false, last_day: day });
    const log = textOf(await admin.get('sebadmin', `/organisationer/${cvrs.region}/brugere/${users[2]}/log`));
    expect(log).toContain(`slutdato fra ingen til ${danishDay(day)}`);
  });

  it.each([
    [{ hvornaar: '' }, 'Vælg, hvornår tildelingerne slutter'],
    [{ hvornaar: 'dato', dag: '' }, 'Skriv sidste dag som dd-mm-åååå'],
    [{ hvornaar: 'dato', dag: '01-01-2020' }, 'Dagen er gået'],
    [{ hvornaar: 'straks', begrundelse: '' }, 'Skriv en begrundelse'],
  ])('needs to know when and why: %j', async (fields, message) => {
    const role = only(await app.rows<{ id: number }>(`select id from role where code = 'nspPlejeAssR3'`)).id;
    const before = await checksums(app);
    const reply = await withdraw(
      { rolle: String(role), organisation: String(await organisationId(cvrs.region)) },
      fields,
    );
    expect([reply.status, textOf(reply)]).toEqual([422, expect.stringContaining(message)]);
    expect(await checksums(app)).toEqual(before);
  });

  it('while somebody gives the role: either the assignment ends with the others, or it is refused', async () => {
    const { roleId, chosen } = await givenTo('samtidig', 1);
    const others = (await ordinaryUsers(app, cvrs.region, 12)).slice(2);
    const service = only(
      await app.rows<{ id: number }>(`select service_id as id from role where id = $1`, [roleId]),
    ).id;
    const path = (user: number): string =>
      `/organisationer/${cvrs.region}/tildel-roller?bruger=${user}&tildelservice=${service}`;
    const forms = [];
    for (const user of others) forms.push(await assignForm(admin, path(user), { rolle: String(roleId) }));
    const shown = await owner.get('sebadmin', `${rights('traek-tilbage', '/gennemse')}?${formBody(chosen)}`);
    const taking = formOf(shown.text, rights('traek-tilbage'));
    const [taken, ...given] = await Promise.all([
      owner.post('sebadmin', taking.action, { ...taking.fields, hvornaar: 'straks', begrundelse: 'x' }),
      ...forms.map((form) => admin.post('sebadmin', form.action, form.fields)),
    ]);
    // 409: somebody came first, and the preview was shown anew.
    expect([303, 409]).toContain(taken.status);
    for (const reply of given) expect([303, 409, 422]).toContain(reply.status);
    if (taken.status === 409) expect((await withdraw(chosen, { hvornaar: 'straks' })).status).toBe(303);
    expect((await held([roleId])).filter(({ ended }) => !ended)).toEqual([]);
  });
});

it('a service for 200 organisations, there and back, in one go each', async () => {
  const { serviceId, roleIds } = await newRoles('mange', 10);
  await operate(
    app,
    `insert into organisation (cvr, name) select (70000000 + n)::text, 'Mangetal ' || n from generate_series(1, 200) n;
     insert into app_user (organisation_id, username, rid, first_name, last_name, email)
     select id, 'tu' || cvr, cvr, 'Tue', 'Tusind', cvr || '@eksempel.dk' from organisation where name like 'Mangetal %';
     insert into administrator (organisation_id, user_id, home_organisation_id, kind)
     select organisation_id, id, organisation_id, 'ORGANISATION' from app_user where first_name = 'Tue'`,
  );
  const chosen = { service: String(serviceId), hele: '1', alle: '1', soeg: 'mangetal' };
  const began = Date.now();
  expect((await grant(chosen)).status).toBe(303);
  const took = Date.now() - began;
  expect(await mayGive(roleIds)).toHaveLength(200);
  const events = (kind: string) =>
    app.rows(
      `select distinct organisation_id from audit_event where kind = $1 and detail #>> '{roles,0,service}' = 'mange'`,
      [kind],
    );
  expect(await events('organisationRole.granted')).toHaveLength(200);
  await operate(
    app,
    `insert into role_assignment (organisation_id, user_id, role_id) select organisation_id, id, ${roleIds[0] ?? 0} from app_user where first_name = 'Tue'`,
  );
  expect((await withdraw(chosen, { hvornaar: 'straks' })).status).toBe(303);
  expect(await mayGive(roleIds)).toEqual([]);
  expect((await held(roleIds)).filter(({ ended }) => ended)).toHaveLength(200);
  expect(await events('organisationRole.withdrawn')).toHaveLength(200);
  expect(
    await app.rows(
      `select from todo where kind = 'organisationRole.withdrawn' and facts ->> 'users' = '1' and facts #>> '{roles,0}' like '%mange'`,
    ),
  ).toHaveLength(200);
  expect(took).toBeLessThan(10_000);
}, 60_000);

it('nobody but the system owner grants or withdraws, whatever is posted', async () => {
  const role = only(await app.rows<{ id: number }>(`select id from role where code = 'nspPlejeAssR3'`)).id;
  const before = await checksums(app);
  const region = String(await organisationId(cvrs.region));
  for (const person of ['region-org-admin', 'region-user-admin', 'region-read-only', 'servicedesk']) {
    const browser = await app.signedIn(person);
    const own = formOf((await browser.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
    const full = {
      ...own,
      rolle: String(role),
      organisation: region,
      rettigheder: '1',
      tildelinger: '0',
      hvornaar: 'straks',
      begrundelse: 'x',
    };
    for (const kind of ['giv', 'traek-tilbage'] as const)
      expect((await browser.post('sebadmin', rights(kind), full)).status).toBe(403);
  }
  expect(await checksums(app)).toEqual(before);
});
