import { createCipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encrypted } from '../../src/demo/identity-provider/protection.ts';
import { algorithm, namespace } from '../../src/sign-in/saml/names.ts';
import { refusalReasons } from '../../src/sign-in/saml/refusal.ts';
import { refusalTexts } from '../../src/sign-in/saml/refusal-texts.ts';
import { createServiceProvider } from '../../src/sign-in/saml/service-provider.ts';
import { keys, logIn, makeResponse, nemlogIn, serviceProviderOptions } from '../support/saml.ts';
import type { Forgery } from '../support/saml.ts';

const evilCvr = '39910020';

describe('signatures', () => {
  const forgeries: Record<string, [reason: string, forgery: Forgery]> = {
    'a missing one': ['not-genuine', { sign: (xml) => xml }],
    'one that was taken out': ['not-genuine', { editSigned: (xml) => xml.replace(signaturePattern, '') }],
    'one over changed attributes': ['not-genuine', { editSigned: (xml) => xml.replace('39910012', evilCvr) }],
    'one whose certificate travels in KeyInfo': ['not-genuine', { signer: keys.stranger }],
    'RSA-SHA1': [
      'not-protected',
      { editSigned: (xml) => xml.replace(algorithm.rsaSha256, `${namespace.signature}rsa-sha1`) },
    ],
    HMAC: [
      'not-protected',
      { editSigned: (xml) => xml.replace(algorithm.rsaSha256, `${namespace.signature}hmac-sha1`) },
    ],
    'a SHA-1 digest': ['not-protected', { editSigned: (xml) => xml.replace(algorithm.sha256, algorithm.sha1) }],
    'other transforms': [
      'not-genuine',
      { editSigned: (xml) => xml.replace(algorithm.enveloped, 'http://www.w3.org/TR/1999/REC-xpath-19991116') },
    ],
    'a canonicalization with comments': [
      'not-genuine',
      { editSigned: (xml) => xml.replaceAll(namespace.exclusiveC14n, `${namespace.exclusiveC14n}WithComments`) },
    ],
    'a reference to the whole document': [
      'not-genuine',
      { editSigned: (xml) => xml.replace(/URI="#[^"]*"/, 'URI=""') },
    ],
    'two SignedInfo elements': [
      'not-genuine',
      { editSigned: (xml) => doubled(xml, /<ds:SignedInfo>.*?<\/ds:SignedInfo>/) },
    ],
    'two of them': ['not-genuine', { editSigned: (xml) => doubled(xml, signaturePattern) }],
    'a comment in the DigestValue': [
      'not-genuine',
      { editSigned: (xml) => xml.replace('<ds:DigestValue>', '<ds:DigestValue><!-- x -->') },
    ],
    'a comment in the NameID': [
      'not-genuine',
      { editAssertion: (xml) => xml.replace('</saml:NameID>', '<!-- -->.evil</saml:NameID>') },
    ],
    'a foreign element inside': [
      'not-genuine',
      { editSigned: (xml) => xml.replace('</ds:Signature>', '<ds:Object><x/></ds:Object></ds:Signature>') },
    ],
  };
  runAll(forgeries);
});

describe('signature wrapping', () => {
  const forgeries: Record<string, [reason: string, forgery: Forgery]> = {
    'the signed assertion inside a forged one': [
      'not-genuine',
      { editSigned: (xml) => evil(xml, `${xml}</saml:Assertion>`) },
    ],
    'the signed assertion in the Advice of a forged one': [
      'not-genuine',
      { editSigned: (xml) => evil(xml, `<saml:Advice>${xml}</saml:Advice></saml:Assertion>`) },
    ],
    'the signed assertion in an Object of the forged one’s signature': [
      'not-genuine',
      {
        editSigned: (xml) => {
          const bare = xml.replace(signaturePattern, '');
          const signature = signaturePattern.exec(xml)?.[0] ?? '';
          const wrapped = signature.replace('</ds:Signature>', `<ds:Object>${bare}</ds:Object></ds:Signature>`);
          return evil(xml, `${wrapped}</saml:Assertion>`);
        },
      },
    ],
    'a forged assertion before the signed one': ['not-genuine', { editSigned: (xml) => forged(xml) + xml }],
    'a forged assertion after the signed one': ['not-genuine', { editSigned: (xml) => xml + forged(xml) }],
    'a forged assertion with the id of the signed one': [
      'not-genuine',
      { editSigned: (xml) => evil(xml, `${xml}</saml:Assertion>`).replace('ID="_evil"', `ID="${idOf(xml)}"`) },
    ],
    'a forged plain assertion beside the encrypted one': [
      'not-protected',
      { editResponse: (xml) => xml.replace('</samlp:Response>', `${plainForgery}</samlp:Response>`) },
    ],
    'a forged plain assertion inside Extensions': [
      'accepted-without-it',
      {
        editResponse: (xml) =>
          xml.replace('<samlp:Status>', `<samlp:Extensions>${plainForgery}</samlp:Extensions><samlp:Status>`),
      },
    ],
    'two encrypted assertions': [
      'malformed',
      { editResponse: (xml) => doubled(xml, /<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/) },
    ],
    'a Response inside the Response': [
      'malformed',
      { editResponse: (xml) => xml.replace('</samlp:Response>', `${xml}</samlp:Response>`) },
    ],
  };
  runAll(forgeries);
});

describe('encryption', () => {
  const forgeries: Record<string, [reason: string, forgery: Forgery]> = {
    'none, but signed': ['not-protected', { protect: (xml) => xml }],
    'AES-CBC': ['not-protected', { protect: (xml) => cbc(encrypted(xml, keys.encryption.certificate, 'mgf1p'), xml) }],
    'RSA 1.5': [
      'not-protected',
      { wrap: 'mgf1p', editResponse: (xml) => xml.replace(algorithm.rsaOaepMgf1p, `${namespace.encryption}rsa-1_5`) },
    ],
    'a changed ciphertext': [
      'not-genuine',
      {
        editResponse: (xml) =>
          xml.replace(/(.)(.{20}<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/, (_, one, rest) =>
            one === 'A' ? `B${rest}` : `A${rest}`,
          ),
      },
    ],
    'an empty ciphertext': [
      'not-genuine',
      {
        editResponse: (xml) =>
          xml.replace(
            /<xenc:CipherValue>[^<]*(<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/,
            '<xenc:CipherValue>$1',
          ),
      },
    ],
    'no key': ['malformed', { editResponse: (xml) => xml.replace(/<ds:KeyInfo.*<\/ds:KeyInfo>/, '') }],
    'something else than an assertion': ['not-genuine', { editSigned: () => '<x/>' }],
    'no XML at all': ['not-genuine', { editSigned: () => 'hello' }],
  };
  runAll(forgeries);
});

describe('XML', () => {
  const doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
  const forgeries: Record<string, [reason: string, forgery: Forgery]> = {
    'with a DOCTYPE': ['malformed', { editResponse: (xml) => doctype + xml }],
    'with a DOCTYPE in the assertion': ['not-genuine', { editSigned: (xml) => doctype + xml }],
    'with a comment': ['malformed', { editResponse: (xml) => xml.replace('<samlp:Status>', '<!-- --><samlp:Status>') }],
    'with a processing instruction': ['malformed', { editResponse: (xml) => `<?xml version="1.0"?><?x y?>${xml}` }],
    'with CDATA': [
      'malformed',
      { editResponse: (xml) => xml.replace('<samlp:Status>', '<![CDATA[x]]><samlp:Status>') },
    ],
    'with an unknown entity': [
      'malformed',
      { editResponse: (xml) => xml.replace('<samlp:Status>', '&e;<samlp:Status>') },
    ],
    'in another character set': [
      'malformed',
      { editResponse: (xml) => `<?xml version="1.0" encoding="UTF-16"?>${xml}` },
    ],
    'nested 200 kB deep': [
      'malformed',
      { editResponse: (xml) => xml.replace('<samlp:Status>', `${'<a>'.repeat(66_000)}<samlp:Status>`) },
    ],
    'nested 200 kB deep in the assertion': ['not-genuine', { editSigned: () => '<a>'.repeat(66_000) }],
    'with 20,000 attributes': [
      'malformed',
      {
        editResponse: (xml) =>
          xml.replace(
            '<samlp:Status>',
            `<samlp:Status ${Array.from({ length: 20_000 }, (_, n) => `a${n}=""`).join(' ')}>`,
          ),
      },
    ],
    'with two roots': ['malformed', { editResponse: (xml) => xml + xml }],
    'with an id twice': [
      'malformed',
      { editResponse: (xml) => xml.replace('<xenc:EncryptedData', `<xenc:EncryptedData Id="${idOf(xml)}"`) },
    ],
    'with a root of another namespace': [
      'malformed',
      { editResponse: (xml) => xml.replaceAll(namespace.protocol, 'urn:x') },
    ],
    'of another version': ['malformed', { editResponse: (xml) => xml.replace('Version="2.0"', 'Version="1.1"') }],
  };
  runAll(forgeries);
});

describe('nonsense in place of a response', () => {
  const nonsense: [string, unknown][] = [
    ['nothing', undefined],
    ['an empty text', ''],
    ['a list', ['a', 'b']],
    ['an object', { toString: 'x' }],
    ['text that is not base64', 'æøå <>'],
    ['base64 of nothing readable', Buffer.from([0xff, 0xfe, 0x00, 0x80]).toString('base64')],
    ['more than the limit', 'A'.repeat(600_000)],
  ];
  for (const [name, samlResponse] of nonsense) {
    it(`${name} is malformed`, async () => {
      const serviceProvider = createServiceProvider(serviceProviderOptions());
      const login = await serviceProvider.finishLogin({ samlResponse, pendingRequestId: '_1' });
      expect(login).toMatchObject({ outcome: 'refused', reason: 'malformed' });
    });
  }

  it('never throws, whatever a byte is changed to', async () => {
    const options = serviceProviderOptions();
    const serviceProvider = createServiceProvider(options);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.uint8Array({ maxLength: 4 }), fc.nat(6), async (position, bytes, cut) => {
        const { requestId } = await serviceProvider.startLogin({
          provider: nemlogIn,
          returnTo: '/',
          forceAuthn: false,
        });
        const genuine = Buffer.from(makeResponse(options, requestId), 'base64');
        const at = position % genuine.length;
        const changed = Buffer.concat([genuine.subarray(0, at), bytes, genuine.subarray(at + cut)]);
        const samlResponse = changed.toString('base64');
        const { outcome } = await serviceProvider.finishLogin({ samlResponse, pendingRequestId: requestId });
        return outcome === 'refused' || changed.equals(genuine) || isHarmless(genuine, changed);
      }),
      { numRuns: 100 },
    );
  }, 30_000);

  it('never accepts a signed assertion that was changed, wherever', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.string({ minLength: 1, maxLength: 6 }), async (position, text) => {
        const insert = (xml: string): string => {
          const at = position % xml.length;
          return xml.slice(0, at) + text + xml.slice(at);
        };
        const login = await logIn({ editSigned: insert });
        return login.outcome === 'refused' || login.identity.cvr === '39910012';
      }),
      { numRuns: 100 },
    );
  }, 30_000);
});

describe('each reason for a refusal', () => {
  for (const reason of refusalReasons) {
    it(`${reason} tells in Danish what failed and what to do`, () => {
      const { whatFailed, whatYouCanDo } = refusalTexts[reason];
      expect(whatFailed).toMatch(/^[A-ZÆØÅ].*\.$/);
      expect(whatYouCanDo).toMatch(/^[A-ZÆØÅ].*\.$/);
    });
  }
});

const signaturePattern = /<ds:Signature .*<\/ds:Signature>/;
const plainForgery = `<saml:Assertion ID="_plain" Version="2.0"><saml:Issuer>${nemlogIn.entityId}</saml:Issuer></saml:Assertion>`;

function runAll(forgeries: Record<string, [reason: string, forgery: Forgery]>): void {
  for (const [name, [reason, forgery]] of Object.entries(forgeries)) {
    it(`${name}: ${reason}`, async () => {
      const login = await logIn(forgery);
      if (reason !== 'accepted-without-it') expect(login).toMatchObject({ outcome: 'refused', reason });
      else expect(login).toMatchObject({ outcome: 'accepted', identity: { cvr: '39910012' } });
    });
  }
}

function idOf(xml: string): string {
  return / ID="([^"]*)"/.exec(xml)?.[1] ?? '';
}

function doubled(xml: string, pattern: RegExp): string {
  return xml.replace(pattern, (text) => text + text);
}

/** A forged assertion of the same shape for another organisation, without its signature. */
function forged(xml: string): string {
  return xml
    .replace(signaturePattern, '')
    .replace('39910012', evilCvr)
    .replace(/ ID="[^"]*"/, ' ID="_evil"');
}

/** The forged assertion, open, and then what is given: usually the signed one. */
function evil(xml: string, rest: string): string {
  return forged(xml).replace(/<\/saml:Assertion>$/, '') + rest;
}

/** The same structure with AES-256-CBC inside, as some older providers send it. */
function cbc(structure: string, xml: string): string {
  const cipher = createCipheriv('aes-256-cbc', randomBytes(32), randomBytes(16));
  const data = Buffer.concat([cipher.update(xml), cipher.final()]).toString('base64');
  return structure
    .replace(algorithm.aes256Gcm, `${namespace.encryption}aes256-cbc`)
    .replace(/[^>]*(<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/, `${data}$1`);
}

/** A change of white space or of a prefix in the envelope, which nothing signs, may pass: the assertion may not change. */
function isHarmless(genuine: Buffer, changed: Buffer): boolean {
  const cipherValues = (xml: Buffer): string =>
    xml
      .toString()
      .match(/<xenc:CipherValue>[^<]*/g)
      ?.join()
      .replace(/\s/g, '') ?? '';
  return cipherValues(genuine) === cipherValues(changed);
}
