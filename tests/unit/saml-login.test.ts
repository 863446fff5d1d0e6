import { X509Certificate, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { asX509Name } from '../../src/demo/identity-provider/hostile/edits.ts';
import { encrypted, signed } from '../../src/demo/identity-provider/protection.ts';
import { algorithm, attribute, failures, namespace } from '../../src/sign-in/saml/names.ts';
import { createServiceProvider } from '../../src/sign-in/saml/service-provider.ts';
import type { IdentityProvider } from '../../src/sign-in/identity-providers.ts';
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
    'without UUID': { editAssertion: (xml) => xml.replace(attributeNamed(attribute.uuid), '') },
    'without an e-mail': { claims: { email: null } },
    'with two e-mails': {
      editAssertion: (xml) =>
        xml.replace(/(<saml:AttributeValue>)(aase@region.example)/, '$1privat@example.dk</saml:AttributeValue>$1$2'),
    },
    'with attributes that SEB does not know': {
      editAssertion: (xml) =>
        xml.replace(
          '<saml:AttributeStatement>',
          `<saml:AttributeStatement><saml:Attribute Name="urn:x"><saml:AttributeValue><y/></saml:AttributeValue></saml:Attribute>`,
        ),
    },
    'with attributes of the basic name format': {
      editAssertion: (xml) => xml.replaceAll('attrname-format:uri', 'attrname-format:basic'),
    },
    'with qualifiers on the NameID': {
      editAssertion: (xml) => xml.replace('<saml:NameID ', '<saml:NameID NameQualifier="a" SPNameQualifier="b" '),
    },
    'with a NameID of another form': { assertion: { nameId: '6281da2f-6433-4486-9a3f-bd2363779ab4' } },
    'for us among other audiences': {
      editAssertion: (xml) =>
        xml.replace('<saml:Audience>', '<saml:Audience>https://other.example</saml:Audience><saml:Audience>'),
    },
    'for single use': {
      editAssertion: (xml) => xml.replace('</saml:Conditions>', '<saml:OneTimeUse/></saml:Conditions>'),
    },
    'without a beginning of its conditions': { editAssertion: (xml) => xml.replace(/ NotBefore="[^"]*"/, '') },
    'without a SessionIndex': { editAssertion: (xml) => xml.replace(/ SessionIndex="[^"]*"/, '') },
    'with base64 in lines': {
      editResponse: (xml) => xml.replace(/(?<=<xenc:CipherValue>)[^<]+/g, (text) => text.replace(/(.{76})/g, '$1\n')),
    },
    'with its Response signed as well': { editResponse: (xml) => signed(xml, keys.nemlogIn) },
    'with 300 kB of attributes': {
      editAssertion: (xml) =>
        xml.replace(
          '<saml:AttributeStatement>',
          `<saml:AttributeStatement><saml:Attribute Name="urn:privileges"><saml:AttributeValue>${'QUJD'.repeat(50_000)}</saml:AttributeValue></saml:Attribute>`,
        ),
    },
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

  it('in AES-CBC from a provider with an exception, and from no other', async () => {
    const exceptional = { ...nemlogIn, cbcReason: 'Kan ikke andet' };
    const forgery: Forgery = { protect: (xml) => encryptedInCbc(xml) };
    const options = serviceProviderOptions({ providers: () => [exceptional] });
    expect(await logIn(forgery, exceptional, options)).toMatchObject({ outcome: 'accepted' });
    expect(await logIn(forgery)).toMatchObject({ reason: 'not-protected' });
    const changed = (xml: string): string =>
      xml.replace(
        /(.)(.{40}<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/,
        (_, one, rest) => `${one === 'A' ? 'B' : 'A'}${rest}`,
      );
    expect(await logIn({ ...forgery, editResponse: changed }, exceptional, options)).toMatchObject({
      reason: 'not-genuine',
    });
  });

  it('with the provider’s own names of attributes', async () => {
    const renaming = { ...nemlogIn, attributeNames: { cvr: 'urn:own:cvr', rid: 'urn:own:rid' } };
    const options = serviceProviderOptions({ providers: () => [renaming] });
    const editAssertion = (xml: string): string =>
      xml.replace(attribute.cvr, 'urn:own:cvr').replace(attribute.rid, 'urn:own:rid');
    expect(await logIn({ editAssertion }, renaming, options)).toMatchObject({
      identity: { cvr: '39910012', rid: '1118061020234' },
    });
    expect(await logIn({ editAssertion })).toMatchObject({ reason: 'incomplete' });
  });

  it('named in an older federation’s way, where that is taken from the provider, and of no other organisation', async () => {
    const older: IdentityProvider = { ...nemlogIn, nameIdFormats: ['x509', 'unspecified'] };
    const options = serviceProviderOptions({ providers: () => [older] });
    const named = (subject: string): Forgery => ({
      editAssertion: (xml) => asX509Name('39910012')(xml).replace('O=39910012', subject),
    });
    const into = (forgery: Forgery) => logIn(forgery, older, options);
    const own = [
      'O=39910012',
      'o = 39910012',
      'O=Region Eksempel',
      'O="39910012"',
      'OU=39910020',
      'O=Firma 39910020 ApS',
    ];
    for (const subject of own) expect(await into(named(subject)), subject).toMatchObject({ outcome: 'accepted' });
    for (const subject of ['O=39910020', 'O=39910012,O=39910020', 'O="39910020"', 'o= CVR:39910020'])
      expect(await into(named(subject)), subject).toMatchObject({ reason: 'incomplete' });
    const bare = { editAssertion: (xml: string) => xml.replace(/<saml:NameID Format="[^"]*"/, '<saml:NameID') };
    expect(await into(bare)).toMatchObject({
      identity: { nameIdKind: { format: expect.stringContaining('unspecified') } },
    });
    expect(await into({}), 'persistent was not chosen for it').toMatchObject({ reason: 'incomplete' });
    expect(await logIn(named('O=39910012'))).toMatchObject({ reason: 'incomplete' });
  });

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
    const login = await serviceProvider.finishLogin({ samlResponse, pendingRequestIds: [requestId] });
    expect(login).toMatchObject({ pending: { returnTo: '/users?q=åse', portal: 'sebadmin' } });
  });
});

function attributeNamed(name: string): RegExp {
  return new RegExp(`<saml:Attribute Name="${name.replaceAll('/', '\\/')}".*?</saml:Attribute>`);
}

/** As SimpleSAMLphp sends it: AES-128-CBC, the key wrapped by rsa-oaep-mgf1p. */
function encryptedInCbc(xml: string): string {
  const [key, iv] = [randomBytes(16), randomBytes(16)];
  const cipher = createCipheriv('aes-128-cbc', key, iv);
  const data = Buffer.concat([iv, cipher.update(xml), cipher.final()]).toString('base64');
  const { publicKey } = new X509Certificate(keys.encryption.certificate);
  const wrapped = publicEncrypt({ key: publicKey, oaepHash: 'sha1' }, key).toString('base64');
  let seen = 0;
  return encrypted(xml, keys.encryption.certificate, 'mgf1p')
    .replace(algorithm.aes256Gcm, algorithm.aes128Cbc)
    .replace(/<xenc:CipherValue>[^<]*/g, () => `<xenc:CipherValue>${seen++ === 0 ? wrapped : data}`);
}

describe('a login is refused', () => {
  it.each([...failures])('with status %s, in words, and named in the log', async (code, name) => {
    const login = await logIn({ response: { status: code, content: '' } });
    if (login.outcome !== 'refused') throw new Error('it was accepted');
    expect(login.detail).toBe(`status ${name} of Responder`);
    expect([
      'cancelled',
      'level-not-reachable',
      'denied-by-provider',
      'unknown-to-provider',
      'provider-failed',
    ]).toContain(login.reason);
  });

  it('with a status of no standard, whose words stay out of the log', async () => {
    const login = await logIn({ response: { status: 'urn:own:Åse', content: '' } });
    expect(login).toMatchObject({ reason: 'provider-failed', detail: 'status Responder' });
  });

  it('when the provider is asked for a new proof and gives an old one', async () => {
    const options = serviceProviderOptions();
    const serviceProvider = createServiceProvider(options);
    const { requestId } = await serviceProvider.startLogin({ provider: nemlogIn, returnTo: '/', forceAuthn: true });
    const editAssertion = (xml: string): string =>
      xml.replace(/AuthnInstant="[^"]*"/, `AuthnInstant="${ago(30).toISOString()}"`);
    const samlResponse = makeResponse(options, requestId, { editAssertion });
    expect(await serviceProvider.finishLogin({ samlResponse, pendingRequestIds: [requestId] })).toMatchObject({
      reason: 'not-renewed',
    });
  });

  it('when the provider was turned off meanwhile, or demands a higher level than SEB', async () => {
    let trusted = [nemlogIn];
    const options = serviceProviderOptions({ providers: () => trusted });
    const serviceProvider = createServiceProvider(options);
    const { requestId } = await serviceProvider.startLogin({ provider: nemlogIn, returnTo: '/', forceAuthn: false });
    trusted = [];
    const samlResponse = makeResponse(options, requestId);
    expect(await serviceProvider.finishLogin({ samlResponse, pendingRequestIds: [requestId] })).toMatchObject({
      reason: 'provider-off',
    });
    const strict = { ...nemlogIn, minimumLevel: 'High' as const };
    trusted = [strict];
    expect(await logIn({}, strict, options)).toMatchObject({ reason: 'too-low-level' });
  });

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
    const login = await createServiceProvider(options).finishLogin({ samlResponse, pendingRequestIds: [] });
    expect(login).toMatchObject({ reason: 'no-pending-login' });
  });

  it('when it is another browser’s login', async () => {
    const options = serviceProviderOptions();
    const serviceProvider = createServiceProvider(options);
    const start = { provider: nemlogIn, returnTo: '/', forceAuthn: false };
    const mine = await serviceProvider.startLogin(start);
    const theirs = await serviceProvider.startLogin(start);
    const samlResponse = makeResponse(options, theirs.requestId);
    const login = await serviceProvider.finishLogin({ samlResponse, pendingRequestIds: [mine.requestId] });
    expect(login).toMatchObject({ reason: 'other-login' });
    const other = await serviceProvider.startLogin(start);
    const own = {
      samlResponse: makeResponse(options, mine.requestId),
      pendingRequestIds: [other.requestId, mine.requestId],
    };
    expect(await serviceProvider.finishLogin(own)).toMatchObject({ outcome: 'accepted' });
  });

  it('when the same response comes twice', async () => {
    const options = serviceProviderOptions();
    const serviceProvider = createServiceProvider(options);
    const { requestId } = await serviceProvider.startLogin({ provider: nemlogIn, returnTo: '/', forceAuthn: false });
    const answer = { samlResponse: makeResponse(options, requestId), pendingRequestIds: [requestId] };
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
