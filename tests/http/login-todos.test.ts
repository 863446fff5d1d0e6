import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LoginClaims } from '../../src/demo/identity-provider/login-claims.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser, Fields, Reply } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { checksums, claimsOfUser, cvrs, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let admin: Browser;
let userAdmin: Browser;
const people: number[] = [];
const list = `/organisationer/${cvrs.region}/huskeliste`;

beforeAll(async () => {
  app = await startApp();
  admin = await app.signedIn('region-org-admin');
  userAdmin = await app.signedIn('region-user-admin');
  people.push(...(await ordinaryUsers(app, cvrs.region, 40)));
});
beforeEach(() => app.rows('delete from rate_limit'));
afterAll(() => app.close());

type Row = { uuid: string | null; rid: string; first_name: string; last_name: string; email: string; version: number };
const userOf = async (id: number): Promise<Row> =>
  only(
    await app.rows<Row>('select uuid, rid, first_name, last_name, email, version from app_user where id = $1', [id]),
  );
const nameOf = async (id: number): Promise<string> => {
  const { first_name, last_name } = await userOf(id);
  return `${first_name} ${last_name}`;
};
const nextUser = async (): Promise<number> => {
  const id = people.shift() ?? 0;
  await operate(app, `update app_user set uuid = '${randomUUID()}' where id = ${id}`);
  return id;
};
const todosOf = (id: number) =>
  app.rows<{ id: number; kind: string; done: boolean }>(
    'select id, kind, done_at is not null as done from todo where user_id = $1 order by id',
    [id],
  );
const kindsOf = async (id: number): Promise<string[]> =>
  (await app.rows<{ kind: string }>('select kind from audit_event where target_user_id = $1 order by id', [id])).map(
    ({ kind }) => kind,
  );
const enter = (claims: Partial<LoginClaims>): Promise<Reply> => app.signIn(app.browser(), 'sebanmod', claims);

type Met = { byRid: number; byUuid: number; uuid: string; rid: string; path: string; claims: LoginClaims };

/** A login with the RID of one user and the UUID of another. */
async function conflict(byRid?: number): Promise<Met> {
  const [rids, uuids] = [byRid ?? (await nextUser()), await nextUser()];
  const { rid } = await userOf(rids);
  const claims = { ...(await claimsOfUser(app, uuids)), rid };
  expect((await enter(claims)).status).toBe(403);
  const todo = only((await todosOf(rids)).filter(({ kind }) => kind === 'identity.conflict'));
  return { byRid: rids, byUuid: uuids, uuid: claims.uuid, rid, path: `${list}/${todo.id}/konflikt`, claims };
}
const decide = (browser: Browser, path: string, fields: Fields): Promise<Reply> =>
  browser.submit('sebadmin', path, fields);

describe('a login of two users', () => {
  it('lets nobody in, stands once on both administrators’ lists, and shows both users beside the login', async () => {
    const { byRid, byUuid, path, claims } = await conflict();
    expect((await enter(claims)).status).toBe(403);
    expect(await todosOf(byRid)).toHaveLength(1);
    // Another login that claims the same RID waits beside it.
    const another = { ...claims, uuid: randomUUID() };
    for (const _ of [1, 2]) expect((await enter(another)).status).toBe(403);
    expect(await todosOf(byRid)).toHaveLength(2);
    for (const browser of [admin, userAdmin]) {
      const shown = await browser.get('sebadmin', list);
      expect(mainText(shown.text)).toContain(`${await nameOf(byRid)} og ${await nameOf(byUuid)}`);
      expect(shown.text).toContain(`href="${path}"`);
      const page = mainText((await browser.get('sebadmin', path)).text);
      for (const said of [await nameOf(byRid), await nameOf(byUuid), claims.uuid, claims.rid ?? '', 'NemLog-in (test)'])
        expect(page).toContain(said);
    }
    // The servicedesk helps and decides nothing; nobody else learns of it.
    const desk = await (await app.signedIn('servicedesk')).get('sebadmin', path);
    expect([desk.status, desk.text.includes('name="afgoerelse"')]).toEqual([200, false]);
    expect(desk.text).toContain('href="/loginkonflikter"');
    for (const [who, status] of [
      ['region-read-only', 403],
      ['system-owner', 403],
      ['municipality-org-admin', 404],
    ] as const)
      expect([who, (await (await app.signedIn(who)).get('sebadmin', path)).status]).toEqual([who, status]);
    const foreign = await app.signedIn('municipality-org-admin');
    expect((await foreign.get('sebadmin', path.replace(cvrs.region, cvrs.municipality))).status).toBe(404);
    expect((await decide(admin, path, { afgoerelse: 'afvis' })).location).toBe(list);
    const [, second] = await todosOf(byRid);
    expect((await todosOf(byRid)).map(({ done }) => done)).toEqual([true, false]);
    await decide(admin, `${list}/${second?.id}/konflikt`, { afgoerelse: 'uuid' });
    expect((await userOf(byRid)).uuid).toBe(another.uuid);
  });

  it('tells two people of one name apart by their RID numbers', async () => {
    const [one, two] = [await nextUser(), await nextUser()];
    await operate(app, `update app_user set first_name = 'Bo', last_name = 'Ens' where id in (${one}, ${two})`);
    people.unshift(two);
    const { path, byRid, byUuid } = await conflict(one);
    const page = mainText((await admin.get('sebadmin', path)).text);
    for (const id of [byRid, byUuid])
      expect(page).toContain(`Loginet tilhører Bo Ens (RID-nummer ${(await userOf(id)).rid})`);
    await decide(admin, path, { afgoerelse: 'afvis' });
  });

  it('stands on the servicedesk’s list of all organisations until it is decided', async () => {
    const { byRid, byUuid, path } = await conflict();
    const desk = await app.signedIn('servicedesk');
    expect((await desk.get('sebadmin', '/')).text).toContain('href="/loginkonflikter"');
    const both = `${await nameOf(byRid)} og ${await nameOf(byUuid)} Region Eksempel CVR 39 91 00 12`;
    const waiting = await desk.get('sebadmin', '/loginkonflikter');
    expect(mainText(waiting.text)).toContain(both);
    expect(waiting.text).toContain(`href="${path}"`);
    const todo = Number(path.split('/').at(-2));
    expect(mainText((await desk.get('sebadmin', `/loginkonflikter?efter=${todo - 1}`)).text)).toContain(both);
    expect(mainText((await desk.get('sebadmin', `/loginkonflikter?efter=${todo}`)).text)).toContain(
      'Der er ikke flere',
    );
    await decide(admin, path, { afgoerelse: 'afvis' });
    expect((await desk.get('sebadmin', '/loginkonflikter')).text).not.toContain(path);
    for (const who of ['region-org-admin', 'system-owner', 'region-read-only'])
      expect([who, (await (await app.signedIn(who)).get('sebadmin', '/loginkonflikter')).status]).toEqual([who, 403]);
  });

  it('moves the UUID to the RID’s user, who then gets in; the other is signed out and told', async () => {
    const { byRid, byUuid, uuid, path, claims } = await conflict();
    const other = app.browser();
    expect((await app.signIn(other, 'sebanmod', await claimsOfUser(app, byUuid))).status).toBe(303);
    expect((await decide(userAdmin, path, { afgoerelse: 'uuid' })).location).toBe(list);
    expect([(await userOf(byRid)).uuid, (await userOf(byUuid)).uuid]).toEqual([uuid, null]);
    expect((await other.get('sebanmod', '/')).status).toBe(303);
    expect((await enter(claims)).status).toBe(303);
    expect(await kindsOf(byRid)).toEqual(
      expect.arrayContaining(['identity.conflictFound', 'identity.conflictDecided', 'user.uuidMoved']),
    );
    expect(await kindsOf(byUuid)).toContain('user.uuidRemoved');
    for (const id of [byRid, byUuid]) {
      const { email } = await userOf(id);
      expect(
        await app.rows(`select from mail_outbox where kind = 'rid.changed' and to_address = $1`, [email]),
      ).not.toEqual([]);
    }
  });

  it('moves the RID to the UUID’s user when the former holder gets another', async () => {
    const { byRid, byUuid, uuid, rid, path, claims } = await conflict();
    const before = await checksums(app);
    for (const [fields, said] of [
      [{}, 'Vælg, hvem loginet tilhører'],
      [{ afgoerelse: 'rid' }, 'Skriv det RID-nummer'],
      [{ afgoerelse: 'rid', rid }, 'Skriv et andet RID-nummer end loginets'],
      [{ afgoerelse: 'rid', rid: (await userOf(byUuid)).rid }, 'bruges allerede af'],
      [{ afgoerelse: 'alle' }, 'Vælg, hvem loginet tilhører'],
    ] as const) {
      const refused = await decide(admin, path, fields);
      expect([refused.status, mainText(refused.text)]).toEqual([422, expect.stringContaining(said)]);
    }
    expect(await checksums(app)).toEqual(before);
    expect((await decide(admin, path, { afgoerelse: 'rid', rid: 'NY-RID-1' })).location).toBe(list);
    expect(await userOf(byRid)).toMatchObject({ rid: 'NY-RID-1', uuid: null });
    expect(await userOf(byUuid)).toMatchObject({ rid, uuid });
    expect((await enter(claims)).status).toBe(303);
    expect(await kindsOf(byRid)).toContain('user.ridChanged');
  });

  it('binds a new login to a user who had another, or rejects it and asks again next time', async () => {
    const id = await nextUser();
    const claims = { ...(await claimsOfUser(app, id)), uuid: randomUUID() };
    const { uuid: former } = await userOf(id);
    expect((await enter(claims)).status).toBe(403);
    const path = `${list}/${only(await todosOf(id)).id}/konflikt`;
    expect((await admin.get('sebadmin', path)).text).not.toContain('value="rid"');
    expect((await decide(admin, path, { afgoerelse: 'afvis' })).status).toBe(303);
    expect((await userOf(id)).uuid).toBe(former);
    expect((await enter(claims)).status).toBe(403);
    const again = `${list}/${(await todosOf(id)).at(-1)?.id}/konflikt`;
    expect(again).not.toBe(path);
    expect((await decide(admin, again, { afgoerelse: 'uuid' })).status).toBe(303);
    expect((await userOf(id)).uuid).toBe(claims.uuid);
    expect((await enter(claims)).status).toBe(303);
  });

  it('is decided once: a double click, a late one, a stale page and a tick change nothing more', async () => {
    const { byRid, byUuid, uuid, path } = await conflict();
    const form = formOf((await admin.get('sebadmin', path)).text, path);
    const tick = path.replace('/konflikt', '/udfoert');
    const ticked = await admin.post('sebadmin', tick, { ...form.fields, fra: 'liste' });
    expect([ticked.status, mainText(ticked.text)]).toEqual([409, expect.stringContaining('afgør det der')]);
    await operate(app, `update app_user set version = version + 1 where id = ${byUuid}`);
    const stale = await admin.post('sebadmin', path, { ...form.fields, afgoerelse: 'uuid' });
    expect([stale.status, mainText(stale.text)]).toEqual([409, expect.stringContaining('er ændret')]);
    const fresh = formOf(stale.text, path).fields;
    const answers = await Promise.all([1, 2].map(() => admin.post('sebadmin', path, { ...fresh, afgoerelse: 'uuid' })));
    expect(answers.map(({ location }) => location)).toEqual([list, list]);
    const late = await userAdmin.post('sebadmin', path, {
      ...formOf((await userAdmin.get('sebadmin', list)).text, '/log-af').fields,
      _key: randomUUID(),
      afgoerelse: 'afvis',
    });
    expect(late.status).toBe(409);
    expect([(await userOf(byRid)).uuid, (await userOf(byUuid)).uuid]).toEqual([uuid, null]);
    expect((await kindsOf(byRid)).filter((kind) => kind === 'identity.conflictDecided')).toHaveLength(1);
  });

  it('is no longer there when a user was corrected: only closing is offered', async () => {
    const { byRid, byUuid, path } = await conflict();
    const form = formOf((await admin.get('sebadmin', path)).text, path).fields;
    await operate(app, `update app_user set deleted_at = now() where id = ${byUuid}`);
    expect((await admin.post('sebadmin', path, { ...form, afgoerelse: 'uuid' })).status).toBe(409);
    const page = await admin.get('sebadmin', path);
    expect([mainText(page.text), page.text.includes('value="uuid"')]).toEqual([
      expect.stringContaining('Brugerne er ændret siden'),
      false,
    ]);
    const forged = await decide(admin, path, { afgoerelse: 'uuid' });
    expect([forged.status, mainText(forged.text)]).toEqual([422, expect.stringContaining('kan ikke vælges')]);
    expect((await decide(admin, path, { afgoerelse: 'afvis' })).status).toBe(303);
    expect((await todosOf(byRid)).every(({ done }) => done)).toBe(true);
  });

  it('is decided by nobody about oneself, and by no brugeradministrator about an administrator', async () => {
    const { path } = await conflict(await idOf(app, 'region-org-admin'));
    const own = await admin.get('sebadmin', path);
    expect([own.status, own.text.includes('name="afgoerelse"')]).toEqual([200, false]);
    expect((await userAdmin.get('sebadmin', path)).status).toBe(403);
    const { fields } = formOf(own.text, '/log-af');
    for (const [browser, who] of [
      [admin, 'region-org-admin'],
      [userAdmin, 'region-user-admin'],
    ] as const) {
      const token = formOf((await browser.get('sebadmin', list)).text, '/log-af').fields;
      const forged = { ...fields, ...token, _key: randomUUID(), afgoerelse: 'uuid' };
      expect([who, (await browser.post('sebadmin', path, forged)).status]).toEqual([who, 403]);
    }
    const colleague = await app.signedIn('region-org-admin-2');
    expect((await decide(colleague, path, { afgoerelse: 'afvis' })).status).toBe(303);
  });
});

describe('a login with another name or e-mail', () => {
  async function differing(told: Partial<LoginClaims>): Promise<{ id: number; path: string; claims: LoginClaims }> {
    const id = await nextUser();
    const claims = { ...(await claimsOfUser(app, id)), ...told };
    expect((await enter(claims)).status).toBe(303);
    const todo = only((await todosOf(id)).filter(({ kind, done }) => kind === 'user.differs' && !done));
    return { id, path: `${list}/${todo.id}/opdater`, claims };
  }

  it('is asked about once, and what is chosen is taken over in one click', async () => {
    const told = { firstName: 'Nyfornavn', lastName: 'Nyefternavn', email: 'ny.adresse@region-eksempel.example' };
    const { id, path, claims } = await differing(told);
    const before = await userOf(id);
    expect((await enter(claims)).status).toBe(303);
    expect(await todosOf(id)).toHaveLength(1);
    const page = mainText((await userAdmin.get('sebadmin', path)).text);
    for (const text of [...Object.values(told), before.email, before.last_name]) expect(page).toContain(text);
    const { fields } = formOf((await userAdmin.get('sebadmin', path)).text, path);
    expect(fields.felt).toEqual(['fornavn', 'efternavn', 'email']);
    const forged = { felt: ['efternavn', 'email'], efternavn: 'Forfalsket', rid: 'X' };
    expect((await decide(userAdmin, path, forged)).location).toBe(list);
    expect(await userOf(id)).toMatchObject({
      first_name: before.first_name,
      last_name: told.lastName,
      email: told.email,
      rid: before.rid,
    });
    expect(await kindsOf(id)).toEqual(
      expect.arrayContaining(['identity.differenceFound', 'user.loginDataAdopted', 'user.edited']),
    );
    expect(
      await app.rows(`select from mail_outbox where kind = 'email.changed' and to_address = $1`, [before.email]),
    ).toHaveLength(1);
    expect((await todosOf(id)).map(({ done }) => done)).toEqual([true]);
    expect((await userAdmin.post('sebadmin', path, { ...fields, _key: randomUUID() })).status).toBe(409);
  });

  it('is refused with nothing chosen, with a field that is none, by a stale page, and of what SEB cannot keep', async () => {
    const { id, path } = await differing({ email: 'nogen@intranet' });
    const before = await userOf(id);
    for (const [felt, said] of [
      [[], 'Vælg mindst ét felt'],
      [['rid'], 'Vælg blandt felterne'],
      [['fornavn'], 'står allerede i SEB'],
      [['email'], 'kan ikke bruges'],
    ] as const) {
      const reply = await decide(admin, path, { felt });
      expect([reply.status, mainText(reply.text)]).toEqual([422, expect.stringContaining(said)]);
    }
    const { fields } = formOf((await admin.get('sebadmin', path)).text, path);
    await operate(
      app,
      `update app_user set first_name = 'Rettet', email = 'rettet@region-eksempel.example', version = version + 1 where id = ${id}`,
    );
    const { fields: again } = formOf((await admin.get('sebadmin', path)).text, path);
    await operate(
      app,
      `update todo set facts = jsonb_set(facts, '{email}', '"kan@bruges.example"') where user_id = ${id}`,
    );
    const stale = await admin.post('sebadmin', path, { ...fields, felt: 'email' });
    expect([stale.status, mainText(stale.text)]).toEqual([409, expect.stringContaining('mens du så på siden')]);
    expect(again.version).toBe(String(before.version + 1));
    expect((await userOf(id)).email).toBe('rettet@region-eksempel.example');
  });

  it('that is let be is not asked about again, until it tells something else', async () => {
    const { id, path, claims } = await differing({ lastName: 'Gift-Navn' });
    const left = await admin.submit('sebadmin', path, {}, path.replace('/opdater', '/udfoert'));
    expect(left.location).toBe(list);
    expect((await enter(claims)).status).toBe(303);
    expect(await todosOf(id)).toHaveLength(1);
    expect((await enter({ ...claims, lastName: 'Skilt-Navn' })).status).toBe(303);
    expect(await todosOf(id)).toHaveLength(2);
  });

  it('is updated by nobody about oneself, nor across the wall', async () => {
    const claims = await claimsOfUser(app, await idOf(app, 'region-org-admin'));
    expect((await app.signIn(app.browser(), 'sebadmin', { ...claims, firstName: 'Aase' })).status).toBe(303);
    const todo = only(
      await todosOf(await idOf(app, 'region-org-admin')).then((all) => all.filter(({ done }) => !done)),
    );
    const path = `${list}/${todo.id}/opdater`;
    expect((await admin.get('sebadmin', path)).status).toBe(403);
    expect((await userAdmin.get('sebadmin', path)).status).toBe(403);
    expect((await (await app.signedIn('region-org-admin-2')).get('sebadmin', path)).status).toBe(200);
    expect((await (await app.signedIn('municipality-org-admin')).get('sebadmin', path)).status).toBe(404);
  });
});
