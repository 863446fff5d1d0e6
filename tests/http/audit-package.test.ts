import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealKeyOf } from '../../src/application.ts';
import { makePackages } from '../../src/audit-package/audit-package.changes.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { formOf, mainText } from '../support/browser.ts';
import { multipart } from '../support/import-files.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { readXlsx, zipParts } from '../support/report-files.ts';
import { cvrs, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
const browsers = new Map<string, Browser>();
const path = `/organisationer/${cvrs.region}/revisionspakke`;
const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Copenhagen' });
const danish = (day: string): string => day.split('-').toReversed().join('-');

beforeAll(async () => {
  app = await startApp();
  for (const key of ['region-org-admin', 'region-user-admin', 'system-owner'])
    browsers.set(key, await app.signedIn(key));
});
afterAll(() => app.close());

const by = (key: string): Browser => browsers.get(key) ?? app.browser();

async function order(key: string, period: { fra: string; til: string }) {
  const shown = await by(key).get('sebadmin', path);
  expect(shown.status).toBe(200);
  return by(key).post('sebadmin', path, { ...formOf(shown.text, path).fields, ...period });
}
const make = () =>
  makePackages({ database: app.database, queueMails: async () => undefined }, sealKeyOf(app.config).publicKey);

async function filesOf(key: string): Promise<{ files: Map<string, Buffer>; zip: Buffer }> {
  const { text } = await by(key).get('sebadmin', path);
  expect(await faultsOfHtml(text)).toEqual([]);
  const href = /href="([^"]+\/fil)"/.exec(text)?.[1] ?? '';
  const { id } = only(
    await app.rows<{ id: number }>(
      'select max(id) as id from audit_package where sha256 is not null and ordered_by_id = $1',
      [await idOf(app, key)],
    ),
  );
  expect(href).toBe(`${path}/${id}/fil`);
  const reply = await by(key).get('sebadmin', href);
  expect(reply.status).toBe(200);
  expect(reply.headers['content-type']).toBe('application/zip');
  // The page's text is decoded: the bytes are those that are kept.
  const parts = await app.rows<{ content: Buffer }>(
    'select content from audit_package_part where package_id = $1 order by number',
    [id],
  );
  const zip = Buffer.concat(parts.map(({ content }) => content));
  expect(mainText(text)).toContain(createHash('sha256').update(zip).digest('hex'));
  return { files: await zipParts(zip), zip };
}

async function check(content: Buffer, by: Browser): Promise<string> {
  const checkPath = '/rapporter/kontroller';
  const { fields } = formOf((await by.get('sebadmin', checkPath)).text, checkPath);
  const { body, headers } = multipart({ ...fields, sha256: '' } as Record<string, string>, { name: 'fil', content });
  return mainText((await by.send('sebadmin', checkPath, { method: 'POST', body, headers })).text);
}

describe('the audit package', () => {
  it('holds what the period and the organisation say, each file with its hash in the manifest', async () => {
    const [user = 0, later = 0] = await ordinaryUsers(app, cvrs.region, 2);
    // Held at the end of 2020, and not held any longer; created afterwards.
    await operate(
      app,
      `insert into role_assignment (organisation_id, user_id, role_id, valid_from, valid_to)
       select u.organisation_id, u.id, (select r.id from organisation_role g join role r on r.id = g.role_id where g.organisation_id = u.organisation_id and not r.needs_sor and g.withdrawn_at is null
         and not exists (select from role_assignment h where h.user_id = u.id and h.role_id = r.id) order by r.id limit 1), '2020-05-01', '2021-05-01' from app_user u where u.id = ${user};
       update app_user set created_at = '2020-01-01' where id = ${user}; update app_user set created_at = '2021-01-02' where id = ${later}`,
    );
    // A user of another organisation who administered this one, as the log of it names them.
    const guest = only(
      await app.rows<{ id: number; name: string }>(
        `select u.id, u.first_name || ' ' || u.last_name as name from app_user u join organisation o on o.id = u.organisation_id
         where o.cvr = $1 and u.deleted_at is null order by u.id limit 1`,
        [cvrs.municipality],
      ),
    );
    await operate(
      app,
      `insert into administrator (organisation_id, user_id, home_organisation_id, kind, valid_from, valid_to)
       select o.id, u.id, u.organisation_id, 'USER', '2020-02-01', '2020-08-01' from organisation o, app_user u where o.cvr = '${cvrs.region}' and u.id = ${guest.id};
       insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role, target_user_id, target_name, detail)
       select 'user.unlocked', o.id, o.name, 'PERSON', ${guest.id}, '${guest.name}', 'userAdministrator', ${later}, 'En Anden', '{"wasPlanned": false}'
       from organisation o where o.cvr = '${cvrs.region}'`,
    );
    expect((await order('region-org-admin', { fra: '01-01-2020', til: '31-12-2020' })).status).toBe(303);
    expect((await make()).map(({ failure }) => failure)).toEqual([null]);
    const { files } = await filesOf('region-org-admin');
    expect([...files.keys()].filter((name) => !name.startsWith('aftaler/'))).toEqual([
      'brugere.xlsx',
      'aendringer.xlsx',
      'administratorer.xlsx',
      'anmodninger.xlsx',
      'forsegling/roedder.txt',
      'forsegling/noegle.pem',
      'LAES-MIG.txt',
      'manifest.sha256',
    ]);
    const manifest = files.get('manifest.sha256')?.toString() ?? '';
    for (const [name, content] of files)
      if (name !== 'manifest.sha256')
        expect(manifest).toContain(`${createHash('sha256').update(content).digest('hex')}  ${name}\n`);
    const names = await app.rows<{ id: number; username: string }>(
      'select id, username from app_user where id in ($1, $2)',
      [user, later],
    );
    const users = JSON.stringify(await readXlsx(files.get('brugere.xlsx') ?? Buffer.alloc(0)));
    expect(users).toContain(names.find(({ id }) => id === user)?.username);
    expect(users).not.toContain(names.find(({ id }) => id === later)?.username);
    expect(users).toContain('"01-05-2020","01-05-2021"');
    const { count } = only(
      await app.rows<{ count: number }>(
        `select count(*)::int as count from audit_event e join organisation o on o.id = e.organisation_id
         where o.cvr = $1 and (e.at at time zone 'Europe/Copenhagen')::date between '2020-01-01' and '2020-12-31'`,
        [cvrs.region],
      ),
    );
    expect(count).toBeGreaterThan(10);
    const changes = JSON.stringify(await readXlsx(files.get('aendringer.xlsx') ?? Buffer.alloc(0)));
    expect(changes.match(/role\.assigned|role\.withdrawn|user\.[a-zA-Z]+/g)?.length).toBe(count);
    const named = JSON.stringify(await readXlsx(files.get('administratorer.xlsx') ?? Buffer.alloc(0)));
    expect(named).toContain(guest.name);
    expect(named).not.toContain('bruger i en anden organisation');
    const told = await app.rows<{ kind: string }>(
      `select kind from audit_event where kind like 'auditPackage.%' order by id`,
    );
    expect(told.map(({ kind }) => kind)).toEqual([
      'auditPackage.ordered',
      'auditPackage.made',
      'auditPackage.downloaded',
    ]);
  });

  it('is known to the page "Kontrollér", whole and file by file, to who may see the organisation', async () => {
    const admin = by('region-org-admin');
    const { files, zip } = await filesOf('region-org-admin');
    const whole = await check(zip, admin);
    expect(whole).toContain('Filen er lavet i SEB og er uændret');
    expect(whole).toMatch(/Revisionspakke.*01-01-2020 til 31-12-2020.*Bestilt af.*SEB-/s);
    const sheet = files.get('brugere.xlsx') ?? Buffer.alloc(0);
    expect(await check(sheet, admin)).toContain('En fil i en revisionspakke');
    for (const file of [zip, sheet]) {
      const changed = Buffer.from(file);
      changed[200] = (changed[200] ?? 0) ^ 1;
      expect(await check(changed, admin)).toContain('Filen er ændret');
    }
    expect(await check(zip, await app.signedIn('municipality-org-admin'))).toContain('SEB kender ikke filen');
  });

  it('is for who ordered it alone, with the rights of the download', async () => {
    const { id } = only(await app.rows<{ id: number }>('select max(id) as id from audit_package'));
    for (const key of ['region-user-admin', 'system-owner'])
      expect((await by(key).get('sebadmin', `${path}/${id}/fil`)).status).toBe(404);
    expect(
      await app.rows(`select from audit_package where ordered_by_id = $1`, [await idOf(app, 'region-org-admin')]),
    ).toHaveLength(1);
  });

  it('that tells all is not fetched by somebody who became brugeradministrator', async () => {
    const me = await idOf(app, 'region-org-admin');
    const { id } = only(await app.rows<{ id: number }>('select max(id) as id from audit_package'));
    const fetch = async () => (await by('region-org-admin').get('sebadmin', `${path}/${id}/fil`)).status;
    expect(await fetch()).toBe(200);
    await operate(app, `update administrator set kind = 'USER' where user_id = ${me}`);
    expect(await fetch()).toBe(404);
    await operate(app, `update administrator set kind = 'ORGANISATION' where user_id = ${me}`);
  });

  it('of a brugeradministrator has neither network addresses nor what is about administrators', async () => {
    const administrator = await idOf(app, 'region-org-admin');
    for (const [target, address] of [
      [administrator, '192.0.2.1'],
      [only(await ordinaryUsers(app, cvrs.region, 1)), '192.0.2.2'],
    ])
      await app.rows(
        `insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_name, actor_role, target_user_id, target_name, detail, network_address)
         select 'user.unlocked', organisation_id, 'x', 'OPERATOR', 'Ældre Ansat', 'Drift', id, 'Målet ' || $2::text, '{"wasPlanned": false}', $2 from app_user where id = $1`,
        [target, address],
      );
    expect((await order('region-user-admin', { fra: danish(today), til: danish(today) })).status).toBe(303);
    await make();
    const { files } = await filesOf('region-user-admin');
    const changes = JSON.stringify(await readXlsx(files.get('aendringer.xlsx') ?? Buffer.alloc(0)));
    expect(changes).toContain('Målet 192.0.2.2');
    expect(changes).not.toContain('Målet 192.0.2.1');
    expect(changes).not.toMatch(/"192\.0\.2\.2"/);
  });

  it('is not made for somebody who has lost the right to it meanwhile', async () => {
    expect((await order('region-user-admin', { fra: danish(today), til: danish(today) })).status).toBe(303);
    expect((await by('region-user-admin').get('sebadmin', path)).text).not.toContain('Bestil revisionspakke');
    const user = await idOf(app, 'region-user-admin');
    await operate(app, `update administrator set kind = 'READ_ONLY' where user_id = ${user}`);
    expect((await make()).map(({ failure }) => failure)).toEqual([null]);
    expect(only(await app.rows('select failure from audit_package order by id desc limit 1'))).toEqual({
      failure: 'Den, der bestilte den, har ikke længere ret til det',
    });
    expect((await by('region-user-admin').get('sebadmin', path)).status).toBe(403);
  });

  it('is gone after a week, and still known', async () => {
    const { zip } = await filesOf('region-org-admin');
    await expect(app.rows(`update audit_package set ended_at = now() - interval '8 days'`)).rejects.toThrow(
      'not changed',
    );
    await app.rows(`alter table audit_package disable trigger audit_package_final;
      update audit_package set ended_at = now() - interval '8 days';
      alter table audit_package enable trigger audit_package_final`);
    await make();
    expect(await app.rows('select from audit_package_part')).toEqual([]);
    const shown = await by('region-org-admin').get('sebadmin', path);
    expect(shown.text).not.toContain('/fil"');
    const { id } = only(await app.rows<{ id: number }>('select min(id) as id from audit_package'));
    expect((await by('region-org-admin').get('sebadmin', `${path}/${id}/fil`)).status).toBe(404);
    expect(await check(zip, by('region-org-admin'))).toContain('uændret');
  });

  it.each([
    [{ fra: '', til: '' }, 'Skriv fra-datoen'],
    [{ fra: '02-01-2020', til: '01-01-2020' }, 'ligger før fra-datoen'],
    [{ fra: '01-01-2020', til: '01-01-2099' }, 'kan ikke ligge efter i dag'],
  ])('says what is wrong with the period %j', async (period, words) => {
    const reply = await order('system-owner', period);
    expect(reply.status).toBe(422);
    expect(mainText(reply.text)).toContain(words);
  });
});
