import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import request from 'supertest';
import { HtmlValidate } from 'html-validate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awkwardCases } from '../../src/demo/identity-provider/awkward/groups.ts';
import { demoPeople } from '../../src/demo/demo-people.ts';
import { demoIdentityProviders } from '../../src/demo/identity-provider/providers.ts';
import { identityProviderSite } from '../../src/demo/identity-provider/site.ts';
import { ensureDevKeys } from '../../src/sign-in/dev-keys.ts';
import type { IdentityProvider } from '../../src/sign-in/identity-providers.ts';
import { createServiceProvider } from '../../src/sign-in/saml/service-provider.ts';
import type { LogoutSubject } from '../../src/sign-in/saml/logout-messages.ts';
import type { ServiceProvider } from '../../src/sign-in/saml/service-provider.ts';
import { hostileLogins, serviceProviderOptions } from '../support/saml.ts';

const idpUrl = new URL('http://idp.localhost:3002');
let dir: string;
let app: ReturnType<typeof identityProviderSite>;
let providers: IdentityProvider[];
let serviceProvider: ServiceProvider;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'seb-idp-'));
  const keysDir = path.join(dir, 'saml');
  const [keys, same] = await Promise.all([ensureDevKeys(keysDir), ensureDevKeys(keysDir)]);
  expect(same).toEqual(keys);
  providers = demoIdentityProviders(idpUrl, keysDir);
  const { signing, encryption } = keys;
  const options = serviceProviderOptions({
    providers: () => providers,
    keys: { signing: [signing], encryption: [encryption] },
  });
  serviceProvider = createServiceProvider(options);
  const service = { name: 'SEB Brugeradministration', entityId: options.entityId, acsUrl: options.acsUrl };
  const certificates = { signingCertificate: signing.certificate, encryptionCertificate: encryption.certificate };
  app = identityProviderSite({ idpUrl, keys, services: [{ ...service, ...certificates }] });
}, 60_000);

afterAll(() => rm(dir, { recursive: true }));

describe('the test identity provider', () => {
  it('shows the people of a provider, and finds them by name in Danish', async () => {
    const { query } = await begin('nemlog-in');
    const all = await request(app).get(`/nemlog-in/sso?${query}`).expect(200);
    for (const { firstName } of demoPeople) expect(all.text).toContain(firstName);
    const found = await request(app).get('/nemlog-in/sso').query({ request: query, q: 'åse ØSTERGÅRD' }).expect(200);
    expect(buttons(found.text)).toEqual(['region-org-admin']);
    const none = await request(app).get('/nemlog-in/sso').query({ request: query, q: 'ingen hedder sådan' });
    expect(none.text).toContain('Ingen personer passer');
  });

  it('lets a local provider speak for its own organisation only', async () => {
    const { query } = await begin('local-region');
    const page = await request(app).get(`/local-region/sso?${query}`).expect(200);
    expect(page.text).toContain('Østergård');
    expect(page.text).not.toContain('Damgaard');
  });

  for (const id of ['nemlog-in', 'local-region', 'local-municipality']) {
    it(`signs in every person of ${id}`, async () => {
      const { query } = await begin(id);
      const page = await request(app).get(`/${id}/sso?${query}`);
      for (const person of new Set(buttons(page.text))) {
        const login = await signIn(id, { person });
        const { rid, uuid, cvr } = demoPeople.find(({ key }) => key === person) ?? {};
        expect(login).toMatchObject({ outcome: 'accepted', identity: { rid, uuid, cvr, level: 'Substantial' } });
      }
    });
  }

  const outcomes: Record<string, object> = {
    'low-level': { reason: 'too-low-level', arrived: { level: 'Low', requiredLevel: 'Substantial' } },
    'no-rid': { outcome: 'accepted', identity: { rid: null } },
    'other-uuid': { outcome: 'accepted', identity: { rid: '1118061020234', cvr: '39910012' } },
    'high-level': { outcome: 'accepted', identity: { level: 'High' } },
    'no-cpr': { outcome: 'accepted', identity: { carriedCpr: false } },
    'two-users': {
      outcome: 'accepted',
      identity: { rid: '1118061020234', uuid: expect.not.stringMatching(/^6281da2f/) },
    },
    'other-name': { outcome: 'accepted', identity: { lastName: 'Østergård Gift' } },
    'short-session': { outcome: 'accepted' },
    'earlier-login': { outcome: 'accepted' },
    'no-level': { reason: 'level-not-reachable' },
    denied: { reason: 'denied-by-provider' },
    'unknown-person': { reason: 'unknown-to-provider' },
    'no-passive': { reason: 'provider-failed' },
    unsupported: { reason: 'provider-failed' },
    version: { reason: 'provider-failed' },
    'unknown-provider': { reason: 'wrong-provider' },
    replay: { reason: 'other-login' },
    'unknown-user': { outcome: 'accepted', identity: { rid: '77000001', cvr: '39910012' } },
    'unknown-cvr': { outcome: 'accepted', identity: { cvr: '39919990' } },
    'private-person': { outcome: 'accepted', identity: { isPrivatePerson: true } },
    cancelled: { reason: 'cancelled' },
  };
  const reasons = hostileLogins(serviceProviderOptions());
  it.each(awkwardCases)('offers the awkward login “$label”', async ({ id, outcome }) => {
    const expected =
      outcome.kind === 'hostile'
        ? reasons.filter(({ rule, name }) => rule.startsWith(outcome.rule) && name === outcome.name)
        : [outcomes[id] ?? { outcome: `none is told for ${id}` }];
    expect(expected).toHaveLength(1);
    const { forgery: _, rule: __, name: ___, ...told } = { forgery: null, rule: null, name: null, ...expected[0] };
    expect(await signIn('nemlog-in', { person: 'region-org-admin', case: id })).toMatchObject(told);
  });

  it('refuses a request that was changed on the way', async () => {
    const { query } = await begin('nemlog-in');
    const page = await request(app).get(`/nemlog-in/sso?${query.replace('RelayState=', 'RelayState=x')}`);
    expect(page.status).toBe(400);
    expect(page.text).toContain('underskrift');
  });

  it('refuses a request to another provider, nonsense and unknown pages', async () => {
    const { query } = await begin('nemlog-in');
    await request(app).get(`/local-region/sso?${query}`).expect(400);
    await request(app).get('/nemlog-in/sso').expect(400);
    await request(app).get('/nemlog-in/sso?SAMLRequest=%F0%9F').expect(400);
    await request(app).post('/nemlog-in/login').type('form').send({ request: query, person: 'nobody' }).expect(400);
    await request(app).get('/unknown/sso').expect(404);
    await request(app).get('/health').expect(200, 'ok');
  });

  it('serves valid pages under a strict content security policy', async () => {
    const { query } = await begin('nemlog-in');
    const login = { request: query, person: 'unbound' };
    const pages = [
      await request(app).get('/'),
      await request(app).get(`/nemlog-in/sso?${query}`),
      await request(app).post('/nemlog-in/login').type('form').send(login),
      await request(app).get('/nowhere'),
    ];
    const validator = new HtmlValidate({ extends: ['html-validate:standard'], rules: { 'long-title': 'off' } });
    for (const { text, headers } of pages) {
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      const report = await validator.validateString(text);
      expect(
        report.results.flatMap(({ messages }) => messages.map((m) => `${m.ruleId} ${m.line}: ${m.message}`)),
      ).toEqual([]);
    }
  });

  describe('when somebody logs off', () => {
    it('in a service, ends the login and answers signed, once partly when so chosen', async () => {
      const { provider, subject } = await loggedIn();
      expect(await endAt(serviceProvider, provider, subject)).toMatchObject({ outcome: 'response', ended: 'complete' });
      expect(await endAt(serviceProvider, provider, subject)).toMatchObject({ outcome: 'response', ended: 'complete' });
      const again = await loggedIn();
      const chosen = await loginId();
      await request(app).post('/nemlog-in/log-off').type('form').send({ login: chosen, how: 'partial' });
      expect((await request(app).get('/')).text).toContain('Svarer “delvist logget af”');
      const partial = await endAt(serviceProvider, again.provider, again.subject);
      expect(partial).toMatchObject({ outcome: 'response', ended: 'partial' });
      expect(await loginId()).not.toBe(chosen);
    });

    it('here, asks the service, and says when it has answered', async () => {
      const { nameId, nameIdKind, sessionIndex } = (await loggedIn()).subject;
      const page = await request(app)
        .post('/nemlog-in/log-off')
        .type('form')
        .send({ login: await loginId(), how: 'everywhere' })
        .expect(200);
      const address = /^0; url=(.*)$/.exec(page.headers['refresh'] ?? '')?.[1] ?? '';
      expect(address.startsWith('https://sebadmin.example/saml/slo?')).toBe(true);
      const received = await serviceProvider.receiveLogout(queryOf(address), null);
      expect(received).toMatchObject({ outcome: 'request', nameId, nameIdKind, sessionIndexes: [sessionIndex] });
      if (received.outcome !== 'request') return;
      const done = await request(app)
        .get(pathOf(serviceProvider.answerLogout(received)))
        .expect(200);
      expect(done.text).toContain('Du er logget af');
    });

    it('can send a request without a signature, which the service refuses', async () => {
      await loggedIn();
      const sent = { login: await loginId(), how: 'unsigned' };
      const reply = await request(app).post('/nemlog-in/log-off').type('form').send(sent).expect(303);
      const refused = await serviceProvider.receiveLogout(queryOf(reply.headers['location'] ?? ''), null);
      expect(refused).toMatchObject({ outcome: 'refused', detail: 'the message is not signed' });
    });

    it('refuses messages of strangers, changed ones, answers that nobody awaits, and nonsense', async () => {
      const { provider, subject } = await loggedIn();
      const path = pathOf(serviceProvider.startLogout(provider, subject)?.redirectUrl ?? null);
      await request(app).get(path.replace('/nemlog-in/', '/local-region/')).expect(400);
      await request(app).get(`${path}&RelayState=x`).expect(400);
      await request(app).get('/nemlog-in/slo?SAMLRequest=AAAA').expect(400);
      await request(app).get('/nemlog-in/slo').expect(400);
      await request(app).get('/unknown/slo').expect(404);
      await request(app).post('/nemlog-in/log-off').type('form').send({ login: 'nobody' }).expect(400);
      const received = {
        outcome: 'request',
        provider,
        id: '_1',
        relayState: 'x',
        ...subject,
        sessionIndexes: [],
      } as const;
      const unawaited = serviceProvider.answerLogout({ ...received, sessionIndexes: [] });
      await request(app).get(pathOf(unawaited)).expect(400);
    });
  });

  it('publishes metadata for each provider', async () => {
    for (const provider of providers) {
      const { text } = await request(app).get(new URL(provider.entityId).pathname).buffer(true).expect(200);
      expect(text).toContain(`entityID="${provider.entityId}"`);
      expect(text).toContain(`Location="${provider.ssoUrl}"`);
    }
  });
});

async function loggedIn() {
  const login = await signIn('nemlog-in', { person: 'region-org-admin' });
  const provider = providers.find(({ id }) => id === 'nemlog-in');
  if (login.outcome !== 'accepted' || !provider) throw new Error('the login was refused');
  const { nameId, nameIdKind, sessionIndex } = login.identity;
  return { provider, subject: { nameId, nameIdKind, sessionIndex } };
}

/** The newest login of the front page. */
async function loginId(): Promise<string> {
  const { text } = await request(app).get('/');
  return /name="login" value="([^"]*)"/.exec(text)?.[1] ?? 'none';
}

async function endAt(service: ServiceProvider, provider: IdentityProvider, subject: LogoutSubject) {
  const started = service.startLogout(provider, subject);
  const reply = await request(app).get(pathOf(started?.redirectUrl ?? null));
  expect(reply.status).toBe(303);
  const pending = { requestId: started?.requestId ?? '', providerId: provider.id };
  return service.receiveLogout(queryOf(reply.headers['location'] ?? ''), pending);
}

function queryOf(address: string): string {
  return address.slice(address.indexOf('?') + 1);
}

function pathOf(address: string | null): string {
  const { pathname, search } = new URL(address ?? 'missing:');
  return pathname + search;
}

async function begin(id: string): Promise<{ query: string; requestId: string }> {
  const provider = providers.find((each) => each.id === id);
  if (!provider) throw new Error(`no provider ${id}`);
  const { redirectUrl, requestId } = await serviceProvider.startLogin({ provider, returnTo: '/', forceAuthn: false });
  return { query: redirectUrl.slice(redirectUrl.indexOf('?') + 1), requestId };
}

async function signIn(id: string, choice: { person?: string; case?: string }) {
  const { query, requestId } = await begin(id);
  const page = await request(app)
    .post(`/${id}/login`)
    .type('form')
    .send({ request: query, ...choice });
  const samlResponse = /name="SAMLResponse" value="([^"]*)"/.exec(page.text)?.[1];
  return serviceProvider.finishLogin({ samlResponse, pendingRequestIds: [requestId] });
}

function buttons(html: string): string[] {
  return [...html.matchAll(/<button class="person" name="person" value="([^"]*)"/g)].map(([, key]) => key ?? '');
}
