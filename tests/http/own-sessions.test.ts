import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LoginClaims } from '../../src/demo/identity-provider/login-claims.ts';
import { digestOf } from '../../src/http/keys.ts';
import type { PortalName } from '../../src/pages/services.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { formOf, linksOf, mainText } from '../support/browser.ts';
import { claimsOfPerson } from '../support/people.ts';
import { idOf, only } from '../support/sector.ts';
import { withTableLocked } from '../support/table-lock.ts';

let app: App;
let mine: number;
beforeAll(async () => {
  app = await startApp();
  mine = await idOf(app, me);
});
afterAll(() => app.close());
beforeEach(() => app.rows('delete from web_session'));

const me = 'region-org-admin';
const path = '/mine-sessioner';
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

async function signedInWith(
  userAgent: string,
  portal: PortalName = 'sebadmin',
  who: string | LoginClaims = me,
): Promise<Browser> {
  const browser = app.browser();
  const send = browser.send.bind(browser);
  browser.send = (to, where, sending) =>
    send(to, where, { ...sending, headers: { ...sending.headers, 'User-Agent': userAgent } });
  expect((await app.signIn(browser, portal, who)).status).toBe(303);
  return browser;
}

const isSignedIn = async (browser: Browser, portal: PortalName = 'sebadmin') =>
  (await browser.get(portal, '/mine-oplysninger')).status === 200;

const open = async (browser: Browser, portal: PortalName = 'sebadmin') => (await browser.get(portal, path)).text;

/** What the buttons of single sessions name them by. */
const references = (html: string) =>
  [...html.matchAll(/name="afslut" value="([\w-]{43})"/g)].map(([, one]) => one ?? '');

const end = (browser: Browser, afslut: string, portal: PortalName = 'sebadmin') =>
  browser.submit(portal, path, { afslut });

const events = () =>
  app.rows<{ kind: string; detail: object }>(
    `select kind, detail from audit_event where kind like 'session.%' and actor_user_id = $1 and target_user_id = $1 order by id`,
    [mine],
  );

describe('the list of one’s own sessions', () => {
  it('tells of both portals, by which login, since when and in which browser, and which one this is', async () => {
    const here = await signedInWith(firefox);
    await signedInWith(iPhone, 'sebanmod');
    const shown = mainText(await open(here));
    const [hereText = '', otherText = ''] = shown.split('Andre steder');
    expect(hereText).toContain('Denne session Firefox på Windows Portal SEB – Brugeradministration');
    expect(otherText).toMatch(
      /^ Safari på iPhone Portal \S.*? Logget på \d{2}-\d{2}-\d{4} kl\. \d{2}\.\d{2} Sidst brugt \d{2}-\d{2}-\d{4} kl\. \d{2}\.\d{2} Logget på via NemLog-in \(test\) Sikringsniveau Betydelig/,
    );
    expect(linksOf((await here.get('sebadmin', '/mine-oplysninger')).text)).toContain(path);
  });

  it('says when there is no other', async () => {
    const shown = await open(await signedInWith(firefox, 'sebanmod'), 'sebanmod');
    expect(mainText(shown)).toContain('Du er ikke logget på andre steder.');
    expect(shown).not.toContain('value="andre"');
  });

  it('shows nobody else’s, none that is over, and none of before the person was locked', async () => {
    const here = await signedInWith(firefox);
    await signedInWith(iPhone, 'sebadmin', 'region-user-admin');
    expect(references(await open(here))).toEqual([]);
    const others = [
      `update web_session set expire = now() - interval '1 second'`,
      `update web_session set sess = jsonb_set(sess::jsonb, '{signedIn,loginAt}', '1')::json`,
      `update web_session set sess = jsonb_set(sess::jsonb, '{signedIn,endsAt}', '1')::json`,
      `update web_session set sess = jsonb_set(sess::jsonb, '{signedIn,sessionEpoch}', '-1')::json`,
    ];
    for (const makeDead of others) {
      await signedInWith(iPhone);
      expect(references(await open(here))).toHaveLength(1);
      await app.rows(`${makeDead} where sess->'signedIn'->>'browser' = 'Safari på iPhone'`);
      expect(references(await open(here))).toEqual([]);
    }
  });

  it('gives away neither the id of a session nor the key of its row', async () => {
    const here = await signedInWith(firefox);
    await signedInWith(iPhone);
    const html = await open(here);
    const rows = await app.rows<{ sid: string }>('select sid from web_session');
    expect(rows).toHaveLength(2);
    for (const { sid } of rows) expect(html).not.toContain(sid);
    expect(rows.map(({ sid }) => digestOf(sid))).toContain(only(references(html)));
  });

  it('repeats nothing of what a browser calls itself', async () => {
    const here = await signedInWith('<script>alert(1)</script> Chrome/1');
    expect(await open(here)).not.toContain('alert(1)');
    expect(await app.rows(`select from web_session where sess::text like '%alert%'`)).toEqual([]);
  });

  it('is found by an index, never by reading through everybody’s sessions', async () => {
    const client = await app.database.pool.connect();
    try {
      await client.query('begin; set local enable_seqscan = off');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `explain select sid from web_session where sess -> 'signedIn' ->> 'userId' = $1::text`,
        ['1'],
      );
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('web_session_by_user');
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});

describe('logging off elsewhere', () => {
  it('ends the one that was chosen, at once and in the other portal too, and the log tells', async () => {
    const here = await signedInWith(firefox);
    const phone = await signedInWith(iPhone, 'sebanmod');
    const third = await signedInWith('curl/8');
    const chosen = references(await open(here));
    const rows = await app.rows<{ sid: string; portal: string }>(
      `select sid, sess->'signedIn'->>'portal' as portal from web_session`,
    );
    const ofPhone = digestOf(only(rows.filter(({ portal }) => portal === 'sebanmod')).sid);
    expect(chosen).toContain(ofPhone);
    const before = (await events()).length;
    const reply = await end(here, ofPhone);
    expect([reply.status, reply.location]).toEqual([303, path]);
    expect(mainText(await open(here))).toContain('Du er logget af 1 andet sted.');
    expect([await isSignedIn(phone, 'sebanmod'), await isSignedIn(third), await isSignedIn(here)]).toEqual([
      false,
      true,
      true,
    ]);
    const [told, ...more] = (await events()).slice(before);
    expect(more).toEqual([]);
    expect(told).toMatchObject({
      kind: 'session.ended',
      detail: { portal: 'sebanmod', browser: 'Safari på iPhone' },
    });
  });

  it('ends all others and stays here, or ends here as well', async () => {
    const here = await signedInWith(firefox);
    const others = [await signedInWith(iPhone), await signedInWith(iPhone, 'sebanmod')] as const;
    const stranger = await signedInWith(iPhone, 'sebadmin', 'region-user-admin');
    const before = (await events()).length;
    expect((await end(here, 'andre')).location).toBe(path);
    expect(mainText(await open(here))).toContain('Du er logget af 2 andre steder.');
    expect([await isSignedIn(others[0]), await isSignedIn(others[1], 'sebanmod')]).toEqual([false, false]);
    const again = await signedInWith(iPhone, 'sebanmod');
    const left = await end(again, 'alle', 'sebanmod');
    expect([left.status, left.location]).toEqual([303, '/logget-af']);
    expect([await isSignedIn(again, 'sebanmod'), await isSignedIn(here)]).toEqual([false, false]);
    expect(await isSignedIn(stranger)).toBe(true);
    expect((await events()).slice(before)).toEqual([
      { kind: 'session.endedEverywhere', detail: { sessions: 2, isAlsoHere: false } },
      { kind: 'session.endedEverywhere', detail: { sessions: 2, isAlsoHere: true } },
    ]);
  });

  it.each(['no-user', 'not-in-seb'])('is an employee’s too whom SEB has no user for (%s)', async (who) => {
    const claims = { ...claimsOfPerson('no-user'), ...(who === 'no-user' ? {} : { cvr: '39919999' }) };
    const enter = async (userAgent: string, facts: Partial<LoginClaims> = {}): Promise<Browser> =>
      signedInWith(userAgent, 'sebanmod', { ...claims, ...facts });
    const here = await enter(firefox);
    const phone = await enter(iPhone);
    const colleague = await enter(iPhone, { uuid: randomUUID(), rid: 'A-1' });
    const user = await signedInWith(iPhone, 'sebanmod');
    const isIn = async (browser: Browser) => (await browser.get('sebanmod', path)).status === 200;
    expect(references(await open(here, 'sebanmod'))).toHaveLength(1);
    expect(linksOf((await here.get('sebanmod', '/')).text)).toContain(path);
    expect((await end(here, 'andre', 'sebanmod')).location).toBe(path);
    expect([await isIn(here), await isIn(phone), await isIn(colleague), await isIn(user)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect((await end(here, 'alle', 'sebanmod')).location).toBe('/logget-af');
    expect(await isIn(here)).toBe(false);
    const told = await app.rows(
      `select kind, actor_kind, target_user_id from audit_event where kind like 'session.%' order by id desc limit 2`,
    );
    expect(told).toEqual(
      [1, 2].map(() => ({ kind: 'session.endedEverywhere', actor_kind: 'EMPLOYEE', target_user_id: null })),
    );
  });

  it('reaches nobody else’s session, and says so of one that is over already', async () => {
    const here = await signedInWith(firefox);
    const stranger = await signedInWith(iPhone, 'sebadmin', 'region-user-admin');
    const before = (await events()).length;
    const { sid } = only(
      await app.rows<{ sid: string }>(`select sid from web_session where sess->'signedIn'->>'userId' <> $1`, [
        String(mine),
      ]),
    );
    expect((await end(here, digestOf(sid))).location).toBe(path);
    expect(mainText(await open(here))).toContain('Du var allerede logget af der.');
    expect(await isSignedIn(stranger)).toBe(true);
    expect((await events()).length).toBe(before);
    for (const nonsense of ['', 'alt', sid.slice(1), '%00'])
      expect((await end(here, nonsense)).status, nonsense).toBe(422);
  });

  it('is for the person’s own form alone, and once', async () => {
    const here = await signedInWith(firefox);
    const phone = await signedInWith(iPhone);
    expect((await here.postFromOtherSite('sebadmin', path, { afslut: 'andre' })).location).toMatch(/^\/login/);
    expect((await here.post('sebadmin', path, { afslut: 'andre' })).status).toBe(403);
    expect(await isSignedIn(phone)).toBe(true);
    const { fields } = formOf(await open(here), path);
    const before = (await events()).length;
    const twice = await Promise.all([1, 2].map(() => here.post('sebadmin', path, { ...fields, afslut: 'andre' })));
    expect(twice.map(({ status, location }) => [status, location])).toEqual([
      [303, path],
      [303, path],
    ]);
    expect(await isSignedIn(phone)).toBe(false);
    expect((await events()).length).toBe(before + 1);
  });

  it('lets one of two that end each other win', async () => {
    const two = [await signedInWith(firefox), await signedInWith(iPhone)] as const;
    const forms = await Promise.all(two.map(async (browser) => formOf(await open(browser), path).fields));
    const replies = await Promise.all(
      two.map((browser, at) => browser.post('sebadmin', path, { ...forms[at], afslut: 'andre' })),
    );
    // The later one is turned away under the lock, or finds itself logged off before.
    const done = replies.filter(({ location }) => location === path);
    expect(done).toHaveLength(1);
    expect(replies.every(({ status }) => status === 303 || status === 409)).toBe(true);
    expect((await Promise.all(two.map((browser) => isSignedIn(browser)))).filter(Boolean)).toHaveLength(1);
  });

  it('is not undone by a request that was running meanwhile', async () => {
    const here = await signedInWith(firefox);
    const phone = await signedInWith(iPhone);
    // Its use is noted at the end of the slow request, which waits for a lock on a table that it reads.
    await app.rows(
      `update web_session set sess = jsonb_set(sess::jsonb, '{touchedAt}', '0')::json where sess->'signedIn'->>'browser' like 'Safari%'`,
    );
    const form = formOf(await open(here), path).fields;
    let running: Promise<{ status: number }> | undefined;
    await withTableLocked(app, 'user_login', async (untilAwaited) => {
      running = phone.get('sebadmin', '/organisationer/39910012/brugere');
      await untilAwaited();
      expect((await here.post('sebadmin', path, { ...form, afslut: 'andre' })).location).toBe(path);
    });
    expect((await running)?.status).toBe(200);
    await wait(100);
    expect(await app.rows('select from web_session')).toHaveLength(1);
    expect(await isSignedIn(phone)).toBe(false);
  });
});
