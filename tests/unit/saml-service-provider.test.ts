import { X509Certificate, createVerify, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findIdentityProvider,
  readIdentityProviders,
  searchIdentityProviders,
} from '../../src/sign-in/identity-providers.ts';
import { namespace } from '../../src/sign-in/saml/names.ts';
import { createServiceProvider } from '../../src/sign-in/saml/service-provider.ts';
import { childrenNamed, descendants, onlyChild, parseXml } from '../../src/sign-in/saml/xml-tree.ts';
import type { XmlElement } from '../../src/sign-in/saml/xml-tree.ts';
import { selfSignedCertificate } from '../../src/sign-in/self-signed-certificate.ts';
import {
  keys,
  makeKeyPair,
  localProvider,
  nemlogIn,
  pendingLoginsInMemory,
  serviceProviderOptions,
} from '../support/saml.ts';

describe('a login that starts', () => {
  it('is a redirect to the provider, signed with RSA-SHA256', async () => {
    const { url } = await start();
    expect(`${url.origin}${url.pathname}`).toBe(nemlogIn.ssoUrl);
    expect(url.searchParams.get('SigAlg')).toBe('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256');
    const signedPart = url.search.slice(1, url.search.indexOf('&Signature='));
    const signature = url.searchParams.get('Signature') ?? '';
    const verifier = createVerify('RSA-SHA256').update(signedPart);
    expect(verifier.verify(keys.service.certificate, signature, 'base64')).toBe(true);
  });

  it('asks for the minimum level, by POST, with the id that was noted', async () => {
    const { request, requestId } = await start();
    expect(Object.fromEntries(request.attributes)).toMatchObject({
      ID: requestId,
      Destination: nemlogIn.ssoUrl,
      AssertionConsumerServiceURL: 'https://sebadmin.example/saml/acs',
      ProtocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
    });
    expect(request.attributes.has('ForceAuthn')).toBe(false);
    const context = onlyChild(request, namespace.protocol, 'RequestedAuthnContext');
    expect(context?.attributes.get('Comparison')).toBe('minimum');
    expect(context?.children.map(({ text }) => text)).toEqual([
      'https://data.gov.dk/concept/core/nsis/loa/Substantial',
    ]);
  });

  it('asks for a higher level where the provider is held to one, and for a new proof where it is needed', async () => {
    const { request } = await start({ provider: { ...nemlogIn, minimumLevel: 'High' }, forceAuthn: true });
    expect(request.attributes.get('ForceAuthn')).toBe('true');
    const texts = [...descendants(request)].map(({ text }) => text);
    expect(texts).toContain('https://data.gov.dk/concept/core/nsis/loa/High');
  });

  it('tells the provider nothing about where the person is going', async () => {
    const { url, requestId, saved } = await start({ returnTo: '/users/42?secret=1' });
    expect(url.searchParams.get('RelayState')).toMatch(/^[\w-]{32}$/);
    expect(saved).toMatchObject([
      { requestId, returnTo: '/users/42?secret=1', providerId: 'nemlog-in', portal: 'sebadmin' },
    ]);
    expect(inflated(url)).not.toContain('secret');
  });
});

it.each([
  [['persistent', 'transient'], 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'],
  [['transient'], undefined],
  [['persistent', 'x509'], undefined],
] as const)(
  'a request to a provider that sends %j asks for no kind of name that it has not',
  async (formats, asked) => {
    const { request } = await start({ provider: { ...nemlogIn, nameIdFormats: [...formats] } });
    expect(onlyChild(request, namespace.protocol, 'NameIDPolicy')?.attributes.get('Format')).toBe(asked);
  },
);

describe('our metadata', () => {
  const metadata = parseXml(createServiceProvider(serviceProviderOptions()).metadata());
  const descriptor = onlyChild(metadata, namespace.metadata, 'SPSSODescriptor') as XmlElement;

  it('names us, our address, our keys and an end', () => {
    expect(metadata.attributes.get('entityID')).toBe('https://sebadmin.example/saml/metadata');
    expect(new Date(metadata.attributes.get('validUntil') ?? '').getTime()).toBeGreaterThan(Date.now());
    const uses = childrenNamed(descriptor, namespace.metadata, 'KeyDescriptor').map(({ attributes }) =>
      attributes.get('use'),
    );
    expect(uses).toEqual(['signing', 'encryption', 'encryption']);
    const slo = onlyChild(descriptor, namespace.metadata, 'SingleLogoutService');
    expect(slo?.attributes.get('Location')).toBe('https://sebadmin.example/saml/slo');
    expect(slo?.attributes.get('Binding')).toBe('urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect');
    const acs = onlyChild(descriptor, namespace.metadata, 'AssertionConsumerService');
    expect(acs?.attributes.get('Location')).toBe('https://sebadmin.example/saml/acs');
    expect(descriptor.attributes.get('AuthnRequestsSigned')).toBe('true');
    expect(descriptor.attributes.get('WantAssertionsSigned')).toBe('true');
  });

  it('asks for encryption that cannot be probed, and for the attributes that decide', () => {
    const methods = [...descendants(descriptor)].filter(({ name }) => name === 'EncryptionMethod');
    const names = new Set(methods.map(({ attributes }) => attributes.get('Algorithm')?.replace(/.*#/, '')));
    expect(names).toEqual(new Set(['aes256-gcm', 'aes128-gcm', 'rsa-oaep', 'rsa-oaep-mgf1p']));
    const wanted = [...descendants(descriptor)].filter(({ attributes }) => attributes.get('isRequired') === 'true');
    expect(wanted.map(({ attributes }) => attributes.get('Name')?.replace(/.*\//, ''))).toEqual([
      'specVersion',
      'loa',
      'cvr',
      'orgName',
    ]);
  });

  it('announces every key of a change of keys, leaves out what has ended, and lasts as long as one of each kind does', () => {
    const now = new Date();
    const ended = makeKeyPair('ended', { from: -30, to: -1 });
    const ending = makeKeyPair('ending', { from: -30, to: 3 });
    const fresh = makeKeyPair('fresh', { from: -1, to: 700 });
    const twoOfEach = { signing: [ending, fresh], encryption: [fresh, ending, ended] };
    const xml = createServiceProvider(serviceProviderOptions({ keys: twoOfEach })).metadata();
    const both = onlyChild(parseXml(xml), namespace.metadata, 'SPSSODescriptor') as XmlElement;
    const descriptors = childrenNamed(both, namespace.metadata, 'KeyDescriptor');
    expect(descriptors.map(({ attributes }) => attributes.get('use'))).toEqual([
      'signing',
      'signing',
      'encryption',
      'encryption',
    ]);
    const end = new Date(parseXml(xml).attributes.get('validUntil') ?? '');
    expect(end.getTime() - now.getTime()).toBeGreaterThan(600 * 86_400_000);
  });

  it('stands in the order of the schema, and changes its ID only with its content', () => {
    const order = [...new Set(descriptor.children.map(({ name }) => name))];
    expect(order).toEqual([
      'KeyDescriptor',
      'SingleLogoutService',
      'NameIDFormat',
      'AssertionConsumerService',
      'AttributeConsumingService',
    ]);
    const again = parseXml(createServiceProvider(serviceProviderOptions()).metadata());
    expect(again.attributes.get('ID')).toBe(metadata.attributes.get('ID'));
  });
});

describe('a self-signed certificate', () => {
  it('is read and verified by OpenSSL', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const notBefore = new Date('2026-01-01T00:00:00Z');
    const notAfter = new Date('2036-01-01T00:00:00Z');
    const pem = selfSignedCertificate({ commonName: 'SEB prøve', publicKey, privateKey, notBefore, notAfter });
    const certificate = new X509Certificate(pem);
    expect(certificate.subject).toBe('CN=SEB prøve');
    expect(certificate.verify(publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(privateKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(new Date(certificate.validTo)).toEqual(notAfter);
  });
});

describe('the list of identity providers', () => {
  let dir: string;
  beforeAll(async () => void (dir = await mkdtemp(path.join(tmpdir(), 'seb-providers-'))));
  afterAll(() => rm(dir, { recursive: true }));

  async function read(content: unknown) {
    const file = path.join(dir, 'providers.json');
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return readIdentityProviders(file);
  }

  it('is read from JSON, certificates as PEM or as in metadata', async () => {
    const bare = keys.local.certificate.replace(/-----[^-]*-----/g, '').replace(/\s/g, '');
    const providers = await read([nemlogIn, { ...localProvider, certificates: [bare], minimumLevel: undefined }]);
    expect(providers).toEqual([nemlogIn, localProvider]);
    expect(findIdentityProvider(providers, 'local-region')?.name).toBe('Region Eksempel');
    expect(findIdentityProvider(providers, 'https://evil.example')).toBeNull();
  });

  it('names every fault at once', async () => {
    const faulty = {
      ...nemlogIn,
      id: 'NemLog in',
      ssoUrl: 'http://login.example',
      certificates: ['nonsense'],
      extra: 1,
    };
    const message = await read([faulty, nemlogIn, { ...nemlogIn, kind: 'local', allowedCvrs: ['1'] }]).catch(String);
    for (const fault of ['0.id', '0.ssoUrl', '0.certificates.0', 'extra', '2.allowedCvrs'])
      expect(message).toContain(fault);
    await expect(read('[{')).rejects.toThrow('is not JSON');
    await expect(read([])).rejects.toThrow('cannot be used');
  });

  it('holds each provider once, and no local provider that speaks for everybody', async () => {
    await expect(read([nemlogIn, nemlogIn])).rejects.toThrow("this provider's alone");
    await expect(read([{ ...localProvider, allowedCvrs: 'all' }])).rejects.toThrow('must list the CVR numbers');
  });

  it('is searched by name as a Dane would', () => {
    const named = (name: string) => ({ ...localProvider, id: name.toLowerCase(), name });
    const providers = ['Østerby Kommune', 'Ålborg Kommune', 'Region Ærø', 'Allerød Kommune'].map(named);
    const names = (query: string): string[] => searchIdentityProviders(providers, query).map(({ name }) => name);
    expect(names('KOMMUNE')).toEqual(['Allerød Kommune', 'Østerby Kommune', 'Ålborg Kommune']);
    expect(names('ærø region')).toEqual(['Region Ærø']);
    expect(names('  ')).toHaveLength(4);
  });
});

async function start(login: Partial<Parameters<ReturnType<typeof createServiceProvider>['startLogin']>[0]> = {}) {
  const saved: object[] = [];
  const memory = pendingLoginsInMemory();
  const pending = { ...memory, save: async (login: Parameters<typeof memory.save>[0]) => void saved.push(login) };
  const serviceProvider = createServiceProvider(serviceProviderOptions({ pending }));
  const started = await serviceProvider.startLogin({ provider: nemlogIn, returnTo: '/', forceAuthn: false, ...login });
  const url = new URL(started.redirectUrl);
  return { url, requestId: started.requestId, request: parseXml(inflated(url)), saved };
}

function inflated(url: URL): string {
  return inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString('utf8');
}
