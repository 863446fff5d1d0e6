import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import request from 'supertest';
import { HtmlValidate } from 'html-validate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awkwardCases } from '../../src/demo/identity-provider/awkward-cases.ts';
import { demoPeople } from '../../src/demo/demo-people.ts';
import { demoIdentityProviders } from '../../src/demo/identity-provider/providers.ts';
import { identityProviderSite } from '../../src/demo/identity-provider/site.ts';
import { ensureDevKeys } from '../../src/sign-in/dev-keys.ts';
import type { IdentityProvider } from '../../src/sign-in/identity-providers.ts';
import { createServiceProvider } from '../../src/sign-in/saml/service-provider.ts';
import type { ServiceProvider } from '../../src/sign-in/saml/service-provider.ts';
import { serviceProviderOptions } from '../support/saml.ts';

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
    providers,
    signingKey: signing.key,
    signingCert: signing.certificate,
    decryptionKeys: [encryption],
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
    'unknown-user': { outcome: 'accepted', identity: { rid: '77000001', cvr: '39910012' } },
    'unknown-cvr': { outcome: 'accepted', identity: { cvr: '39919990' } },
    'private-person': { outcome: 'accepted', identity: { isPrivatePerson: true } },
    cancelled: { reason: 'cancelled' },
  };
  for (const { id, label } of awkwardCases) {
    it(`offers the awkward login "${label}"`, async () => {
      expect(await signIn('nemlog-in', { person: 'region-org-admin', case: id })).toMatchObject(outcomes[id] ?? {});
    });
  }

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

  it('publishes metadata for each provider', async () => {
    for (const provider of providers) {
      const { text } = await request(app).get(new URL(provider.entityId).pathname).buffer(true).expect(200);
      expect(text).toContain(`entityID="${provider.entityId}"`);
      expect(text).toContain(`Location="${provider.ssoUrl}"`);
    }
  });
});

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
  return serviceProvider.finishLogin({ samlResponse, pendingRequestId: requestId });
}

function buttons(html: string): string[] {
  return [...html.matchAll(/<button class="person" name="person" value="([^"]*)"/g)].map(([, key]) => key ?? '');
}
