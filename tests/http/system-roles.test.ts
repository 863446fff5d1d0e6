import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Fields, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { checksums, claimsOfUser, cvrs, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let owner: Browser;
let users: number[];
const path = '/system/systemroller';

beforeAll(async () => {
  app = await startApp();
  users = await ordinaryUsers(app, cvrs.systemOwner, 6);
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.rows('delete from rate_limit');
  owner = await app.signedIn('system-owner');
});

const held = async (userId: number): Promise<string[]> =>
  (await app.rows<{ kind: string }>('select kind from system_role where user_id = $1 order by kind', [userId])).map(
    ({ kind }) => kind,
  );
const roleId = async (userId: number, kind: string): Promise<number> =>
  only(await app.rows<{ id: number }>('select id from system_role where user_id = $1 and kind = $2', [userId, kind]))
    .id;
async function token(browser: Browser): Promise<Fields> {
  return formOf((await browser.get('sebadmin', '/mine-oplysninger')).text, '/mine-oplysninger').fields;
}
async function give(userId: number, kind: string, browser = owner): Promise<Reply> {
  return browser.post('sebadmin', path, { ...(await token(browser)), bruger: String(userId), rolle: kind });
}
async function take(id: number, browser = owner): Promise<Reply> {
  return browser.post('sebadmin', `${path}/${id}/fjern`, await token(browser));
}
const nextUser = (): number => users.shift() ?? 0;
const eventsOf = (reply: Reply) =>
  app.rows<{ kind: string; organisation_id: number | null; target_user_id: number }>(
    'select kind, organisation_id, target_user_id from audit_event where request_id = $1 order by id',
    [reply.headers['x-request-id']],
  );

describe('Systemroller', () => {
  it('lists who holds one, finds users anywhere, gives a role, logs it and tells the person and the owners', async () => {
    const userId = nextUser();
    const { email, rid } = only(
      await app.rows<{ email: string; rid: string }>('select email, rid from app_user where id = $1', [userId]),
    );
    const shown = await owner.get('sebadmin', `${path}?soeg=${encodeURIComponent(rid)}`);
    for (const text of ['Birgitte Ahlgreen Systemejer', 'Jonas Krogh Vestergaard Servicedesk', 'Dig selv'])
      expect(mainText(shown.text)).toContain(text);
    expect(await faultsOfHtml(shown.text)).toEqual([]);
    const form = formOf(shown.text, path);
    const done = await owner.post('sebadmin', form.action, {
      ...form.fields,
      bruger: String(userId),
      rolle: 'SERVICEDESK',
    });
    expect(done.location).toBe(path);
    expect(await held(userId)).toEqual(['SERVICEDESK']);
    expect(await eventsOf(done)).toEqual([
      { kind: 'systemRole.appointed', organisation_id: null, target_user_id: userId },
    ]);
    const mails = await app.rows<{ to: string }>(
      `select to_address as to from mail_outbox where kind like 'systemRole.changed%'`,
    );
    expect(mails.map(({ to }) => to)).toEqual(expect.arrayContaining([email, 'birgitte.ahlgreen@sds-demo.example']));
    const browser = app.browser();
    expect((await app.signIn(browser, 'sebadmin', await claimsOfUser(app, userId))).status).toBe(303);
    expect((await browser.get('sebadmin', `/organisationer/${cvrs.region}/brugere`)).status).toBe(200);

    expect(await eventsOf(await give(userId, 'SERVICEDESK'))).toEqual([]);
    const id = await roleId(userId, 'SERVICEDESK');
    expect((await eventsOf(await take(id)))[0]).toMatchObject({ kind: 'systemRole.removed', target_user_id: userId });
    const after = await browser.get('sebadmin', `/organisationer/${cvrs.region}/brugere`);
    expect([after.status, mainText(after.text)]).toEqual([404, expect.stringContaining('ikke længere, administrator')]);
    expect((await take(id)).status).toBe(404);
  });

  it.each<[string, Fields, string]>([
    ['nobody', { rolle: 'SERVICEDESK' }, 'Søg efter en bruger'],
    ['no role', { bruger: '1' }, 'Vælg en rolle'],
    ['a role that is none', { bruger: '1', rolle: 'KING' }, 'Vælg en rolle'],
    ['a user who is none', { bruger: '2000000000', rolle: 'SERVICEDESK' }, 'findes ikke længere'],
  ])('refuses %s', async (_what, fields, message) => {
    const reply = await owner.post('sebadmin', path, { ...(await token(owner)), ...fields });
    expect([reply.status, mainText(reply.text)]).toEqual([422, expect.stringContaining(message)]);
  });

  it('refuses who is locked or deleted', async () => {
    for (const [person, message] of [
      ['locked', 'er spærret'],
      ['deleted', 'findes ikke længere'],
    ] as const) {
      const reply = await give(await idOf(app, person), 'SERVICEDESK');
      expect([reply.status, mainText(reply.text)]).toEqual([422, expect.stringContaining(message)]);
    }
  });

  it('nobody raises or lowers oneself', async () => {
    const own = await idOf(app, 'system-owner');
    const raised = await give(own, 'SERVICEDESK');
    expect([raised.status, mainText(raised.text)]).toEqual([403, expect.stringContaining('dine egne')]);
    expect((await take(await roleId(own, 'SYSTEM_OWNER'))).status).toBe(403);
    expect(await held(own)).toEqual(['SYSTEM_OWNER']);
  });

  it('nobody else gives or takes one', async () => {
    const id = await roleId(await idOf(app, 'servicedesk'), 'SERVICEDESK');
    for (const person of ['servicedesk', 'region-org-admin', 'region-user-admin', 'region-read-only']) {
      const browser = await app.signedIn(person);
      const fields = await token(browser);
      const before = await checksums(app);
      expect((await browser.get('sebadmin', path)).status).toBe(403);
      const body = { ...fields, bruger: String(users[0]), rolle: 'SYSTEM_OWNER' };
      expect((await browser.post('sebadmin', path, body)).status).toBe(403);
      expect((await browser.post('sebadmin', `${path}/${id}/fjern`, fields)).status).toBe(403);
      expect(await checksums(app)).toEqual(before);
    }
  });
});

describe('the last system owner', () => {
  it('stays when two remove each other at the same moment, eight times', async () => {
    const second = nextUser();
    await give(second, 'SYSTEM_OWNER');
    const first = await idOf(app, 'system-owner');
    const others = `delete from system_role where kind = 'SYSTEM_OWNER' and user_id not in (${first}, ${second})`;
    await operate(app, others);
    for (let round = 0; round < 8; round += 1) {
      await app.rows('delete from rate_limit');
      const other = app.browser();
      await app.signIn(other, 'sebadmin', await claimsOfUser(app, second));
      owner = await app.signedIn('system-owner');
      const [mine, theirs] = [await roleId(second, 'SYSTEM_OWNER'), await roleId(first, 'SYSTEM_OWNER')];
      const replies = await Promise.all([take(mine, owner), take(theirs, other)]);
      expect(replies.map(({ status }) => status).toSorted()).toEqual([303, 403]);
      expect(await app.rows(`select from system_role where kind = 'SYSTEM_OWNER'`)).toHaveLength(1);
      await operate(
        app,
        `insert into system_role (user_id, kind) select id, 'SYSTEM_OWNER' from app_user where id in (${first}, ${second}) on conflict do nothing`,
      );
    }
  });

  it('cannot go in the database either, nor leave or be deleted', async () => {
    const first = await idOf(app, 'system-owner');
    const alone = `delete from system_role where kind = 'SYSTEM_OWNER' and user_id <> ${first}`;
    await operate(app, alone);
    await expect(operate(app, `delete from system_role where kind = 'SYSTEM_OWNER'`)).rejects.toThrow(
      'last system owner',
    );
    const leaves = `insert into departure (organisation_id, user_id, last_day, reason, created_by_id)
      select organisation_id, id, danish_today() + 9, 'x', id from app_user where id = ${first}`;
    await expect(operate(app, leaves)).rejects.toThrow('last system owner');
    await expect(operate(app, `update app_user set deleted_at = now() where id = ${first}`)).rejects.toThrow(
      'system role',
    );
  });
});

it('a role ends with the user, and the system owners are told', async () => {
  const userId = nextUser();
  await give(userId, 'SERVICEDESK');
  const admin = app.browser();
  const administrator = only(
    await app.rows<{ id: number }>(
      `select a.user_id as id from administrator a join organisation o on o.id = a.organisation_id
       where o.cvr = $1 and a.kind = 'ORGANISATION' order by a.id limit 1`,
      [cvrs.systemOwner],
    ),
  ).id;
  await app.signIn(admin, 'sebadmin', await claimsOfUser(app, administrator));
  const page = `/organisationer/${cvrs.systemOwner}/brugere/${userId}/slet`;
  const done = await admin.submit('sebadmin', page, {});
  expect([done.status, mainText(done.text)]).toEqual([303, expect.anything()]);
  expect(await held(userId)).toEqual([]);
  expect((await eventsOf(done)).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['systemRole.removed', 'user.deleted']),
  );
  const told = await app.rows(
    `select from mail_outbox where kind = 'systemRole.ended' and to_address = 'birgitte.ahlgreen@sds-demo.example' and text like '%slettet eller fratrådt%'`,
  );
  expect(told).not.toHaveLength(0);
});

describe('Find din administrator', () => {
  it('names the administrators of one’s own organisation, without addresses for those who are none', async () => {
    for (const portal of ['sebanmod'] as const) {
      const employee = await app.signedIn('region-user', portal);
      const { text } = await employee.get(portal, '/find-administrator');
      expect(mainText(text)).toContain('Åse Østergård Organisationsadministrator Hele regionen');
      expect(mainText(text)).toContain('Mette-Marie Sørensen Brugeradministrator');
      expect(mainText(text)).toContain('vikar for Lars Thygesen');
      expect(text).not.toMatch(/@region-eksempel|Ulla Ærø|<td>Lars Thygesen|Kirsten Damgaard/);
      expect(await faultsOfHtml(text)).toEqual([]);
    }
    const admin = await app.signedIn('region-read-only');
    expect((await admin.get('sebadmin', '/find-administrator')).text).toContain('mailto:aase.oestergaard@');
    const here = await app.signedIn('region-user', 'sebanmod');
    expect((await here.get('sebanmod', '/')).text).toContain('href="/find-administrator"');
  });

  it('shows the way to the servicedesk with the CVR in the subject, where there is nobody', async () => {
    const employee = await app.signedIn('practice-doctor', 'sebanmod');
    const to = async (kind: string): Promise<void> =>
      operate(app, `update administrator set kind = '${kind}' where user_id = ${await idOf(app, 'practice-doctor')}`);
    await app.rows('alter table administrator disable trigger keep_one_administrator');
    await to('READ_ONLY');
    const { text } = await employee.get('sebanmod', '/find-administrator');
    await to('ORGANISATION');
    await app.rows('alter table administrator enable trigger keep_one_administrator');
    expect(mainText(text)).toContain('ingen administrator');
    expect(text).toContain(`?subject=${encodeURIComponent(`SEB, CVR ${cvrs.practice}`)}`);
  });
});

describe('Få organisationsadministratorer', () => {
  it('lists open organisations that hang by one or none, for the system owner and the servicedesk', async () => {
    for (const person of ['system-owner', 'servicedesk']) {
      const { status, text } = await (await app.signedIn(person)).get('sebadmin', '/rapporter/faa-administratorer');
      expect([status, mainText(text)]).toEqual([200, expect.stringContaining('Lægehuset Prøvegade')]);
      expect(mainText(text)).toContain('Anders Øland');
      expect(mainText(text)).not.toMatch(/Region Eksempel|Klinik Fjordblik|Øreklinikken/);
    }
    const admin = await app.signedIn('region-org-admin');
    expect((await admin.get('sebadmin', '/rapporter/faa-administratorer')).status).toBe(403);
  });
});
