import { describe, expect, it } from 'vitest';
import { attribute, namespace, personPrefix, status } from '../../src/sign-in/saml/names.ts';
import { createServiceProvider } from '../../src/sign-in/saml/service-provider.ts';
import {
  keys,
  localProvider,
  logIn,
  makeResponse,
  nemlogIn,
  pendingLoginsInMemory,
  serviceProviderOptions,
} from '../support/saml.ts';
import type { Forgery } from '../support/saml.ts';

const MINUTE = 60_000;
const ago = (minutes: number): Date => new Date(Date.now() - minutes * MINUTE);
const fromLocal: Forgery = {
  signer: keys.local,
  assertion: { issuer: localProvider.entityId },
  response: { issuer: localProvider.entityId },
};

describe('a genuine login is accepted', () => {
  const genuine: Record<string, Forgery> = {
    'with the key wrapped by rsa-oaep-mgf1p': { wrap: 'mgf1p' },
    'with the key wrapped by xmlenc11 rsa-oaep and SHA-256': { wrap: 'sha256' },
    'encrypted for our older key': { recipientKey: keys.olderEncryption },
    "signed with the provider's next certificate": { signer: keys.nemlogInNext },
    'from a clock two minutes ahead': { assertion: { issued: ago(-2) }, response: { issued: ago(-2) } },
    'from a clock two minutes behind': { assertion: { issued: ago(2) }, response: { issued: ago(2) } },
    'without an Issuer on the Response': { editResponse: (xml) => xml.replace(/<saml:Issuer>.*?<\/saml:Issuer>/, '') },
    'with an XML declaration': { editResponse: (xml) => `<?xml version="1.0" encoding="UTF-8"?>\n${xml}` },
    'with a transient NameID': {
      editAssertion: (xml) => xml.replace(/nameid-format:persistent/, 'nameid-format:transient'),
    },
    'without RID': { claims: { rid: null } },
    'without an end of the session': { editAssertion: (xml) => xml.replace(/ SessionNotOnOrAfter="[^"]*"/, '') },
    'at a higher level than needed': { claims: { level: 'High' } },
    'with the EncryptedKey beside the data': {
      editResponse: (xml) => {
        const key = /<xenc:EncryptedKey>.*?<\/xenc:EncryptedKey>/.exec(xml)?.[0] ?? '';
        const reference = '<ds:RetrievalMethod URI="#k"/>';
        const outside = key.replace(
          '<xenc:EncryptedKey>',
          `<xenc:EncryptedKey xmlns:ds="${namespace.signature}" Id="k">`,
        );
        return xml
          .replace(key, reference)
          .replace('</saml:EncryptedAssertion>', `${outside}</saml:EncryptedAssertion>`);
      },
    },
  };

  for (const [name, forgery] of Object.entries(genuine)) {
    it(name, async () => {
      expect(await logIn(forgery)).toMatchObject({ outcome: 'accepted' });
    });
  }

  it('from a local provider, for its own organisation', async () => {
    expect(await logIn(fromLocal, localProvider)).toMatchObject({ outcome: 'accepted' });
  });

  it('with everything that the attributes say, and no CPR number', async () => {
    const login = await logIn({ claims: { uuid: 'URN:UUID:6281DA2F-6433-4486-9A3F-BD2363779AB4' } });
    expect(login).toMatchObject({
      identity: {
        providerId: 'nemlog-in',
        cvr: '39910012',
        organisationName: 'Region Eksempel',
        uuid: '6281da2f-6433-4486-9a3f-bd2363779ab4',
        rid: '1118061020234',
        firstName: 'Åse',
        lastName: 'Østergård',
        fullName: 'Åse Østergård',
        email: 'aase@region.example',
        level: 'Substantial',
        carriedCpr: true,
        isPrivatePerson: false,
      },
    });
    expect(JSON.stringify(login)).not.toContain('0000000000');
  });

  it('as a private person when there is no CVR number', async () => {
    const claims = { cvr: null, organisationName: null, rid: null };
    expect(await logIn({ claims })).toMatchObject({ identity: { isPrivatePerson: true, cvr: null } });
  });

  it('and remembers where the person was going', async () => {
    const options = serviceProviderOptions();
    const serviceProvider = createServiceProvider(options);
    const start = { provider: nemlogIn, returnTo: '/users?q=åse', forceAuthn: false };
    const { requestId } = await serviceProvider.startLogin(start);
    const samlResponse = makeResponse(options, requestId);
    const login = await serviceProvider.finishLogin({ samlResponse, pendingRequestId: requestId });
    expect(login).toMatchObject({ pending: { returnTo: '/users?q=åse', portal: 'sebadmin' } });
  });
});

describe('a login is refused', () => {
  const refusals: Record<string, [reason: string, forgery: Forgery]> = {
    'signed with another provider’s key': ['not-genuine', { signer: keys.local }],
    'signed with a stranger’s key': ['not-genuine', { signer: keys.stranger }],
    'for another audience': ['not-for-us', { assertion: { audience: 'https://sebanmod.example/saml/metadata' } }],
    'for another recipient': ['not-for-us', { assertion: { recipient: 'https://evil.example/saml/acs' } }],
    'for another destination': ['not-for-us', { response: { destination: 'https://evil.example/saml/acs' } }],
    'without a destination': ['not-for-us', { editResponse: (xml) => xml.replace(/ Destination="[^"]*"/, '') }],
    'that is too old': ['expired', { assertion: { issued: ago(20) } }],
    'whose envelope is too old': ['expired', { response: { issued: ago(20) } }],
    'whose confirmation has ended': ['expired', { editAssertion: (xml) => endedAt(xml, 0, ago(4)) }],
    'whose conditions have ended': ['expired', { editAssertion: (xml) => endedAt(xml, 1, ago(4)) }],
    'without an end of the confirmation': [
      'incomplete|not-genuine',
      { editAssertion: (xml) => xml.replace(/ NotOnOrAfter="[^"]*"/, '') },
    ],
    'from the future': ['not-yet-valid', { assertion: { issued: ago(-5) } }],
    'whose envelope is from the future': ['not-yet-valid', { response: { issued: ago(-5) } }],
    'that answers another request': ['other-login', { response: { inResponseTo: '_0123456789' } }],
    'whose assertion answers another request': ['other-login', { assertion: { inResponseTo: '_0123456789' } }],
    'that answers no request': ['other-login', { editResponse: (xml) => xml.replace(/ InResponseTo="[^"]*"/, '') }],
    'from another issuer': ['wrong-provider', { assertion: { issuer: localProvider.entityId } }],
    'in an envelope from another issuer': ['wrong-provider', { response: { issuer: localProvider.entityId } }],
    'encrypted for somebody else': ['not-genuine', { recipientKey: keys.stranger }],
    'at too low a level': ['too-low-level', { claims: { level: 'Low' } }],
    'without a level': ['incomplete', { editAssertion: (xml) => withoutAttribute(xml, attribute.level) }],
    'with two levels': ['incomplete', { editAssertion: (xml) => twice(xml, attribute.level) }],
    'of another version of the profile': [
      'incomplete',
      { editAssertion: (xml) => xml.replace('OIO-SAML-3.0', 'DK-SAML-2.0') },
    ],
    'with a CVR number of seven digits': ['incomplete', { claims: { cvr: '3991001' } }],
    'whose UUID is none': ['incomplete', { claims: { uuid: 'soren' } }],
    'whose NameID says person and attributes organisation': [
      'incomplete',
      { assertion: { nameId: `${personPrefix}1` } },
    ],
    'with a NameID of another format': [
      'incomplete',
      { editAssertion: (xml) => xml.replace('nameid-format:persistent', 'nameid-format:emailAddress') },
    ],
    'without conditions': ['incomplete|not-genuine', { editAssertion: (xml) => without(xml, 'Conditions') }],
    'without an audience': ['incomplete', { editAssertion: (xml) => without(xml, 'AudienceRestriction') }],
    'without a confirmation': ['incomplete', { editAssertion: (xml) => without(xml, 'SubjectConfirmation') }],
    'confirmed by another method': [
      'incomplete',
      { editAssertion: (xml) => xml.replace('cm:bearer', 'cm:sender-vouches') },
    ],
    'without a login statement': ['incomplete', { editAssertion: (xml) => without(xml, 'AuthnStatement') }],
    'cancelled at the provider': ['cancelled', failedWith(status.authnFailed)],
    'whose level the provider cannot reach': ['level-not-reachable', failedWith(status.noAuthnContext)],
    'denied by the provider': ['denied-by-provider', failedWith(status.requestDenied)],
    'failed at the provider': ['provider-failed', failedWith('urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported')],
    'with an assertion in spite of a failure': ['cancelled', { response: { status: status.authnFailed } }],
  };

  for (const [name, [reason, forgery]] of Object.entries(refusals)) {
    it(name, async () => {
      expect(await logIn(forgery)).toMatchObject({
        outcome: 'refused',
        reason: expect.stringMatching(`^(${reason})$`),
      });
    });
  }

  it('when a local provider speaks for another organisation', async () => {
    const login = await logIn({ ...fromLocal, claims: { cvr: '39910020' } }, localProvider);
    expect(login).toMatchObject({
      reason: 'cvr-not-allowed',
      arrived: { cvr: '39910020', providerName: 'Region Eksempel' },
    });
    // Whatever else is wrong: else that organisation would be told of a login that nobody vouches for.
    const low = await logIn({ ...fromLocal, claims: { cvr: '39910020', level: 'Low' } }, localProvider);
    expect(low).toMatchObject({ reason: 'cvr-not-allowed' });
  });

  it('when another provider answers than the one that was asked', async () => {
    expect(await logIn(fromLocal, nemlogIn)).toMatchObject({ reason: 'wrong-provider' });
  });

  it('when the browser has no login under way', async () => {
    const options = serviceProviderOptions();
    const samlResponse = makeResponse(options, '_1');
    const login = await createServiceProvider(options).finishLogin({ samlResponse, pendingRequestId: null });
    expect(login).toMatchObject({ reason: 'no-pending-login' });
  });

  it('when it is another browser’s login', async () => {
    const options = serviceProviderOptions();
    const serviceProvider = createServiceProvider(options);
    const start = { provider: nemlogIn, returnTo: '/', forceAuthn: false };
    const mine = await serviceProvider.startLogin(start);
    const theirs = await serviceProvider.startLogin(start);
    const samlResponse = makeResponse(options, theirs.requestId);
    const login = await serviceProvider.finishLogin({ samlResponse, pendingRequestId: mine.requestId });
    expect(login).toMatchObject({ reason: 'other-login' });
    const own = { samlResponse: makeResponse(options, mine.requestId), pendingRequestId: mine.requestId };
    expect(await serviceProvider.finishLogin(own)).toMatchObject({ outcome: 'accepted' });
  });

  it('when the same response comes twice', async () => {
    const options = serviceProviderOptions();
    const serviceProvider = createServiceProvider(options);
    const { requestId } = await serviceProvider.startLogin({ provider: nemlogIn, returnTo: '/', forceAuthn: false });
    const answer = { samlResponse: makeResponse(options, requestId), pendingRequestId: requestId };
    expect(await serviceProvider.finishLogin(answer)).toMatchObject({ outcome: 'accepted' });
    expect(await serviceProvider.finishLogin(answer)).toMatchObject({ reason: 'no-pending-login' });
  });

  it('when the same assertion comes twice', async () => {
    const options = serviceProviderOptions();
    const assertion = { id: '_once' };
    expect(await logIn({ assertion }, nemlogIn, options)).toMatchObject({ outcome: 'accepted' });
    expect(await logIn({ assertion }, nemlogIn, options)).toMatchObject({ reason: 'replayed' });
  });

  it('when it was started more than 15 minutes ago', async () => {
    const later = pendingLoginsInMemory(() => ago(-16));
    expect(await logIn({}, nemlogIn, serviceProviderOptions({ pending: later }))).toMatchObject({
      reason: 'no-pending-login',
    });
  });

  it('and the log gets no value out of the message', async () => {
    const login = await logIn({ claims: { cvr: '1010101010' }, response: { issuer: 'urn:0101010101' } });
    expect(login.outcome === 'refused' && login.detail).not.toMatch(/\d{8}/);
  });
});

function failedWith(code: string): Forgery {
  return { response: { status: code, content: '' } };
}

/** Moves the nth NotOnOrAfter, and the start with it. */
function endedAt(xml: string, nth: number, end: Date): string {
  let seen = 0;
  return xml.replace(/ NotOnOrAfter="[^"]*"/g, (text) =>
    seen++ === nth ? ` NotOnOrAfter="${end.toISOString()}"` : text,
  );
}

function without(xml: string, element: string): string {
  return xml.replace(new RegExp(`<saml:${element}[ >].*</saml:${element}>`), '');
}

function attributePattern(name: string): RegExp {
  return new RegExp(`<saml:Attribute Name="${name.replaceAll('/', '\\/')}".*?</saml:Attribute>`);
}

function withoutAttribute(xml: string, name: string): string {
  return xml.replace(attributePattern(name), '');
}

function twice(xml: string, name: string): string {
  return xml.replace(attributePattern(name), (text) => text.replace('Substantial', 'High') + text);
}
