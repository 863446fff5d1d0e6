import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeExpired } from '../../src/jobs/expired.changes.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { mainText } from '../support/browser.ts';
import { faultsOfHtml } from '../support/html-validate.ts';
import { claimsOfUser, cvrs, givableRoles, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
let users: number[];
const browsers = new Map<string, Browser>();
const who = [
  'servicedesk',
  'system-owner',
  'region-org-admin',
  'region-user-admin',
  'region-read-only',
  'municipality-org-admin',
];

beforeAll(async () => {
  app = await startApp();
  for (const key of who) browsers.set(key, await app.signedIn(key));
  users = await ordinaryUsers(app, cvrs.region, 8);
});
afterAll(() => app.close());

const nextUser = (): number => users.shift() ?? 0;
function by(key: string): Browser {
  const browser = browsers.get(key);
  if (browser === undefined) throw new Error(`${key} is not signed in`);
  return browser;
}
const at = (id: number, cvr: string = cvrs.region): string => `/organisationer/${cvr}/brugere/${id}/adgangstjek`;

/** A login that is refused; its reference as the page tells it. */
async function refusedAs(
  ...[claims, portal = 'sebanmod']: [Parameters<App['signIn']>[2], ('sebadmin' | 'sebanmod')?]
): Promise<string> {
  const reply = await app.signIn(app.browser(), portal, claims);
  expect(reply.status).toBe(403);
  return /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(mainText(reply.text))?.[0] ?? '';
}

async function found(browser: Browser, reference: string): Promise<string> {
  const page = await browser.get('sebadmin', `/adgangstjek?reference=${encodeURIComponent(reference)}`);
  expect(page.status).toBe(200);
  expect(await faultsOfHtml(page.text)).toEqual([]);
  return mainText(page.text);
}

describe('from the reference of a refused login', () => {
  it('the servicedesk finds who it was, why, and what to do', async () => {
    const id = nextUser();
    const claims = await claimsOfUser(app, id);
    await operate(
      app,
      `update app_user set locked_from = now() - interval '1 day', lock_reason = 'Orlov' where id = ${id}`,
    );
    const reference = await refusedAs(claims);
    const text = await found(by('servicedesk'), reference.toLowerCase().replaceAll('-', ' '));
    expect(text).toContain('Brugeren er spærret.');
    expect(text).toContain(`RID-nummer ${claims.rid}`);
    expect(text).toContain('Årsag: Orlov');
    expect(text).toContain('ting kan forhindre adgang');
    expect(text).toContain('Adgangstjek af');
  });

  it('is found by those of the person’s own organisation, and by no other', async () => {
    const stranger = {
      ...(await claimsOfUser(app, nextUser())),
      rid: 'UKENDT-77',
      uuid: '11111111-2222-4333-8444-555555555555',
      firstName: 'Ukendt',
      lastName: 'Fremmed',
    };
    const reference = await refusedAs(stranger, 'sebadmin');
    for (const key of ['servicedesk', 'system-owner', 'region-org-admin', 'region-user-admin', 'region-read-only']) {
      const text = await found(by(key), reference);
      expect(text).toContain('UKENDT-77');
      expect(text).toContain('Ingen bruger i organisationen har det RID-nummer eller UUID.');
      expect(text).toContain('foranstillede nuller');
    }
    const text = await found(by('municipality-org-admin'), reference);
    expect(text).not.toContain('UKENDT-77');
    expect(text).toContain('Intet afvist login med det referencenummer');
  });

  it('of a CVR that is no organisation of ours tells no name, and only those who see all', async () => {
    const stranger = {
      ...(await claimsOfUser(app, nextUser())),
      cvr: '11223344',
      organisationName: 'Fremmed ApS',
      rid: 'FREMMED-1',
    };
    const reference = await refusedAs(stranger, 'sebadmin');
    const text = await found(by('servicedesk'), reference);
    expect(text).toContain('11 22 33 44');
    expect(text).toContain('Fremmed ApS');
    expect(text).not.toContain('FREMMED-1');
    expect(await found(by('region-org-admin'), reference)).not.toContain('11 22 33 44');
    const row = only(
      await app.rows<{ name: string | null }>('select name from refused_sign_in where reference = $1', [reference]),
    );
    expect(row.name).toBeNull();
  });

  it('tells too low a level, and a portal that is not for the person', async () => {
    const id = nextUser();
    const claims = await claimsOfUser(app, id);
    const low = await found(by('region-org-admin'), await refusedAs({ ...claims, level: 'Low' }));
    expect(low).toContain('SEB kræver mindst Betydelig');
    expect(low).toContain('Det seneste login var på niveau Lav');
    const wrong = await found(by('region-org-admin'), await refusedAs(claims, 'sebadmin'));
    expect(wrong).toContain('brugeradministrationen er kun for administratorer');
  });

  it('is gone after 90 days', async () => {
    const reference = await refusedAs({ ...(await claimsOfUser(app, nextUser())), level: 'Low' });
    await app.rows(`update refused_sign_in set at = now() - interval '91 days' where reference = $1`, [reference]);
    expect((await removeExpired(app.database)).refusedSignIns).toBe(1);
    expect(await found(by('servicedesk'), reference)).toContain('gemmes i 90 dage');
  });

  it('that is nonsense is looked for without harm', async () => {
    for (const text of ['x', "'; drop table app_user; --", 'æøå'.repeat(40), '7F3K-22QX-9ABM'])
      expect(await found(by('region-org-admin'), text)).toContain('Intet afvist login');
  });
});

describe('from the user’s page', () => {
  it('shows what is right and wrong, with the refused logins', async () => {
    const id = nextUser();
    const [needing] = await app.rows<{ id: number }>(
      `select r.id from role r join service s on s.id = r.service_id join organisation_role g on g.role_id = r.id join organisation o on o.id = g.organisation_id
       where o.cvr = $1 and r.needs_cpr and not r.needs_sor and r.retired_at is null and s.retired_at is null and g.withdrawn_at is null limit 1`,
      [cvrs.region],
    );
    const role = needing ?? only(await givableRoles(app, cvrs.region, false));
    await operate(
      app,
      `insert into role_assignment (organisation_id, user_id, role_id) select organisation_id, id, ${role.id} from app_user where id = ${id} on conflict do nothing`,
    );
    const claims = await claimsOfUser(app, id);
    expect((await app.signIn(app.browser(), 'sebanmod', { ...claims, carriesCpr: false })).status).toBe(303);
    const reference = await refusedAs({ ...claims, level: 'Low' });
    const page = await by('servicedesk').get('sebadmin', at(id));
    expect(await faultsOfHtml(page.text)).toEqual([]);
    const text = mainText(page.text);
    if (needing !== undefined) expect(text).toContain('Det seneste login havde ikke CPR-nummer');
    expect(text).toContain(`Se reference ${reference}`);
    expect(mainText((await by('servicedesk').get('sebadmin', at(id).replace('/adgangstjek', ''))).text)).toContain(
      'Adgangstjek',
    );
  });

  it('also of a deleted user; of another organisation it is 404', async () => {
    const deleted = only(
      await app.rows<{ id: number }>(
        'select u.id from app_user u join organisation o on o.id = u.organisation_id where o.cvr = $1 and u.deleted_at is not null order by u.id limit 1',
        [cvrs.region],
      ),
    ).id;
    expect(mainText((await by('region-org-admin').get('sebadmin', at(deleted))).text)).toContain('Slettet');
    const foreign = only(await ordinaryUsers(app, cvrs.municipality, 1));
    for (const path of [at(foreign), at(foreign, cvrs.municipality)])
      expect((await by('region-org-admin').get('sebadmin', path)).status).toBe(404);
    expect((await by('servicedesk').get('sebadmin', at(foreign))).status).toBe(404);
    expect((await by('servicedesk').get('sebadmin', at(foreign, cvrs.municipality))).status).toBe(200);
  });

  it('shows each their own in sebanmod', async () => {
    const browser = await app.signedIn('region-user', 'sebanmod');
    const page = await browser.get('sebanmod', '/adgangstjek');
    expect(page.status).toBe(200);
    expect(await faultsOfHtml(page.text)).toEqual([]);
    expect(mainText(page.text)).toContain('Søren Ægidius Nørgård');
    expect(mainText((await browser.get('sebanmod', '/')).text)).toContain('Virker en adgang ikke?');
  });
});

describe('a search over all organisations', () => {
  const search = async (key: string, text: string): Promise<string> =>
    mainText((await by(key).get('sebadmin', `/brugere?soeg=${encodeURIComponent(text)}`)).text);

  it('finds by name, e-mail, RID and username, in reach only', async () => {
    const foreign = await idOf(app, 'municipality-org-admin');
    const [user] = await app.rows<Record<'email' | 'rid' | 'username' | 'last_name', string>>(
      'select email, rid, username, last_name from app_user where id = $1',
      [foreign],
    );
    for (const text of [user?.email, user?.rid, user?.username, user?.last_name])
      expect(await search('servicedesk', text ?? 'nothing')).toContain(user?.email);
    expect(await search('region-org-admin', user?.email ?? '')).toContain('Ingen brugere passer');
    expect(await search('municipality-org-admin', user?.email ?? '')).toContain(user?.username);
  });

  it('asks for three letters, and says when there are more', async () => {
    expect(await search('servicedesk', 'a b')).toContain('mindst tre bogstaver');
    expect(await search('servicedesk', 'sen')).toContain('Der er flere');
  });
});
