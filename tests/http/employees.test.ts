import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoginClaims } from '../../src/demo/identity-provider/login-claims.ts';
import { sebanmodRoutes } from '../../src/portals/sebanmod.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import type { Browser } from '../support/browser.ts';
import { formOf, headingOf, mainText } from '../support/browser.ts';
import { claimsOfPerson } from '../support/people.ts';
import { cvrs, only, operate } from '../support/sector.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** Somebody of Region Eksempel whom SEB has never heard of, each with numbers of their own. */
const somebody = (facts: Partial<LoginClaims> = {}): LoginClaims => ({
  ...claimsOfPerson('no-user'),
  uuid: randomUUID(),
  rid: `R${randomUUID().slice(0, 8)}`,
  ...facts,
});

async function enter(claims: Partial<LoginClaims>): Promise<Browser> {
  const browser = app.browser();
  expect((await app.signIn(browser, 'sebanmod', claims)).status).toBe(303);
  return browser;
}

const createUser = ({ cvr, uuid: own, rid }: LoginClaims, { uuid = 'null', deletedAt = 'null' }): Promise<void> =>
  operate(
    app,
    `insert into app_user (organisation_id, username, rid, uuid, first_name, last_name, email)
     select id, 'prv' || nextval('username_number'), '${uuid === 'null' ? rid : `x${rid}`}', ${uuid === 'null' ? 'null' : `'${own}'`}, 'Ny', 'Bruger', 'ny@region-eksempel.example' from organisation where cvr = '${cvr}';
     update app_user set deleted_at = ${deletedAt} where rid = '${rid}'`,
  );

describe('an employee without a user', () => {
  it('comes into sebanmod as the login tells who it is, and finds an administrator', async () => {
    const browser = await enter(claimsOfPerson('no-user'));
    const front = await browser.get('sebanmod', '/');
    expect([front.status, headingOf(front.text)]).toEqual([200, 'Velkommen til SEB']);
    expect(mainText(front.text)).toMatch(/Ida Bøgh Madsen, Region Eksempel, CVR 39 91 00 12/);
    expect(front.text).not.toContain('/mine-oplysninger');
    const found = await browser.get('sebanmod', '/find-administrator');
    expect(mainText(found.text)).toContain('Åse Østergård');
    expect(mainText(found.text)).not.toContain('@region-eksempel.example');
  });

  it('is never let into sebadmin, whose session it is not either', async () => {
    expect((await app.signIn(app.browser(), 'sebadmin', 'no-user')).status).toBe(403);
    const browser = await enter(somebody());
    browser.setCookie('sebadmin', '__Host-sebadmin', browser.cookie('sebanmod', '__Host-sebanmod') ?? '');
    expect((await browser.get('sebadmin', '/')).status).toBe(303);
    expect((await browser.get('sebadmin', '/find-administrator')).status).toBe(303);
  });

  it('gets nothing of what is for users: 403 on each of their pages, and changes nothing there', async () => {
    const browser = await enter(somebody());
    const token = formOf((await browser.get('sebanmod', '/')).text, '/log-af').fields._csrf ?? '';
    const usersOnly = sebanmodRoutes.filter(({ audience }) => audience === 'signedIn');
    expect(usersOnly.length).toBeGreaterThan(4);
    for (const { method, path } of usersOnly) {
      const address = path.replace(':token', 'x'.repeat(43)).replace(/:\w+/g, '1');
      const reply =
        method === 'get'
          ? await browser.get('sebanmod', address)
          : await browser.post('sebanmod', address, { _csrf: token });
      expect([method, path, reply.status]).toEqual([method, path, 403]);
      expect(mainText(reply.text)).toContain('for brugere i SEB');
    }
  });

  it('reads how to join where the organisation is not in SEB', async () => {
    const browser = await enter(somebody({ cvr: '39919990', organisationName: 'Lægerne Ny ApS' }));
    const front = await browser.get('sebanmod', '/');
    expect(headingOf(front.text)).toBe('Din organisation er ikke i SEB');
    expect(mainText(front.text)).toMatch(/Lægerne Ny ApS, CVR 39 91 99 90.*autorisationsblanketten/);
    expect((await browser.get('sebanmod', '/find-administrator')).status).toBe(200);
  });

  it.each<[string, Partial<LoginClaims>, RegExp]>([
    ['without a CVR', { cvr: null, organisationName: null, rid: null }, /privatperson/],
    ['of a closed organisation', { cvr: claimsOfPerson('closed-organisation').cvr }, /organisation er lukket/],
  ])('%s is refused', async (_what, facts, told) => {
    const reply = await app.signIn(app.browser(), 'sebanmod', somebody(facts));
    expect([reply.status, mainText(reply.text)]).toEqual([403, expect.stringMatching(told)]);
  });

  it('is noted in the log without name and numbers, with evidence of the login beside', async () => {
    const claims = somebody();
    const browser = await enter(claims);
    await browser.submit('sebanmod', '/', {}, '/log-af');
    const events = await app.rows<{ kind: string; request_id: string }>(
      `select kind, actor_kind, actor_name, detail, request_id from audit_event where kind like 'signIn.employee%' order by id desc limit 2`,
    );
    expect(events.map(({ kind }) => kind)).toEqual(['signIn.employeeEnded', 'signIn.employee']);
    expect(events).toMatchObject([{ actor_kind: 'EMPLOYEE' }, { detail: { cvr: cvrs.region, portal: 'sebanmod' } }]);
    for (const secret of [claims.uuid, claims.rid, claims.lastName])
      expect(JSON.stringify(events)).not.toContain(String(secret));
    const evidence = await app.rows(`select user_id from login_evidence where request_id = $1`, [
      events[1]?.request_id,
    ]);
    expect(evidence).toEqual([{ user_id: null }]);
  });
});

describe('the session of an employee', () => {
  it.each([
    ['the RID', 'null'],
    ['the UUID', 'uuid'],
  ])('ends when a user gets %s, and the next login is that user’s', async (_number, uuid) => {
    const claims = somebody();
    const browser = await enter(claims);
    await createUser(claims, { uuid });
    expect((await browser.get('sebanmod', '/')).location).toBe('/login?til=%2F');
    expect((await app.signIn(browser, 'sebanmod', claims)).status).toBe(303);
    expect(headingOf((await browser.get('sebanmod', '/')).text)).toBe('Mine adgange');
  });

  it('ends when the user of these numbers is a deleted one, whom the login refuses', async () => {
    const claims = somebody();
    const browser = await enter(claims);
    await createUser(claims, { deletedAt: 'now()' });
    expect((await browser.get('sebanmod', '/')).status).toBe(303);
    expect(mainText((await app.signIn(browser, 'sebanmod', claims)).text)).toContain('Din bruger er slettet');
  });

  it('ends when the organisation closes', async () => {
    const clinic = only(
      await app.rows<{ cvr: string }>(`select cvr from organisation where cvr = '${cvrs.clinic}'`),
    ).cvr;
    const browser = await enter(somebody({ cvr: clinic }));
    await operate(app, `update organisation set closed_at = now(), closed_reason = 'Prøve' where cvr = '${clinic}'`);
    expect((await browser.get('sebanmod', '/')).status).toBe(303);
    await operate(app, `update organisation set closed_at = null, closed_reason = null where cvr = '${clinic}'`);
  });

  it('ends after the same hours as a user’s, and is worth nothing when its identity was changed in the table', async () => {
    const browser = await enter(somebody());
    await app.rows(
      `update web_session set sess = jsonb_set(sess::jsonb, '{signedIn,employee,cvr}', to_jsonb('${cvrs.municipality}'::text))::json
       where sess -> 'signedIn' ->> 'userId' is null`,
    );
    expect((await browser.get('sebanmod', '/')).status).toBe(303);
    const late = await enter(somebody());
    const hours = app.config.sessionAbsoluteHours;
    const now = Date.now;
    try {
      Date.now = () => now() + hours * 3_600_000 + 60_000;
      expect((await late.get('sebanmod', '/')).status).toBe(303);
    } finally {
      Date.now = now;
    }
  });
});
