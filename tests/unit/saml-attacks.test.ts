import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalReasons } from '../../src/sign-in/saml/refusal.ts';
import { refusalTexts } from '../../src/sign-in/saml/refusal-texts.ts';
import { createServiceProvider } from '../../src/sign-in/saml/service-provider.ts';
import { logIn, makeResponse, nemlogIn, serviceProviderOptions } from '../support/saml.ts';

it('a forged plain assertion inside Extensions is not read', async () => {
  const forgery = (xml: string): string =>
    xml.replace('<samlp:Status>', `<samlp:Extensions>${plainForgery}</samlp:Extensions><samlp:Status>`);
  const login = await logIn({ editResponse: forgery });
  expect(login).toMatchObject({ outcome: 'accepted', identity: { cvr: '39910012' } });
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
      const login = await serviceProvider.finishLogin({ samlResponse, pendingRequestIds: ['_1'] });
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
        const { outcome } = await serviceProvider.finishLogin({ samlResponse, pendingRequestIds: [requestId] });
        return outcome === 'refused' || changed.equals(genuine) || isHarmless(genuine, changed);
      }),
      { numRuns: 40 },
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
      { numRuns: 40 },
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

const plainForgery = `<saml:Assertion ID="_plain" Version="2.0"><saml:Issuer>${nemlogIn.entityId}</saml:Issuer></saml:Assertion>`;

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
