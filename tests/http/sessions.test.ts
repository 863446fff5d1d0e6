import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { Browser as NewBrowser, formOf, headingOf, mainText } from '../support/browser.ts';
import { checksums, claimsOfUser, cvrs, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';
import { withTableLocked } from '../support/table-lock.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const list = `/organisationer/${cvrs.region}/brugere`;
const cookieName = '__Host-sebadmin';

async function isSignedIn(browser: Browser): Promise<boolean> {
  const reply = await browser.get('sebadmin', '/mine-oplysninger');
  if (reply.status === 303) expect(reply.location).toBe('/login?til=%2Fmine-oplysninger');
  return reply.status === 200;
}

/** Somebody who administers the region and whom no other test needs. */
async function someAdministrator(): Promise<{ id: number; browser: Browser }> {
  const id = only(await ordinaryUsers(app, cvrs.region, 1));
  const region = `(select id from organisation where cvr = '${cvrs.region}')`;
  await operate(
    app,
    `insert into administrator (organisation_id, user_id, home_organisation_id, kind) values (${region}, ${id}, ${region}, 'USER')`,
  );
  const browser = app.browser();
  expect((await app.signIn(browser, 'sebadmin', await claimsOfUser(app, id))).status).toBe(303);
  return { id, browser };
}

describe('the cookies', () => {
  it('of a session stay at home when another site posts the answer of the login, which works all the same', async () => {
    const browser = await app.signedIn('region-org-admin');
    const old = browser.cookie('sebadmin', cookieName);
    const sent: (string | undefined)[] = [];
    const send = browser.send.bind(browser);
    browser.send = (portal, path, sending) => {
      if (path === '/saml/acs') sent.push(String(sending.crossSite));
      return send(portal, path, sending);
    };
    expect((await app.signIn(browser, 'sebadmin', 'region-user-admin')).status).toBe(303);
    expect(sent).toEqual(['true']);
    expect(browser.cookie('sebadmin', cookieName)).not.toBe(old);
    expect(mainText((await browser.get('sebadmin', '/')).text)).toContain('Velkommen');
  });

  it('of one portal mean nothing to the other', async () => {
    const browser = await app.signedIn('region-org-admin');
    await app.signIn(browser, 'sebanmod', 'region-org-admin');
    expect(browser.cookie('sebadmin', '__Host-sebanmod')).toBeUndefined();
    expect(browser.cookie('sebanmod', '__Host-sebadmin')).toBeUndefined();
    const stranger = app.browser();
    stranger.setCookie('sebanmod', '__Host-sebanmod', browser.cookie('sebadmin', cookieName) ?? '');
    // The same person may enter both; what is sent to the wrong portal under its own name must not.
    stranger.setCookie('sebanmod', '__Host-sebadmin', browser.cookie('sebadmin', cookieName) ?? '');
    stranger.deleteCookie('sebanmod', '__Host-sebanmod');
    expect((await stranger.get('sebanmod', '/')).status).toBe(303);
  });

  it('hold nothing that can be read in the database', async () => {
    const browser = await app.signedIn('region-org-admin');
    const id =
      decodeURIComponent(browser.cookie('sebadmin', cookieName) ?? '')
        .slice(2)
        .split('.')[0] ?? '';
    expect(id.length).toBeGreaterThan(40);
    expect(await app.rows('select from web_session where sid = $1 or sess::text like $2', [id, `%${id}%`])).toEqual([]);
  });
});

describe('a session', () => {
  it('gets a new id at login, and the old one opens nothing', async () => {
    const browser = await app.signedIn('region-org-admin');
    const planted = browser.cookie('sebadmin', cookieName) ?? '';
    await app.signIn(browser, 'sebadmin', 'region-org-admin');
    const now = browser.cookie('sebadmin', cookieName);
    expect(now).not.toBe(planted);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('takes the place of the one that the browser had, which ends on the server', async () => {
    const browser = await app.signedIn('region-org-admin');
    const old = browser.cookie('sebadmin', cookieName) ?? '';
    expect((await app.signIn(browser, 'sebadmin', 'region-user-admin')).status).toBe(303);
    const thief = app.browser();
    thief.setCookie('sebadmin', cookieName, old);
    expect(await isSignedIn(thief)).toBe(false);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('stays while a login that somebody else began comes to nothing', async () => {
    const browser = await app.signedIn('region-org-admin');
    const refused = await app.signIn(browser, 'sebadmin', { level: 'Low' });
    expect(refused.status).not.toBe(303);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('is not begun by an id that somebody plants', async () => {
    const browser = app.browser();
    for (const planted of ['s%3Aabc.def', 'abc', 's%3A', '']) {
      browser.setCookie('sebadmin', cookieName, planted);
      expect(await isSignedIn(browser)).toBe(false);
      await app.signIn(browser, 'sebadmin', 'region-org-admin');
      expect(browser.cookie('sebadmin', cookieName)).not.toBe(planted);
    }
  });

  it('is not begun by looking around', async () => {
    const before = await app.rows('select from web_session');
    const browser = app.browser();
    for (const path of ['/', '/login', '/login/start?idp=nemlog-in', '/logget-af', '/findes-ikke'])
      await browser.get('sebadmin', path);
    expect(browser.cookie('sebadmin', cookieName)).toBeUndefined();
    expect(await app.rows('select from web_session')).toHaveLength(before.length);
  });

  it('ends when nobody uses it, and lives while somebody does', async () => {
    const browser = await app.signedIn('region-user-admin');
    const mine = `where (sess->'signedIn'->>'userId')::int = ${await idOf(app, 'region-user-admin')}`;
    await app.rows(
      `update web_session set expire = now() + interval '1 minute', sess = jsonb_set(sess::jsonb, '{touchedAt}', '0')::json ${mine}`,
    );
    expect(await isSignedIn(browser)).toBe(true);
    const { minutes } = only(
      await app.rows<{ minutes: number }>(
        `select round(extract(epoch from max(expire) - now()) / 60)::int as minutes from web_session ${mine}`,
      ),
    );
    expect(minutes).toBe(30);
    await app.rows(`update web_session set expire = now() - interval '1 second' ${mine}`);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('is written at most once a minute for being used', async () => {
    const browser = await app.signedIn('region-read-only');
    const stand = () =>
      app.rows(`select xmin::text, expire from web_session where (sess->'signedIn'->>'userId')::int = ${idOfReader}`);
    const idOfReader = await idOf(app, 'region-read-only');
    await isSignedIn(browser);
    const before = await stand();
    for (let turn = 0; turn < 5; turn += 1) await browser.get('sebadmin', list);
    expect(await stand()).toEqual(before);
  });

  it('remembers when the provider’s own session ends, as its login told', async () => {
    const ends = new Date(Date.now() + 120_000).toISOString();
    const editAssertion = (xml: string) => xml.replace(/SessionNotOnOrAfter="[^"]*"/, `SessionNotOnOrAfter="${ends}"`);
    const reply = await app.signIn(app.browser(), 'sebadmin', 'region-read-only', { forgery: { editAssertion } });
    expect(reply.status).toBe(303);
    const kept = await app.rows<{ ends: string }>(
      `select sess->'signedIn'->>'endsAt' as ends from web_session where (sess->'signedIn'->>'userId')::int = ${await idOf(app, 'region-read-only')}`,
    );
    expect(kept.map((row) => Number(row.ends))).toContain(Date.parse(ends));
  });

  it.each([
    [
      'after eight hours, however busy',
      `'{signedIn,loginAt}', to_jsonb((extract(epoch from now()) * 1000)::bigint - 8 * 3600000 - 1)`,
    ],
    ['when the provider’s own ends', `'{signedIn,endsAt}', to_jsonb((extract(epoch from now()) * 1000)::bigint - 1)`],
  ])('ends %s', async (_when, change) => {
    const browser = await app.signedIn('region-user-admin');
    expect(await isSignedIn(browser)).toBe(true);
    await app.rows(
      `update web_session set sess = jsonb_set(sess::jsonb, ${change})::json where (sess->'signedIn'->>'userId')::int = ${await idOf(app, 'region-user-admin')}`,
    );
    expect(await isSignedIn(browser)).toBe(false);
    expect(await isSignedIn(browser)).toBe(false);
  });
});

describe('at the next request a session', () => {
  it.each([
    ['of somebody who was locked', (id: number) => `update app_user set locked_from = now() where id = ${id}`],
    ['of somebody who was deleted', (id: number) => `update app_user set deleted_at = now() where id = ${id}`],
    [
      'of somebody whose organisation was closed',
      () => `update organisation set closed_at = now() where cvr = '${cvrs.region}'`,
    ],
    [
      'of somebody with a new RID',
      (id: number) => `update app_user set session_epoch = session_epoch + 1 where id = ${id}`,
    ],
  ])('%s is over', async (_who, statement) => {
    const { id, browser } = await someAdministrator();
    expect((await browser.get('sebadmin', list)).status).toBe(200);
    await operate(app, statement(id));
    expect((await browser.get('sebadmin', list)).status).toBe(303);
    await operate(app, `update organisation set closed_at = null where cvr = '${cvrs.region}'`);
    expect(await isSignedIn(browser)).toBe(false);
    await operate(app, `delete from administrator where user_id = ${id}`);
    await operate(app, `update app_user set locked_from = now() where id = ${id} and locked_from is null`);
  });

  it('of somebody who lost the role reaches the own page only', async () => {
    const { id, browser } = await someAdministrator();
    await operate(app, `delete from administrator where user_id = ${id}`);
    expect((await browser.get('sebadmin', list)).status).toBe(404);
    expect((await browser.get('sebadmin', '/')).status).toBe(403);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('of somebody who is named, or loses a role, gets a new id, and the old one opens nothing', async () => {
    const id = only(await ordinaryUsers(app, cvrs.clinic, 1));
    const browser = app.browser();
    expect((await app.signIn(browser, 'sebanmod', await claimsOfUser(app, id))).status).toBe(303);
    const cookie = () => browser.cookie('sebanmod', '__Host-sebanmod') ?? '';
    const clinic = `(select id from organisation where cvr = '${cvrs.clinic}')`;
    const details = formOf((await browser.get('sebanmod', '/mine-oplysninger')).text, '/mine-oplysninger');
    const changes = [
      `insert into administrator (organisation_id, user_id, home_organisation_id, kind) values (${clinic}, ${id}, ${clinic}, 'USER')`,
      `delete from administrator where user_id = ${id}`,
    ];
    for (const change of changes) {
      const before = cookie();
      await browser.get('sebanmod', '/');
      expect(cookie()).toBe(before);
      await operate(app, change);
      // Of several tabs at once one renews; another may have to ask again.
      const replies = await Promise.all(['/', '/mine-oplysninger', '/'].map((path) => browser.get('sebanmod', path)));
      expect(replies.map(({ status }) => status)).toContain(200);
      expect(cookie()).not.toBe(before);
      const thief = app.browser();
      thief.setCookie('sebanmod', '__Host-sebanmod', before);
      expect((await thief.get('sebanmod', '/mine-oplysninger')).status).toBe(303);
      expect((await browser.get('sebanmod', '/mine-oplysninger')).status).toBe(200);
      const mine = await app.rows(`select from web_session where (sess->'signedIn'->>'userId')::int = ${id}`);
      expect(mine).toHaveLength(1);
    }
    // A form that was open meanwhile is still one's own.
    expect((await browser.post('sebanmod', '/mine-oplysninger', details.fields)).status).toBe(303);
  });

  it('of somebody whose role begins tomorrow or ended yesterday has none of it', async () => {
    const { id, browser } = await someAdministrator();
    for (const period of [
      `valid_from = now() + interval '1 day'`,
      `valid_from = now() - interval '2 days', valid_to = now() - interval '1 day'`,
    ]) {
      await operate(app, `update administrator set ${period} where user_id = ${id}`);
      expect((await browser.get('sebadmin', list)).status).toBe(404);
    }
    await operate(app, `update administrator set valid_to = now() + interval '1 day' where user_id = ${id}`);
    expect((await browser.get('sebadmin', list)).status).toBe(200);
    await operate(app, `delete from administrator where user_id = ${id}`);
  });

  it('is over when an administrator gives the person a new RID, and the UUID is unbound', async () => {
    const { id, browser } = await someAdministrator();
    const admin = await app.signedIn('region-org-admin');
    const rid = `new-${id}`;
    expect((await admin.submit('sebadmin', `${list}/${id}/rediger`, { rid })).status).toBe(303);
    expect(await isSignedIn(browser)).toBe(false);
    expect(only(await app.rows('select rid, uuid from app_user where id = $1', [id]))).toEqual({ rid, uuid: null });
    const mails = await app.rows<{ kind: string }>('select kind, to_address from mail_outbox order by id');
    expect(mails.length).toBeGreaterThanOrEqual(3);
    await operate(app, `delete from administrator where user_id = ${id}`);
  });
});

describe('logging off', () => {
  it('needs the session’s token, ends the session on the server, and the old cookie opens nothing', async () => {
    const browser = await app.signedIn('region-org-admin');
    expect((await browser.post('sebadmin', '/log-af', {})).location).toBe('/');
    expect((await browser.get('sebadmin', '/log-af')).status).toBe(404);
    expect(await isSignedIn(browser)).toBe(true);
    const cookie = browser.cookie('sebadmin', cookieName) ?? '';
    const off = await browser.submit('sebadmin', '/mine-oplysninger', {}, '/log-af');
    expect(off.location).toBe('/logget-af');
    expect(headingOf((await browser.get('sebadmin', '/logget-af')).text)).toBe('Du er logget af');
    const thief = app.browser();
    thief.setCookie('sebadmin', cookieName, cookie);
    expect(await isSignedIn(thief)).toBe(false);
  });

  it('is not undone by a request that was running meanwhile', async () => {
    const browser = await app.signedIn('region-org-admin-2');
    const id = await idOf(app, 'region-org-admin-2');
    // Its use is noted at the end of the slow request, which waits for a lock on a table that it reads.
    await app.rows(
      `update web_session set sess = jsonb_set(sess::jsonb, '{touchedAt}', '0')::json where (sess->'signedIn'->>'userId')::int = ${id}`,
    );
    const other = new NewBrowser(app.portals);
    other.setCookie('sebadmin', cookieName, browser.cookie('sebadmin', cookieName) ?? '');
    let running: Promise<{ status: number }> | undefined;
    await withTableLocked(app, 'user_login', async (untilAwaited) => {
      running = browser.get('sebadmin', list);
      await untilAwaited();
      const token = only(
        await app.rows<{ token: string }>(
          `select sess->>'csrfToken' as token from web_session where (sess->'signedIn'->>'userId')::int = ${id}`,
        ),
      ).token;
      expect((await other.post('sebadmin', '/log-af', { _csrf: token })).location).toBe('/logget-af');
    });
    expect((await running)?.status).toBe(200);
    await wait(100);
    expect(await app.rows(`select from web_session where (sess->'signedIn'->>'userId')::int = ${id}`)).toEqual([]);
    expect(await isSignedIn(other)).toBe(false);
  });
});

describe('a form whose session ran out', () => {
  const path = `${list}/opret`;
  const secret = 'Ærø-hemmelighed';
  const typed = {
    firstName: 'Ny',
    lastName: 'Kollega',
    email: 'ny.kollega@region-eksempel.example',
    rid: 'DRAFT-1',
    remark: secret,
  };

  /** Fills in the form, loses the session, and sends it. */
  async function sendTooLate(key: string): Promise<Browser> {
    const browser = await app.signedIn(key);
    const form = formOf((await browser.get('sebadmin', path)).text, path);
    await app.rows(`delete from web_session where (sess->'signedIn'->>'userId')::int = ${await idOf(app, key)}`);
    const late = await browser.post('sebadmin', path, { ...form.fields, ...typed });
    expect([late.status, late.location]).toEqual([303, `/login?til=${encodeURIComponent(path)}`]);
    return browser;
  }

  it('is kept encrypted, given back to its own person after login, and sent by nobody', async () => {
    const before = await checksums(app);
    const browser = await sendTooLate('region-org-admin');
    const kept = await app.rows<{ ciphertext: Buffer; minutes: number }>(
      'select ciphertext, round(extract(epoch from expires_at - now()) / 60)::int as minutes from form_draft',
    );
    expect(kept).toHaveLength(1);
    expect(kept[0]?.minutes).toBe(30);
    for (const text of [secret, 'DRAFT-1', 'ny.kollega', 'firstName'])
      expect(kept[0]?.ciphertext.includes(Buffer.from(text))).toBe(false);
    const back = await app.signIn(browser, 'sebadmin', 'region-org-admin', { returnTo: path });
    expect(back.location).toBe(path);
    const page = await browser.get('sebadmin', path);
    expect(formOf(page.text, path).fields).toMatchObject(typed);
    expect(mainText(page.text)).toContain('Det, du skrev, er her stadig');
    expect(await checksums(app)).toEqual(before);
    expect(await app.rows('select from form_draft')).toEqual([]);
    expect(formOf((await browser.get('sebadmin', path)).text, path).fields.firstName).toBe('');
    expect((await browser.submit('sebadmin', path, typed)).status).toBe(303);
  });

  it('is not given to another user of the same browser', async () => {
    const browser = await sendTooLate('region-org-admin');
    const back = await app.signIn(browser, 'sebadmin', 'region-user-admin', { returnTo: path });
    expect(back.location).toBe(path);
    const page = await browser.get('sebadmin', path);
    expect(page.text).not.toContain(secret);
    await app.rows('delete from form_draft');
  });

  it('is gone after its time, and a made-up one is nothing', async () => {
    const browser = await sendTooLate('region-org-admin');
    await app.rows(`update form_draft set expires_at = now() - interval '1 second'`);
    await app.signIn(browser, 'sebadmin', 'region-org-admin');
    expect((await browser.get('sebadmin', path)).text).not.toContain(secret);
    await app.rows('delete from form_draft');
    for (const planted of [
      '------------------------------------',
      'x',
      '00000000-0000-4000-8000-000000000000',
      "'--",
      '%00',
    ]) {
      browser.setCookie('sebadmin', '__Host-seb-draft', planted);
      expect((await browser.get('sebadmin', path)).status).toBe(200);
    }
  });

  it('is not kept for somebody whom a stranger names', async () => {
    const id = await idOf(app, 'region-org-admin');
    for (const _for of [String(id), `${id}.`, `${id}.x`, `${id}.${'A'.repeat(43)}`, 'x.y', ''])
      expect((await app.browser().post('sebadmin', path, { ...typed, _for })).status).toBe(303);
    expect(await app.rows('select from form_draft')).toEqual([]);
  });

  it('comes back when a new login changed the token in another tab', async () => {
    const browser = await app.signedIn('region-org-admin');
    const form = formOf((await browser.get('sebadmin', path)).text, path);
    await app.signIn(browser, 'sebadmin', 'region-org-admin');
    const sent = await browser.post('sebadmin', path, { ...form.fields, ...typed, rid: 'DRAFT-2' });
    expect([sent.status, sent.location]).toEqual([303, path]);
    const again = await browser.get('sebadmin', path);
    expect(formOf(again.text, path).fields).toMatchObject({ ...typed, rid: 'DRAFT-2' });
    expect(await app.rows(`select from app_user where rid = 'DRAFT-2'`)).toEqual([]);
    expect((await browser.submit('sebadmin', path, { ...typed, rid: 'DRAFT-2' })).status).toBe(303);
  });

  it('also when it posts by a button', async () => {
    const browser = await app.signedIn('region-org-admin');
    const { id, userId } = only(
      await app.rows<{ id: number; userId: number }>(
        `select g.id, g.user_id as "userId" from role_assignment g join organisation o on o.id = g.organisation_id join app_user u on u.id = g.user_id
         where o.cvr = $1 and g.valid_to is null and u.deleted_at is null and u.locked_from is null and u.id <> $2 order by g.id limit 1`,
        [cvrs.region, await idOf(app, 'region-org-admin')],
      ),
    );
    const address = `/organisationer/${cvrs.region}/brugere/${userId}/roller/${id}`;
    const form = formOf((await browser.get('sebadmin', address)).text, address);
    await app.rows('delete from web_session');
    expect((await browser.post('sebadmin', form.action, { ...form.fields, begrundelse: secret })).status).toBe(303);
    await app.signIn(browser, 'sebadmin', 'region-org-admin');
    expect(formOf((await browser.get('sebadmin', form.action)).text, address).fields.begrundelse).toBe(secret);
  });

  it('also when it was refused as a whole, whose page leads back to it', async () => {
    const browser = await app.signedIn('region-org-admin');
    const form = formOf((await browser.get('sebadmin', path)).text, path);
    await browser.post('sebadmin', path, { ...form.fields, ...typed, email: 'ingen adresse' });
    await app.rows(`update rate_limit set points = 100000 where key like 'change%'`);
    const refused = await browser.post('sebadmin', path, { ...form.fields, ...typed, rid: 'DRAFT-3' });
    const wayBack = `<a href="${path}">Gå tilbage til formularen</a>`;
    expect([refused.status, refused.text]).toEqual([429, expect.stringContaining(wayBack)]);
    await app.rows('delete from rate_limit');
    const again = await browser.get('sebadmin', path);
    expect(formOf(again.text, path).fields).toMatchObject({ ...typed, rid: 'DRAFT-3' });
    expect(mainText(again.text)).toContain('Intet er gemt endnu.');
    // What has no page of its own to be typed in leads to the front page alone.
    const lost = await browser.post('sebadmin', '/organisationer/00000000/brugere/opret', { ...form.fields, ...typed });
    expect([lost.status, lost.text]).toEqual([404, expect.not.stringContaining('Gå tilbage til formularen')]);
  });
});
