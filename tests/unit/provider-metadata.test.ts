import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { addressFault } from '../../src/identity-providers/address-policy.ts';
import { fetchMetadata, mayAsk } from '../../src/identity-providers/fetch-metadata.ts';
import {
  differencesTo,
  isSameTrust,
  trustedProvider,
  urgencyOf,
} from '../../src/identity-providers/identity-provider.ts';
import type { ProviderRow } from '../../src/identity-providers/identity-providers.queries.ts';
import { UnusableMetadata, readProviderMetadata } from '../../src/identity-providers/provider-metadata.ts';
import { metadataXml, signedMetadataXml } from '../support/provider-metadata.ts';
import { keys } from '../support/saml.ts';

const production = { allowsLocal: false, refusesNemLogIn: false };
const demands = { ...production, now: new Date(), signedBy: null, entityId: null };
const one = metadataXml({ certificates: [keys.local.certificate] });
const entityId = 'https://idp.ny-region.example/metadata';
const read = (xml: string, more: Partial<Parameters<typeof readProviderMetadata>[1]> = {}) =>
  readProviderMetadata(xml, { ...demands, ...more });

describe('metadata of a provider', () => {
  it('tell who it is, where it is asked, and with which certificates it signs', () => {
    expect(read(one)).toEqual({
      entityId,
      name: 'Ny Region',
      ssoUrl: 'https://idp.ny-region.example/sso',
      sloUrl: 'https://idp.ny-region.example/slo',
      sloResponseUrl: null,
      certificates: [keys.local.certificate],
      validUntil: null,
    });
  });

  it('that hold nothing but beginnings of comments are refused at once', () => {
    const begun = performance.now();
    expect(() => read('<!--'.repeat(250_000))).toThrow(UnusableMetadata);
    expect(() => read(`<!--${'<!-- -->'.repeat(120_000)}`)).toThrow(UnusableMetadata);
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it('may hold several certificates, comments, a byte order mark, and stand in a list of one', () => {
    const several = metadataXml({
      certificates: [keys.local.certificate, keys.nemlogIn.certificate, keys.local.certificate],
    });
    expect(
      read(`\uFEFF<?xml version="1.0"?>${several.replace('<md:IDP', '<!-- note --><md:IDP')}`).certificates,
    ).toHaveLength(2);
    const list = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${one}</md:EntitiesDescriptor>`;
    expect(read(list).entityId).toBe(entityId);
  });

  const useless: Record<string, [string, RegExp, Parameters<typeof read>[1]?]> = {
    'no XML': ['hello', /XML/],
    'a DOCTYPE': [`<!DOCTYPE x>${one}`, /XML/],
    'an entity': [one.replace('Ny Region', '&e;'), /XML/],
    'a service instead': [one.replaceAll('IDPSSODescriptor', 'SPSSODescriptor'), /IDPSSODescriptor/],
    'another provider': [one, /entityID skal være/, { entityId: 'https://other.example' }],
    'two providers': [
      `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${one}${one.replace('_meta', '_b')}</md:EntitiesDescriptor>`,
      /flere/,
    ],
    'no certificate': [metadataXml({ certificates: [] }), /certifikat/],
    'a certificate that is none': [one.replace(/(<ds:X509Certificate>)[^<]*/, '$1AAAA'), /certifikat/],
    'no login by redirect': [
      one.replace(
        'SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"',
        'SingleSignOnService Binding="urn:x"',
      ),
      /login-adresse/,
    ],
    'plain http': [one.replace('https://idp.ny-region.example/sso', 'http://idp.ny-region.example/sso'), /https/],
    'an address of this machine': [
      one.replace('https://idp.ny-region.example/sso', 'https://localhost/sso'),
      /denne maskine/,
    ],
    'a script as address': [one.replace('https://idp.ny-region.example/sso', 'javascript:alert(1)'), /adresse/],
    'an end that has passed': [
      metadataXml({ certificates: [keys.local.certificate], validUntil: new Date(0) }),
      /udløbet/,
    ],
    'an end that is none': [one.replace('entityID', 'validUntil="soon" entityID'), /validUntil/],
    'NemLog-in in a test environment': [
      one.replaceAll('idp.ny-region.example', 'login.nemlog-in.dk'),
      /testmiljø/,
      { refusesNemLogIn: true },
    ],
    'more than a megabyte': [one + ' '.repeat(1_000_001), /1 MB/],
  };
  for (const [name, [xml, message, more]] of Object.entries(useless)) {
    it(`are refused with ${name}`, () => {
      expect(() => read(xml, more)).toThrow(UnusableMetadata);
      expect(() => read(xml, more)).toThrow(message);
    });
  }
});

describe('signed metadata', () => {
  const signed = signedMetadataXml(one, keys.nemlogIn);
  const signedBy = keys.nemlogIn.certificate;

  it('are believed when the pinned certificate signed them, also with comments added', () => {
    expect(read(signed, { signedBy }).entityId).toBe(entityId);
    expect(read(signed.replace('<md:IDP', '<!-- x --><md:IDP'), { signedBy }).entityId).toBe(entityId);
  });

  const forged: Record<string, string> = {
    'no signature': one,
    'a signature of somebody else, with the certificate in KeyInfo': signedMetadataXml(one, keys.stranger),
    'a changed address': signed.replace('ny-region.example/sso', 'evil.example/sso'),
    'a reference to the whole document': signed.replace('URI="#_meta"', 'URI=""'),
    'another provider around the signed one': signed
      .replace('ID="_meta"', 'ID="_evil"')
      .replace('</md:EntityDescriptor>', `${signed}</md:EntityDescriptor>`),
    'the signed one inside an extension': metadataXml({
      certificates: [keys.stranger.certificate],
      more: `<md:Extensions>${signed}</md:Extensions>`,
    }).replace('_meta', '_evil'),
    'an algorithm of old': signed.replace(/rsa-sha256/, 'rsa-sha1'),
    'two signatures': signed.replace(/<ds:Signature .*?<\/ds:Signature>/, (text) => text + text),
  };
  for (const [name, xml] of Object.entries(forged))
    it(`are refused with ${name}`, () => expect(() => read(xml, { signedBy })).toThrow(/underskrevet|XML/));
});

describe('what new metadata change', () => {
  const row = { ...read(one), metadataValidUntil: null };
  it('is nothing, or certificates and addresses by name', () => {
    expect(isSameTrust(differencesTo(row, read(one)))).toBe(true);
    const next = read(metadataXml({ certificates: [keys.stranger.certificate], host: 'https://ny.example' }));
    const { added, removed, kept, addresses } = differencesTo(row, next);
    expect([added.length, removed.length, kept.length]).toEqual([1, 1, 0]);
    expect(addresses.map(({ label }) => label)).toEqual(['Login', 'Log af']);
  });

  it('is warned of 60, 30 and 7 days before a certificate ends', () => {
    const now = new Date('2026-11-30T12:00:00Z');
    const inDays = (days: number) => urgencyOf(new Date(now.getTime() + days * 86_400_000), now);
    expect([61, 59, 29, 6, -1].map(inDays)).toEqual([null, 'warn', 'soon', 'now', 'over']);
  });
});

describe('a provider of the table', () => {
  const row = {
    slug: 'ny',
    name: 'Ny',
    kind: 'local',
    origin: 'console',
    entityId,
    ssoUrl: 'https://idp.example/sso',
    sloUrl: null,
    sloResponseUrl: null,
    certificates: [keys.local.certificate],
    allCvrs: false,
    cvrs: ['39910012'],
    minimumLevel: 'Substantial',
    attributeNames: {},
    nameIdFormats: ['persistent', 'x509'],
    cbcReason: null,
  } as unknown as ProviderRow;
  const policy = { ...production, hasDemo: false };
  it('is trusted for what it says', () =>
    expect(trustedProvider(row, policy)).toMatchObject({
      id: 'ny',
      allowedCvrs: ['39910012'],
      certificates: [keys.local.certificate],
    }));
  it('is not trusted where the demo, its addresses or its keys do not belong', () => {
    for (const change of [
      { origin: 'demo' },
      { ssoUrl: 'http://idp.localhost:3002/sso' },
      { sloUrl: 'http://idp.example/slo' },
      { certificates: ['x'] },
      { attributeNames: { level: 'x' } },
      { nameIdFormats: ['kerberos'] },
    ])
      expect(trustedProvider({ ...row, ...change } as ProviderRow, policy)).toHaveProperty('fault');
  });
});

describe('fetching', () => {
  const servers: Server[] = [];
  afterAll(() => servers.map((server) => server.closeAllConnections() ?? server.close()));
  const serve = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://localhost:${(server.address() as AddressInfo).port}/metadata`;
  };
  const local = { allowsLocal: true, refusesNemLogIn: false, allowedNetworks: ['127.0.0.0/8'], timeoutMs: 2000 };

  it('brings what is there', async () => {
    const url = await serve((_request, response) => response.end(one));
    expect(await fetchMetadata(url, local)).toBe(one);
  });

  it('follows no redirect, believes no other status, and ends what is too long, too slow or no text', async () => {
    const target = await serve((_request, response) => response.end(one));
    const redirect = await serve((_request, response) => response.writeHead(302, { location: target }).end());
    const fault = await serve((_request, response) => response.writeHead(500).end(one));
    const endless = await serve((_request, response) => void response.write('x'.repeat(1_200_000)));
    const silent = await serve(() => undefined);
    const binary = await serve((_request, response) => response.end(Buffer.from([0xff, 0xfe, 0x00])));
    const messages = [redirect, fault, endless, binary].map((url) => fetchMetadata(url, local).catch(String));
    messages.push(fetchMetadata(silent, { ...local, timeoutMs: 150 }).catch(String));
    const told = await Promise.all(messages);
    for (const [index, part] of ['302', '500', '1 MB', 'UTF-8', 'ikke i tide'].entries())
      expect(told[index]).toContain(part);
  });

  it('reaches no inner network, by number or by name', async () => {
    let asked = 0;
    const url = await serve((_request, response) => void response.end(String(++asked)));
    const closed = { ...local, allowedNetworks: [] };
    await expect(fetchMetadata(url, closed)).rejects.toThrow('lukket net');
    expect(() => fetchMetadata(url.replace('localhost', '127.0.0.1'), closed)).toThrow('lukket net');
    expect(asked).toBe(0);
    const inner = [
      '10.1.2.3',
      '169.254.169.254',
      '172.31.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '::1',
      'fd00::1',
      'fe80::1',
      '::ffff:10.0.0.1',
      '64:ff9b::a00:1',
      '0.0.0.0',
    ];
    expect(inner.filter((address) => mayAsk(address, closed))).toEqual([]);
    expect(['185.1.2.3', '2a00:1450::1'].filter((address) => mayAsk(address, closed))).toHaveLength(2);
    expect(mayAsk('10.1.2.3', { allowedNetworks: ['10.1.0.0/16'] })).toBe(true);
    expect(mayAsk('10.2.2.3', { allowedNetworks: ['10.1.0.0/16'] })).toBe(false);
  });

  it('asks by https alone in production, without names and passwords in the address', () => {
    for (const address of [
      'http://idp.example/m',
      'ftp://idp.example',
      'https://u:p@idp.example',
      'https://127.0.0.1/',
      'file:///etc/passwd',
      'x',
    ])
      expect(addressFault(address, production), address).not.toBeNull();
    expect(addressFault('https://idp.example/m?a=b', production)).toBeNull();
  });
});
