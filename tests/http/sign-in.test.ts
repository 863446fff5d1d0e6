import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutAttribute } from '../../src/demo/identity-provider/hostile/edits.ts';
import type { LoginClaims } from '../../src/demo/identity-provider/login-claims.ts';
import { attribute } from '../../src/sign-in/saml/names.ts';
import { removeExpired } from '../../src/jobs/expired.changes.ts';
import type { App } from '../support/app.ts';
import { requestIn, startApp } from '../support/app.ts';
import type { Browser, Reply } from '../support/browser.ts';
import { headingOf, mainText } from '../support/browser.ts';
import { claimsOfPerson, personOf } from '../support/people.ts';
import { foreignPaths } from '../support/foreign-paths.ts';
import { keys, makeResponse, serviceProviderOptions } from '../support/saml.ts';
import { claimsOfUser, cvrs, idOf, only, operate, ordinaryUsers } from '../support/sector.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const reference = /[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/;

type Noted = { kind: string; detail: Record<string, unknown>; actor_name: string; cvr: string | null };

async function eventOf(reply: Reply): Promise<Noted | undefined> {
  const rows = await app.rows<Noted>(
    `select e.kind, e.detail, e.actor_name, o.cvr from audit_event e left join organisation o on o.id = e.organisation_id
     where e.request_id = $1 and e.kind = 'signIn.refused'`,
    [reference.exec(mainText(reply.text))?.[0]],
  );
  return rows[0];
}

describe('an identity that is nobody who may come in', () => {
  const cases: [string, () => Partial<LoginClaims>, RegExp, string][] = [
    ['a locked user', () => claimsOfPerson('locked'), /Din bruger er spærret i SEB/, 'locked'],
    ['a deleted user', () => claimsOfPerson('deleted'), /Din bruger er slettet i SEB/, 'deleted'],
    [
      'an employee without a user',
      () => claimsOfPerson('no-user'),
      /ikke oprettet som bruger.*anmode om adgang/,
      'unknown',
    ],
    [
      'somebody of a closed organisation',
      () => claimsOfPerson('closed-organisation'),
      /organisation er lukket/,
      'organisationClosed',
    ],
    [
      'a user without an administrator role',
      () => claimsOfPerson('region-user'),
      /bruger i SEB, men ikke administrator/,
      'noAdministratorRole',
    ],
    [
      'a private person',
      () => ({
        ...claimsOfPerson('region-org-admin'),
        cvr: null,
        organisationName: null,
        rid: null,
        uuid: randomUUID(),
      }),
      /privatperson/,
      'privatePerson',
    ],
    [
      'an unknown organisation',
      () => ({ ...claimsOfPerson('region-org-admin'), cvr: '39919990' }),
      /ikke oprettet som bruger/,
      'unknown',
    ],
    [
      'the RID of somebody with another UUID',
      () => ({ ...claimsOfPerson('region-org-admin'), uuid: randomUUID() }),
      /knyttet til et andet login/,
      'uuidOfAnother',
    ],
    [
      'the RID of one and the UUID of another',
      () => ({ ...claimsOfPerson('region-org-admin'), uuid: personOf('region-user-admin').uuid }),
      /to forskellige brugere/,
      'conflict',
    ],
    [
      'an RID that only another organisation knows',
      () => ({ ...claimsOfPerson('region-org-admin'), cvr: cvrs.municipality, uuid: randomUUID() }),
      /ikke oprettet som bruger/,
      'unknown',
    ],
    [
      'too low a level',
      () => ({ ...claimsOfPerson('region-org-admin'), level: 'Low' as const }),
      /lavere sikringsniveau/,
      'too-low-level: level Low, needed Substantial',
    ],
  ];

  it.each(cases)(
    '%s is told what failed, who can help and a reference that the log knows',
    async (_who, claims, told, reason) => {
      const before = await app.rows('select id, uuid, version from app_user order by id');
      const browser = app.browser();
      const given = claims();
      const reply = await app.signIn(browser, 'sebadmin', given);
      expect([reply.status, headingOf(reply.text)]).toEqual([403, 'Du kunne ikke logge på']);
      expect(mainText(reply.text)).toMatch(told);
      expect(mainText(reply.text)).toMatch(/Servicedesk: .*@.*, telefon/);
      expect(mainText(reply.text)).toMatch(reference);
      const event = await eventOf(reply);
      expect(event?.detail).toMatchObject({ reason, provider: 'NemLog-in (test)' });
      expect(JSON.stringify(event)).not.toMatch(/Østergård|0000000000/);
      const isInLogOfOrganisation = !reason.includes(':') && given.cvr !== '39919990';
      expect(event?.cvr ?? null).toBe(isInLogOfOrganisation ? given.cvr : null);
      expect(browser.cookie('sebadmin', '__Host-sebadmin')).toBeUndefined();
      expect(await app.rows('select id, uuid, version from app_user order by id')).toEqual(before);
    },
  );

  it('reads what arrived, the administrators of the organisation, and the way to the other portal', async () => {
    const reply = await app.signIn(app.browser(), 'sebadmin', 'region-user');
    expect(mainText(reply.text)).toContain('Søren Ægidius Nørgård');
    expect(mainText(reply.text)).toContain('Åse Østergård, organisationsadministrator');
    expect(reply.text).toContain(`href="${app.portals.sebanmod.url.origin}"`);
    expect(mainText((await app.signIn(app.browser(), 'sebadmin', 'locked')).text)).not.toContain(
      'Gå til SEB for brugere',
    );
  });

  it('is in the log that the administrators of the organisation read, in words', async () => {
    await app.signIn(app.browser(), 'sebadmin', 'locked');
    const read = async (who: string, cvr: string) =>
      mainText((await (await app.signedIn(who)).get('sebadmin', `/organisationer/${cvr}/log?slags=afvist`)).text);
    expect(await read('region-org-admin', cvrs.region)).toContain('Et login blev afvist. Brugeren er spærret.');
    expect(await read('municipality-org-admin', cvrs.municipality)).not.toContain('Brugeren er spærret');
  });

  it('sees the own accesses in the portal for users, where no administrator role is needed', async () => {
    const browser = await app.signedIn('region-user', 'sebanmod');
    expect(headingOf((await browser.get('sebanmod', '/')).text)).toBe('Mine adgange');
    expect((await app.signIn(app.browser(), 'sebanmod', 'locked')).status).toBe(403);
  });
});

describe('a UUID', () => {
  it('is stored and logged at the first login by CVR and RID, and from then on is the login', async () => {
    const id = await idOf(app, 'unbound');
    const claims = claimsOfPerson('unbound');
    expect((await app.signIn(app.browser(), 'sebadmin', claims)).status).toBe(303);
    expect(only(await app.rows<{ uuid: string }>('select uuid from app_user where id = $1', [id])).uuid).toBe(
      claims.uuid,
    );
    const bound = await app.rows<{ detail: object }>(
      `select detail from audit_event where target_user_id = $1 and kind = 'user.uuidBound'`,
      [id],
    );
    expect(bound).toEqual([{ detail: { uuid: claims.uuid, provider: 'NemLog-in (test)' } }]);

    expect((await app.signIn(app.browser(), 'sebadmin', { ...claims, rid: null })).status).toBe(303);
    expect((await app.signIn(app.browser(), 'sebadmin', { ...claims, uuid: randomUUID() })).status).toBe(403);
    expect(
      await app.rows(`select from audit_event where target_user_id = $1 and kind = 'user.uuidBound'`, [id]),
    ).toHaveLength(1);
  });

  it('finds the user when the RID of the login is new, and changes nothing', async () => {
    const claims = { ...claimsOfPerson('region-org-admin-2'), rid: 'new-rid' };
    expect((await app.signIn(app.browser(), 'sebadmin', claims)).status).toBe(303);
    expect(
      only(
        await app.rows<{ rid: string }>('select rid from app_user where id = $1', [
          await idOf(app, 'region-org-admin-2'),
        ]),
      ).rid,
    ).toBe(personOf('region-org-admin-2').rid);
  });

  it('is not somebody who has a UUID when it carries the RID alone, and is somebody who has none', async () => {
    const [id = 0] = await ordinaryUsers(app, cvrs.clinic, 1);
    const forgery = { editAssertion: (xml: string) => withoutAttribute(xml, attribute.uuid) };
    const enter = async (): Promise<Reply> =>
      app.signIn(app.browser(), 'sebanmod', await claimsOfUser(app, id), { forgery });
    await operate(app, `update app_user set uuid = '${randomUUID()}' where id = ${id}`);
    const refused = await enter();
    expect([refused.status, mainText(refused.text)]).toEqual([403, expect.stringContaining('knyttet til et UUID')]);
    expect((await eventOf(refused))?.detail.reason).toBe('uuidMissing');
    await operate(app, `update app_user set uuid = null where id = ${id}`);
    expect((await enter()).status).toBe(303);
  });

  it('is bound once also when two logins come at the same moment', async () => {
    const [id = 0] = await ordinaryUsers(app, cvrs.clinic, 1);
    await operate(app, `update app_user set uuid = null where id = ${id}`);
    const claims = { ...(await claimsOfUser(app, id)), uuid: randomUUID() };
    const replies = await Promise.all([1, 2].map(() => app.signIn(app.browser(), 'sebanmod', claims)));
    expect(replies.map(({ status }) => status)).toEqual([303, 303]);
    expect(
      await app.rows(`select from audit_event where target_user_id = $1 and kind = 'user.uuidBound'`, [id]),
    ).toHaveLength(1);
  });
});

describe('a login', () => {
  it('keeps when, how and whether a CPR number came, and never which', async () => {
    expect((await app.signIn(app.browser(), 'sebadmin', 'region-user-admin')).status).toBe(303);
    const login = only(
      await app.rows(
        `select provider_id, level, carried_cpr, now() - last_login_at < interval '1 minute' as recent from user_login where user_id = $1`,
        [await idOf(app, 'region-user-admin')],
      ),
    );
    expect(login).toEqual({ provider_id: 'nemlog-in', level: 'Substantial', carried_cpr: true, recent: true });
    const everything = await app.rows<{ everything: string }>(
      `select string_agg(t::text, ' ') as everything from (select sess::text as t from web_session union all select detail::text from audit_event) all_rows`,
    );
    expect(JSON.stringify(everything) + app.log.join('\n')).not.toContain('0000000000');
  });

  it('leaves what proves it, without the message, for 180 days', async () => {
    const id = await idOf(app, 'region-read-only');
    expect((await app.signIn(app.browser(), 'sebadmin', 'region-read-only')).status).toBe(303);
    const kept = only(
      await app.rows<Record<string, unknown>>(
        `select e.*, l.last_login_at - e.at < interval '1 minute' as together,
           exists (select from audit_event a where a.request_id = e.request_id and a.kind = 'signIn.accepted') as is_in_log
         from login_evidence e join user_login l using (user_id) where user_id = $1`,
        [id],
      ),
    );
    expect(kept).toMatchObject({
      portal: 'sebadmin',
      provider_id: 'nemlog-in',
      level: 'Substantial',
      carried_cpr: true,
      together: true,
      is_in_log: true,
    });
    expect(kept.message_digest).toMatch(/^[0-9a-f]{64}$/);
    expect(kept.request_id).toMatch(reference);
    for (const name of ['issuer', 'response_id', 'assertion_id', 'signature_value', 'certificate_fingerprint'])
      expect(String(kept[name]).length, name).toBeGreaterThan(10);
    expect(JSON.stringify(kept)).not.toContain('0000000000');

    await app.rows(`update login_evidence set at = now() - interval '179 days' where user_id = $1`, [id]);
    expect((await removeExpired(app.database)).loginEvidence).toBe(0);
    await app.rows(`update login_evidence set at = now() - interval '181 days' where user_id = $1`, [id]);
    expect((await removeExpired(app.database)).loginEvidence).toBe(1);
    expect(await app.rows('select from login_evidence where user_id = $1', [id])).toEqual([]);
  });

  it('that is refused leaves no such row', async () => {
    const before = await app.rows('select from login_evidence');
    expect((await app.signIn(app.browser(), 'sebadmin', { level: 'Low' })).status).toBe(403);
    expect(await app.rows('select from login_evidence')).toHaveLength(before.length);
  });

  it.each([
    ['read', 'select * from login_evidence'],
    ['changed', 'update login_evidence set carried_cpr = false'],
    ['removed', 'delete from login_evidence'],
    ['emptied', 'truncate login_evidence'],
  ])('has evidence that cannot be %s by the application', async (_what, statement) => {
    await expect(app.database.pool.query(statement)).rejects.toThrow(/permission denied/);
  });

  it('is signed at the provider that was chosen, who may speak for its own organisations alone', async () => {
    const away = await app.browser().get('sebadmin', '/login/start?idp=local-region&til=/');
    expect(away.location).toMatch(
      /^https:\/\/idp\.region\.example\/sso\?SAMLRequest=.*&SigAlg=.*rsa-sha256&Signature=/,
    );
    const forgery = {
      signer: keys.local,
      assertion: { issuer: 'https://idp.region.example' },
      response: { issuer: 'https://idp.region.example' },
    };
    expect(
      (await app.signIn(app.browser(), 'sebadmin', 'region-org-admin', { provider: 'local-region', forgery })).status,
    ).toBe(303);
    const foreign = await app.signIn(app.browser(), 'sebadmin', 'municipality-org-admin', {
      provider: 'local-region',
      forgery,
    });
    expect([foreign.status, (await eventOf(foreign))?.detail.reason]).toEqual([
      403,
      expect.stringContaining('cvr-not-allowed'),
    ]);
  });

  it.each([
    ['signed by a stranger', { signer: keys.stranger }, 'not-genuine'],
    ['for another service', { assertion: { audience: 'https://other.example' } }, 'not-for-us'],
    ['without a signature', { sign: (xml: string) => xml }, 'not-genuine'],
  ])('%s is refused and logged', async (_what, forgery, reason) => {
    const reply = await app.signIn(app.browser(), 'sebadmin', 'region-org-admin', { forgery });
    expect([reply.status, (await eventOf(reply))?.detail.reason]).toEqual([403, expect.stringContaining(reason)]);
  });

  it('for one portal is nothing worth at the other', async () => {
    const browser = app.browser();
    const started = await browser.get('sebadmin', '/login/start?idp=nemlog-in');
    browser.setCookie('sebanmod', '__Host-seb-login', requestIn(started).requestId);
    const reply = await browser.post('sebanmod', '/saml/acs', { SAMLResponse: 'PHg+PC94Pg==' });
    expect(reply.status).toBe(403);
  });

  it('works once: the same answer again is refused', async () => {
    const browser = app.browser();
    const sent: string[] = [];
    const spy = browser.postFromOtherSite.bind(browser);
    browser.postFromOtherSite = (portal, path, fields) => {
      sent.push(String(fields.SAMLResponse));
      return spy(portal, path, fields);
    };
    const pending = await app.signIn(browser, 'sebadmin', 'region-user-admin');
    expect(pending.status).toBe(303);
    const replay = await browser.post('sebadmin', '/saml/acs', { SAMLResponse: sent[0] });
    expect(replay.status).toBe(403);
    // Anybody can send this, so it is in the request log and not in the log that nobody can shorten.
    expect(await eventOf(replay)).toBeUndefined();
    expect(app.log.filter((line) => line.includes('no-pending-login'))).not.toEqual([]);
  });

  it('goes on when an answer to another login comes in between, which anybody can send and nobody keeps', async () => {
    const browser = app.browser();
    const options = serviceProviderOptions({
      entityId: app.config.saml.entityIdSebadmin,
      acsUrl: new URL('/saml/acs', app.config.sebadminUrl).href,
    });
    const begin = async (): Promise<string> =>
      requestIn(await browser.get('sebadmin', '/login/start?idp=nemlog-in&igen=1')).requestId;
    const [oldest, ...tabs] = [
      await begin(),
      await begin(),
      await begin(),
      await begin(),
      await begin(),
      await begin(),
    ];
    const answer = (requestId: string): Promise<Reply> => {
      const SAMLResponse = makeResponse(options, requestId, { claims: claimsOfPerson('region-org-admin') });
      return browser.postFromOtherSite('sebadmin', '/saml/acs', { SAMLResponse });
    };
    const kept = () =>
      app.rows(
        `select (select count(*) from audit_event) as events, (select count(*) from refused_sign_in) as refused`,
      );
    const before = await kept();
    for (const stray of [
      await answer(oldest),
      await browser.postFromOtherSite('sebadmin', '/saml/acs', { SAMLResponse: 'eA==' }),
    ])
      expect(stray.status).toBe(403);
    expect(app.log.filter((line) => line.includes('other-login'))).not.toEqual([]);
    expect(await kept()).toEqual(before);
    // Each of the newest five tabs ends its own login, in any order, and once.
    for (const requestId of tabs.toReversed()) expect((await answer(requestId)).status).toBe(303);
    expect((await answer(tabs[0] ?? '')).status).toBe(403);
  });

  it('that lost its cookie, waited too long, or whose provider was turned off says what to do next', async () => {
    const { entityIdSebadmin: entityId } = app.config.saml;
    const acsUrl = new URL('/saml/acs', app.config.sebadminUrl).href;
    const cases: [string, (browser: Browser, requestId: string) => unknown, RegExp][] = [
      [
        'no-pending-login',
        (browser) => browser.deleteCookie('sebadmin', '__Host-seb-login'),
        /ikke noget login i gang.*skal tillade cookies/,
      ],
      [
        'no-pending-login',
        (_browser, id) =>
          app.rows(`update pending_login set created_at = now() - interval '16 minutes' where request_id = $1`, [id]),
        /mere end 15 minutter gammelt/,
      ],
      [
        'provider-off',
        (_browser, id) => app.rows(`update pending_login set provider_id = 'gone' where request_id = $1`, [id]),
        /er blevet slået fra.*Log på med NemLog-in/,
      ],
    ];
    for (const [reason, happens, says] of cases) {
      const browser = app.browser();
      const { requestId } = requestIn(await browser.get('sebadmin', '/login/start?idp=nemlog-in'));
      await happens(browser, requestId);
      const SAMLResponse = makeResponse(serviceProviderOptions({ entityId, acsUrl }), requestId, {
        claims: claimsOfPerson('region-org-admin'),
      });
      const reply = await browser.postFromOtherSite('sebadmin', '/saml/acs', { SAMLResponse });
      expect([reply.status, mainText(reply.text)]).toEqual([403, expect.stringMatching(says)]);
      expect(reply.text).toContain('href="/login?skift=1"');
      expect(app.log.at(-2) ?? '').toContain(reason);
    }
  });

  it('leaves an address that leads on when it is a bookmark, and so does the page of the login', async () => {
    const browser = app.browser();
    expect((await browser.get('sebadmin', '/saml/acs')).location).toBe('/login');
    expect(mainText((await browser.get('sebadmin', '/login')).text)).not.toContain('logget på allerede');
    await browser.get('sebadmin', '/login/start?idp=nemlog-in&husk=1');
    expect((await app.signIn(browser, 'sebadmin', 'region-org-admin')).status).toBe(303);
    const again = await browser.get('sebadmin', '/login?til=/organisationer');
    expect([again.status, mainText(again.text)]).toEqual([200, expect.stringContaining('Du er logget på allerede')]);
    expect(again.text).toContain('<a href="/organisationer">Gå videre til SEB</a>');
  });

  it.each(['', 'x', 'PHg+', 'å'.repeat(500)])('answer %j is refused in words', async (SAMLResponse) => {
    const browser = app.browser();
    await browser.get('sebadmin', '/login/start?idp=nemlog-in');
    const reply = await browser.postFromOtherSite('sebadmin', '/saml/acs', { SAMLResponse });
    expect([reply.status, headingOf(reply.text)]).toEqual([403, 'Du kunne ikke logge på']);
  });

  it('may be tried often from one address, then waits', async () => {
    const browser = app.browser();
    await app.rows(`delete from rate_limit`);
    await app.rows(
      `insert into rate_limit (key, points, expire) values ('loginStart:127.0.0.1', 1200, (extract(epoch from now()) * 1000)::bigint + 60000)`,
    );
    const reply = await browser.get('sebadmin', '/login/start?idp=nemlog-in');
    await app.rows(`delete from rate_limit`);
    expect([reply.status, reply.headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
  });
});

describe('discovery', () => {
  it('remembers a choice until it is changed, and never leads to a provider it does not know', async () => {
    const browser = app.browser();
    expect((await browser.get('sebadmin', '/login/start?idp=evil')).location).toBe('/login?skift=1&til=%2F');
    await browser.get('sebadmin', '/login/start?idp=local-region&husk=1');
    // Its answer never came: the next visit is no trap.
    const unfinished = await browser.get('sebadmin', '/login?til=/organisationer');
    expect([unfinished.status, mainText(unfinished.text)]).toEqual([200, expect.stringContaining('blev ikke færdigt')]);
    expect(unfinished.text).toContain('href="/login/start?idp=local-region&amp;til=%2Forganisationer"');
    // A newer one came back, and the session is over: it is gone to by itself again.
    expect((await app.signIn(browser, 'sebadmin', 'region-org-admin')).status).toBe(303);
    browser.deleteCookie('sebadmin', '__Host-sebadmin');
    expect((await browser.get('sebadmin', '/login?til=/organisationer')).location).toBe(
      '/login/start?idp=local-region&til=%2Forganisationer',
    );
    expect((await browser.get('sebadmin', '/login?skift=1')).status).toBe(200);
    expect((await browser.get('sebadmin', '/login')).status).toBe(200);
    browser.setCookie('sebadmin', '__Host-seb-idp', 'evil');
    expect((await browser.get('sebadmin', '/login')).status).toBe(200);
  });

  it.each([
    ['region', 1],
    ['REGION EKS', 1],
    ['æøå', 0],
    ['%', 0],
  ])('finds local providers by “%s”: %i', async (search, found) => {
    const reply = await app.browser().get('sebadmin', `/login?fane=lokal&soeg=${encodeURIComponent(search)}`);
    expect(reply.text.match(/name="idp"/g)?.length ?? 0).toBe(found);
  });

  it('serves the metadata of each portal', async () => {
    for (const portal of ['sebadmin', 'sebanmod'] as const) {
      const reply = await app.browser().get(portal, '/saml/metadata');
      expect(reply.headers['content-type']).toContain('application/samlmetadata+xml');
      expect(reply.text).toContain(`entityID="${app.portals[portal].url.origin}/saml/metadata"`);
      expect(reply.text).not.toContain('PRIVATE');
    }
  });
});

describe('where a login leads back to', () => {
  it('is the page that was asked for', async () => {
    const browser = app.browser();
    const asked = `/organisationer/${cvrs.region}/brugere?soeg=%C3%A5se`;
    const sent = await browser.get('sebadmin', asked);
    expect([sent.status, sent.location]).toEqual([303, `/login?til=${encodeURIComponent(asked)}`]);
    expect((await app.signIn(browser, 'sebadmin', 'region-org-admin', { returnTo: asked })).location).toBe(asked);
  });

  it.each(foreignPaths)('is never elsewhere: %j', async (returnTo) => {
    const browser = app.browser();
    const led = [
      (await browser.get('sebadmin', `/login?til=${encodeURIComponent(returnTo)}`)).text.match(
        /name="til" value="([^"]*)"/,
      )?.[1],
      (await app.signIn(browser, 'sebadmin', 'region-user-admin', { returnTo })).location,
      (await browser.get('sebadmin', `/login/start?idp=x&til=${encodeURIComponent(returnTo)}`)).location,
    ];
    for (const address of led)
      expect(new URL(address ?? 'missing:', app.portals.sebadmin.url).origin).toBe(app.portals.sebadmin.url.origin);
    expect(decodeURIComponent(led[2] ?? '')).toMatch(/^\/login\?skift=1&til=\/(?![/\\])/);
  });
});
