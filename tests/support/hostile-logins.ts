import { createCipheriv, randomBytes } from 'node:crypto';
import { encrypted, signed } from '../../src/demo/identity-provider/protection.ts';
import { algorithm, attribute, namespace, personPrefix, status } from '../../src/sign-in/saml/names.ts';
import type { RefusalReason } from '../../src/sign-in/saml/refusal.ts';
import { keys, localProvider, nemlogIn } from './saml.ts';
import type { Forgery } from './saml.ts';

/** A response that must not let anybody in, and as what it is refused. */
export type HostileCase = { rule: string; name: string; reason: RefusalReason; forgery: Forgery };

const MINUTE = 60_000;
const ago = (minutes: number): Date => new Date(Date.now() - minutes * MINUTE);
const evilCvr = '39910020';

const response = (edit: (xml: string) => string): Forgery => ({ editResponse: edit });
const assertion = (edit: (xml: string) => string): Forgery => ({ editAssertion: edit });
const signedXml = (edit: (xml: string) => string): Forgery => ({ editSigned: edit });
const swap = (from: string | RegExp, to: string) => (xml: string) => {
  const changed = xml.replace(from, to);
  if (changed === xml) throw new Error(`nothing to forge: ${String(from)}`);
  return changed;
};

const doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
const laughs = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">';
const plainForgery = `<saml:Assertion ID="_plain" Version="2.0"><saml:Issuer>${nemlogIn.entityId}</saml:Issuer></saml:Assertion>`;

type Cases = Record<string, [reason: RefusalReason, forgery: Forgery]>;

/** Rule by rule: what a forger tries against it. docs/login-rules.md is written from this table. */
const rules: Record<string, Cases> = {
  'The message is a plain XML document of limited size': {
    'with a DOCTYPE': ['malformed', response((xml) => doctype + xml)],
    'with a DOCTYPE in the assertion': ['not-genuine', signedXml((xml) => doctype + xml)],
    'with entities that multiply': ['malformed', response((xml) => `<!DOCTYPE x [${laughs}]>${xml}`)],
    'with a parameter entity': [
      'malformed',
      response((xml) => `<!DOCTYPE x [<!ENTITY % p SYSTEM "http://evil.example/x">%p;]>${xml}`),
    ],
    'with a comment': ['malformed', response(swap('<samlp:Status>', '<!-- --><samlp:Status>'))],
    'with a processing instruction': ['malformed', response((xml) => `<?xml version="1.0"?><?x y?>${xml}`)],
    'with a processing instruction in the assertion': [
      'not-genuine',
      assertion(swap('<saml:Subject>', '<?x y?><saml:Subject>')),
    ],
    'with CDATA': ['malformed', response(swap('<samlp:Status>', '<![CDATA[x]]><samlp:Status>'))],
    'with CDATA in the NameID': ['not-genuine', assertion(swap('</saml:NameID>', '<![CDATA[.evil]]></saml:NameID>'))],
    'with an unknown entity': ['malformed', response(swap('<samlp:Status>', '&e;<samlp:Status>'))],
    'in another character set': ['malformed', response((xml) => `<?xml version="1.0" encoding="UTF-16"?>${xml}`)],
    'said to be UTF-7': ['malformed', response((xml) => `<?xml version="1.0" encoding="UTF-7"?>${xml}`)],
    'with a control character': ['malformed', response(swap('<samlp:Status>', '\u0001<samlp:Status>'))],
    'with a NUL as a number': ['malformed', response(swap('<samlp:Status>', '&#0;<samlp:Status>'))],
    'with an attribute twice': ['malformed', response(swap(' Version="2.0"', ' Version="2.0" Version="2.0"'))],
    'with an unknown prefix': ['malformed', response(swap('<samlp:Status>', '<evil:x/><samlp:Status>'))],
    'not closed': ['malformed', response(swap('</samlp:Response>', ''))],
    'with text between elements': ['malformed', response(swap('<samlp:Status>', 'text<samlp:Status>'))],
    'with two roots': ['malformed', response((xml) => xml + xml)],
    'with text behind the root': ['malformed', response((xml) => `${xml}x`)],
    'nested 200 kB deep': ['malformed', response(swap('<samlp:Status>', `${'<a>'.repeat(66_000)}<samlp:Status>`))],
    'nested 200 kB deep in the assertion': ['not-genuine', signedXml(() => '<a>'.repeat(66_000))],
    'with 20,000 attributes': [
      'malformed',
      response(swap('<samlp:Status>', `<samlp:Status ${many(20_000, (n) => `a${n}=""`)}>`)),
    ],
    'with 10,000 elements': [
      'malformed',
      response(swap('<samlp:Status>', `<samlp:Extensions>${'<a/>'.repeat(10_000)}</samlp:Extensions><samlp:Status>`)),
    ],
  },
  'It is one SAML 2.0 Response with usable ids': {
    'with a root of another namespace': ['malformed', response((xml) => xml.replaceAll(namespace.protocol, 'urn:x'))],
    'with a LogoutResponse as root': [
      'malformed',
      response((xml) => xml.replaceAll('samlp:Response', 'samlp:LogoutResponse')),
    ],
    'with the assertion as root': [
      'malformed',
      response((xml) => /<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/.exec(xml)?.[0] ?? ''),
    ],
    'of another version': ['malformed', response(swap('Version="2.0"', 'Version="1.1"'))],
    'without a version': ['malformed', response(swap(' Version="2.0"', ''))],
    'without an id': ['malformed', response(swap(/ ID="[^"]*"/, ''))],
    'with an id that is an XPath': ['malformed', response(swap(/ ID="[^"]*"/, ` ID="_1' or '1'='1"`))],
    'with an id twice': [
      'malformed',
      response((xml) => xml.replace('<xenc:EncryptedData', `<xenc:EncryptedData Id="${idOf(xml)}"`)),
    ],
    'with a Response inside': [
      'malformed',
      response((xml) => xml.replace('</samlp:Response>', `${xml.replace(/ ID="[^"]*"/, ' ID="_2"')}</samlp:Response>`)),
    ],
    'with an unknown element': ['malformed', response(swap('<samlp:Status>', '<samlp:Evil/><samlp:Status>'))],
    'with two encrypted assertions': [
      'malformed',
      response((xml) => doubled(xml, /<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/)),
    ],
    'with none': ['malformed', response(swap(/<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/, ''))],
  },
  'It is for this address, of now': {
    'for another destination': ['not-for-us', { response: { destination: 'https://evil.example/saml/acs' } }],
    'for the other portal': ['not-for-us', { response: { destination: 'https://sebanmod.example/saml/acs' } }],
    'for the address in plain http': ['not-for-us', { response: { destination: 'http://sebadmin.example/saml/acs' } }],
    'for the address with a slash more': [
      'not-for-us',
      { response: { destination: 'https://sebadmin.example/saml/acs/' } },
    ],
    'without a destination': ['not-for-us', response(swap(/ Destination="[^"]*"/, ''))],
    'that is too old': ['expired', { response: { issued: ago(20) } }],
    'from the future': ['not-yet-valid', { response: { issued: ago(-5) } }],
    'without a time': ['malformed', response(swap(/ IssueInstant="[^"]*"/, ''))],
    'with a time that is none': ['malformed', response(swap(/ IssueInstant="[^"]*"/, ' IssueInstant="yesterday"'))],
    'with a time without its zone': ['malformed', response(swap(/( IssueInstant="[^"]*)Z"/, '$1"'))],
  },
  'It answers the request of this very browser': {
    'that answers another request': ['other-login', { response: { inResponseTo: '_0123456789' } }],
    'that answers no request': ['other-login', response(swap(/ InResponseTo="[^"]*"/, ''))],
    'that answers an empty request': ['other-login', response(swap(/ InResponseTo="[^"]*"/, ' InResponseTo=""'))],
    'whose assertion answers another request': ['other-login', { assertion: { inResponseTo: '_0123456789' } }],
    'whose assertion answers none': ['other-login', assertion(swap(/ InResponseTo="[^"]*"/, ''))],
  },
  'It comes from the provider that was asked': {
    'in an envelope from another issuer': ['wrong-provider', { response: { issuer: localProvider.entityId } }],
    'with an assertion from another issuer': ['wrong-provider', { assertion: { issuer: localProvider.entityId } }],
    'with two issuers': ['malformed', response((xml) => doubled(xml, /<saml:Issuer>.*?<\/saml:Issuer>/))],
    'with an issuer of another format': [
      'wrong-provider',
      response(swap('<saml:Issuer>', '<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">')),
    ],
    'with an assertion without issuer': ['not-genuine', assertionSignedElsewhere(/<saml:Issuer .*?<\/saml:Issuer>/)],
    'with an assertion whose issuer is longer': [
      'wrong-provider',
      { assertion: { issuer: `${nemlogIn.entityId}.evil.example` } },
    ],
    'signed by the other provider in its own name': [
      'wrong-provider',
      {
        signer: keys.local,
        assertion: { issuer: localProvider.entityId },
        response: { issuer: localProvider.entityId },
      },
    ],
  },
  'Only Success carries a login': {
    'cancelled at the provider': ['cancelled', failedWith(status.authnFailed)],
    'whose level the provider cannot reach': ['level-not-reachable', failedWith(status.noAuthnContext)],
    'denied by the provider': ['denied-by-provider', failedWith(status.requestDenied)],
    'of somebody whom the provider does not know': ['unknown-to-provider', failedWith(status.unknownPrincipal)],
    'that could not be passive': ['provider-failed', failedWith(status.noPassive)],
    'of a request that is not supported': [
      'provider-failed',
      failedWith('urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported'),
    ],
    'of another version, says the provider': [
      'provider-failed',
      failedWith('urn:oasis:names:tc:SAML:2.0:status:VersionMismatch'),
    ],
    'with an assertion in spite of a failure': ['cancelled', { response: { status: status.authnFailed } }],
    'with Success below a failure': [
      'provider-failed',
      {
        response: { status: status.success },
        ...response(
          swap(
            /<samlp:StatusCode [^>]*\/>/,
            `<samlp:StatusCode Value="${status.responder}"><samlp:StatusCode Value="${status.success}"/></samlp:StatusCode>`,
          ),
        ),
      },
    ],
    'with Success in capitals': ['provider-failed', response(swap('status:Success', 'status:SUCCESS'))],
    'without a status': ['malformed', response(swap(/<samlp:Status>.*<\/samlp:Status>/, ''))],
    'with two': ['malformed', response((xml) => doubled(xml, /<samlp:Status>.*<\/samlp:Status>/))],
    'with a status without a code': ['malformed', response(swap(/<samlp:StatusCode [^>]*\/>/, ''))],
    'with a code without a value': ['malformed', response(swap(/<samlp:StatusCode [^>]*\/>/, '<samlp:StatusCode/>'))],
  },
  'The assertion is encrypted to us, with algorithms that cannot be probed': {
    'not encrypted, but signed': ['not-protected', { protect: (xml) => xml }],
    'plain beside the encrypted one': [
      'not-protected',
      response(swap('</samlp:Response>', `${plainForgery}</samlp:Response>`)),
    ],
    'with AES-CBC, without an exception': [
      'not-protected',
      { protect: (xml) => cbc(encrypted(xml, keys.encryption.certificate, 'mgf1p'), xml) },
    ],
    'with 3DES': ['not-protected', response(swap(algorithm.aes256Gcm, `${namespace.encryption}tripledes-cbc`))],
    'with an algorithm of its own': ['not-protected', response(swap(algorithm.aes256Gcm, 'urn:none'))],
    'with RSA 1.5': [
      'not-protected',
      { wrap: 'mgf1p', ...response(swap(algorithm.rsaOaepMgf1p, `${namespace.encryption}rsa-1_5`)) },
    ],
    'with OAEP over MD5': [
      'not-protected',
      response(
        swap(
          /(<xenc:EncryptedKey>.*?<ds:DigestMethod Algorithm=")[^"]*/,
          '$1http://www.w3.org/2001/04/xmldsig-more#md5',
        ),
      ),
    ],
    'with an unknown mask': ['not-protected', response(swap(algorithm.mgf1Sha256, 'urn:mgf'))],
    'encrypted for somebody else': ['not-genuine', { recipientKey: keys.stranger }],
    'with a changed ciphertext': ['not-genuine', response(changeCiphertext)],
    'with an empty ciphertext': [
      'not-genuine',
      response(
        swap(
          /<xenc:CipherValue>[^<]*(<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/,
          '<xenc:CipherValue>$1',
        ),
      ),
    ],
    'with a ciphertext that is no base64': [
      'malformed',
      response(
        swap(
          /<xenc:CipherValue>[^<]*(<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/,
          '<xenc:CipherValue>*$1',
        ),
      ),
    ],
    'with a ciphertext at another address': [
      'malformed',
      response(
        swap(
          /<xenc:CipherValue>[^<]*<\/xenc:CipherValue>(<\/xenc:CipherData><\/xenc:EncryptedData>)/,
          '<xenc:CipherReference URI="http://evil.example/"/>$1',
        ),
      ),
    ],
    'with a key that is cut off': [
      'not-genuine',
      response(swap(/(<xenc:EncryptedKey>.*?<xenc:CipherValue>)[^<]{8}/, '$1')),
    ],
    'without a key': ['malformed', response(swap(/<ds:KeyInfo.*<\/ds:KeyInfo>/, ''))],
    'with nine keys': [
      'malformed',
      response((xml) => xml.replace(/<xenc:EncryptedKey>.*?<\/xenc:EncryptedKey>/, (key) => key.repeat(9))),
    ],
    'with two ciphertexts': [
      'malformed',
      response((xml) => doubled(xml, /<xenc:EncryptedData.*<\/xenc:EncryptedData>/)),
    ],
    'without a method': ['malformed', response(swap(/<xenc:EncryptionMethod [^>]*\/>/, ''))],
    'of something else than an assertion': ['not-genuine', signedXml(() => '<x/>')],
    'of no XML at all': ['not-genuine', signedXml(() => 'hello')],
    'of another encrypted assertion': [
      'not-genuine',
      signedXml((xml) => encrypted(xml, keys.encryption.certificate, 'sha256')),
    ],
  },
  'The assertion’s own signature is by a certificate of that provider': {
    missing: ['not-genuine', { sign: (xml) => xml }],
    'taken out': ['not-genuine', signedXml(swap(signaturePattern(), ''))],
    'over changed attributes': ['not-genuine', signedXml(swap('39910012', evilCvr))],
    'over a changed level': ['not-genuine', signedXml(swap('>Substantial<', '>High<'))],
    'with its certificate in KeyInfo alone': ['not-genuine', { signer: keys.stranger }],
    'by another provider': ['not-genuine', { signer: keys.local }],
    'by our own key': ['not-genuine', { signer: keys.service }],
    'on the Response alone': ['not-genuine', { sign: (xml) => xml, editResponse: signResponse }],
    'with an empty value': ['not-genuine', signedXml(swap(/<ds:SignatureValue>[^<]*/, '<ds:SignatureValue>'))],
    'without a value': ['not-genuine', signedXml(swap(/<ds:SignatureValue>[^<]*<\/ds:SignatureValue>/, ''))],
    'with two values': [
      'not-genuine',
      signedXml((xml) => doubled(xml, /<ds:SignatureValue>[^<]*<\/ds:SignatureValue>/)),
    ],
    'with another digest': [
      'not-genuine',
      signedXml(swap(/<ds:DigestValue>[^<]*/, `<ds:DigestValue>${'A'.repeat(43)}=`)),
    ],
    'with two digests': ['not-genuine', signedXml((xml) => doubled(xml, /<ds:DigestValue>[^<]*<\/ds:DigestValue>/))],
    'of another namespace': ['not-genuine', signedXml((xml) => xml.replaceAll(namespace.signature, 'urn:x'))],
  },
  'The signature uses the algorithms of the profile, in their plain form': {
    'RSA-SHA1': ['not-protected', signedXml(swap(algorithm.rsaSha256, `${namespace.signature}rsa-sha1`))],
    'RSA-MD5': [
      'not-protected',
      signedXml(swap(algorithm.rsaSha256, 'http://www.w3.org/2001/04/xmldsig-more#rsa-md5')),
    ],
    'HMAC with the certificate as key': [
      'not-protected',
      signedXml(swap(algorithm.rsaSha256, `${namespace.signature}hmac-sha1`)),
    ],
    'no algorithm at all': ['not-protected', signedXml(swap(` Algorithm="${algorithm.rsaSha256}"`, ''))],
    'a SHA-1 digest': ['not-protected', signedXml(swap(algorithm.sha256, algorithm.sha1))],
    'XPath as a transform': [
      'not-genuine',
      signedXml(swap(algorithm.enveloped, 'http://www.w3.org/TR/1999/REC-xpath-19991116')),
    ],
    'XSLT as a transform': [
      'not-genuine',
      signedXml(swap(algorithm.enveloped, 'http://www.w3.org/TR/1999/REC-xslt-19991116')),
    ],
    'a transform too few': [
      'not-genuine',
      signedXml(swap(new RegExp(`<ds:Transform Algorithm="${algorithm.enveloped}"\\s*/>`), '')),
    ],
    'a transform too many': [
      'not-genuine',
      signedXml((xml) => doubled(xml, new RegExp(`<ds:Transform Algorithm="${namespace.exclusiveC14n}"\\s*/>`))),
    ],
    'no transforms': ['not-genuine', signedXml(swap(/<ds:Transforms>.*<\/ds:Transforms>/, ''))],
    'a canonicalization with comments': [
      'not-genuine',
      signedXml((xml) => xml.replaceAll(namespace.exclusiveC14n, `${namespace.exclusiveC14n}WithComments`)),
    ],
    'the inclusive canonicalization': [
      'not-genuine',
      signedXml(
        swap(
          `CanonicalizationMethod Algorithm="${namespace.exclusiveC14n}"`,
          'CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"',
        ),
      ),
    ],
    'a comment in the DigestValue': ['not-genuine', signedXml(swap('<ds:DigestValue>', '<ds:DigestValue><!-- x -->'))],
    'a comment in the NameID': ['not-genuine', assertion(swap('</saml:NameID>', '<!-- -->.evil</saml:NameID>'))],
    'a foreign element inside': [
      'not-genuine',
      signedXml(swap('</ds:Signature>', '<ds:Object><x/></ds:Object></ds:Signature>')),
    ],
  },
  'What is signed is what is read (signature wrapping)': {
    'a reference to the whole document': ['not-genuine', signedXml(swap(/URI="#[^"]*"/, 'URI=""'))],
    'a reference to nothing': ['not-genuine', signedXml(swap(/ URI="#[^"]*"/, ''))],
    'a reference by XPointer': ['not-genuine', signedXml(swap(/URI="#([^"]*)"/, `URI="#xpointer(id('$1'))"`))],
    'a reference to another id': ['not-genuine', signedXml(swap(/URI="#[^"]*"/, 'URI="#_other"'))],
    'two references': ['not-genuine', signedXml((xml) => doubled(xml, /<ds:Reference .*<\/ds:Reference>/))],
    'no reference': ['not-genuine', signedXml(swap(/<ds:Reference .*<\/ds:Reference>/, ''))],
    'two SignedInfo elements': ['not-genuine', signedXml((xml) => doubled(xml, /<ds:SignedInfo>.*?<\/ds:SignedInfo>/))],
    'two signatures': ['not-genuine', signedXml((xml) => doubled(xml, signaturePattern()))],
    'a signature inside the Subject': [
      'not-genuine',
      signedXml((xml) => {
        const own = signaturePattern().exec(xml)?.[0] ?? '';
        return xml.replace(own, '').replace('<saml:Subject>', `<saml:Subject>${own}`);
      }),
    ],
    'the signed assertion inside a forged one': [
      'not-genuine',
      signedXml((xml) => evil(xml, `${xml}</saml:Assertion>`)),
    ],
    'the signed assertion in the Advice of a forged one': [
      'not-genuine',
      signedXml((xml) => evil(xml, `<saml:Advice>${xml}</saml:Advice></saml:Assertion>`)),
    ],
    'the signed assertion in an Object of the forged one’s signature': ['not-genuine', signedXml(inObject)],
    'the signed assertion in the KeyInfo of the forged one’s signature': [
      'not-genuine',
      signedXml((xml) => inObject(xml).replaceAll('ds:Object', 'ds:KeyInfo')),
    ],
    'a forged assertion before the signed one': ['not-genuine', signedXml((xml) => forged(xml) + xml)],
    'a forged assertion after the signed one': ['not-genuine', signedXml((xml) => xml + forged(xml))],
    'a forged assertion with the id of the signed one': [
      'not-genuine',
      signedXml((xml) => evil(xml, `${xml}</saml:Assertion>`).replace('ID="_evil"', `ID="${idOf(xml)}"`)),
    ],
    'an assertion without an id': ['not-genuine', signedXml(swap(/ ID="[^"]*"/, ''))],
    'an id twice inside': [
      'not-genuine',
      signedXml((xml) => xml.replace('<saml:Subject>', `<saml:Subject Id="${idOf(xml)}">`)),
    ],
  },
  'The assertion is whole, and of now': {
    'of another version': ['incomplete', assertion(swap('Version="2.0"', 'Version="1.1"'))],
    'with an unknown statement': [
      'incomplete',
      assertion(swap('<saml:AttributeStatement>', '<saml:AuthzDecisionStatement/><saml:AttributeStatement>')),
    ],
    'that is too old': ['expired', { assertion: { issued: ago(20) } }],
    'from the future': ['not-yet-valid', { assertion: { issued: ago(-5) } }],
    'without a time': ['not-genuine', assertion(swap(/ IssueInstant="[^"]*"/, ''))],
    'with a time that is none': [
      'not-genuine',
      assertion(swap(/ IssueInstant="[^"]*"/, ' IssueInstant="2026-13-40T99:00:00Z"')),
    ],
    'without a login statement': ['incomplete', assertion((xml) => without(xml, 'AuthnStatement'))],
    'with two login statements': [
      'incomplete',
      assertion((xml) => doubled(xml, /<saml:AuthnStatement .*<\/saml:AuthnStatement>/)),
    ],
    'of a login in the future': [
      'not-yet-valid',
      assertion(swap(/AuthnInstant="[^"]*"/, `AuthnInstant="${ago(-60).toISOString()}"`)),
    ],
    'of a login without a time': ['incomplete', assertion(swap(/ AuthnInstant="[^"]*"/, ''))],
    'of a session that has ended': [
      'expired',
      assertion(swap(/SessionNotOnOrAfter="[^"]*"/, `SessionNotOnOrAfter="${ago(1).toISOString()}"`)),
    ],
    'of a session whose end is none': [
      'incomplete',
      assertion(swap(/SessionNotOnOrAfter="[^"]*"/, 'SessionNotOnOrAfter="never"')),
    ],
    'with a SessionIndex of 2,000 characters': ['incomplete', { assertion: { sessionIndex: 'x'.repeat(2000) } }],
    'without attributes': ['incomplete', assertion((xml) => without(xml, 'AttributeStatement'))],
    'with two lists of attributes': [
      'incomplete',
      assertion((xml) => doubled(xml, /<saml:AttributeStatement>.*<\/saml:AttributeStatement>/)),
    ],
  },
  'It is confirmed for the bearer, here and now': {
    'without a subject': ['incomplete', assertion((xml) => without(xml, 'Subject'))],
    'with two subjects': ['incomplete', assertion((xml) => doubled(xml, /<saml:Subject>.*<\/saml:Subject>/))],
    'without a confirmation': ['incomplete', assertion((xml) => without(xml, 'SubjectConfirmation'))],
    'with two confirmations': [
      'incomplete',
      assertion((xml) => doubled(xml, /<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/)),
    ],
    'by another method': ['incomplete', assertion(swap('cm:bearer', 'cm:sender-vouches'))],
    'by the holder of a key': ['incomplete', assertion(swap('cm:bearer', 'cm:holder-of-key'))],
    'without data': ['incomplete', assertion(swap(/<saml:SubjectConfirmationData[^>]*\/>/, ''))],
    'for another recipient': ['not-for-us', { assertion: { recipient: 'https://evil.example/saml/acs' } }],
    'for the other portal': ['not-for-us', { assertion: { recipient: 'https://sebanmod.example/saml/acs' } }],
    'without a recipient': ['not-for-us', assertion(swap(/ Recipient="[^"]*"/, ''))],
    'that has ended': ['expired', assertion((xml) => endedAt(xml, 0, ago(4)))],
    'without an end': ['not-genuine', assertion(swap(/ NotOnOrAfter="[^"]*"/, ''))],
    'whose end is none': ['incomplete', assertion(swap(/ NotOnOrAfter="[^"]*"/, ' NotOnOrAfter="2026-02-30"'))],
    'that begins later': [
      'not-yet-valid',
      assertion(
        swap('<saml:SubjectConfirmationData', `<saml:SubjectConfirmationData NotBefore="${ago(-10).toISOString()}"`),
      ),
    ],
  },
  'Its conditions hold, all of them, and name us': {
    'without conditions': ['incomplete', assertion((xml) => without(xml, 'Conditions'))],
    'with conditions twice': [
      'not-genuine',
      assertion((xml) => doubled(xml, /<saml:Conditions .*<\/saml:Conditions>/)),
    ],
    'with an unknown condition': [
      'incomplete',
      assertion(swap('<saml:AudienceRestriction>', '<saml:Condition/><saml:AudienceRestriction>')),
    ],
    'for another audience': ['not-for-us', { assertion: { audience: 'https://sebanmod.example/saml/metadata' } }],
    'for an audience that begins as we do': [
      'not-for-us',
      { assertion: { audience: 'https://sebadmin.example/saml/metadata.evil.example' } },
    ],
    'for an empty audience': ['not-for-us', { assertion: { audience: '' } }],
    'without an audience': ['incomplete', assertion((xml) => without(xml, 'AudienceRestriction'))],
    'for us and, in a second restriction, for somebody else': [
      'not-for-us',
      assertion((xml) =>
        xml.replace(
          '</saml:AudienceRestriction>',
          '</saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>https://evil.example</saml:Audience></saml:AudienceRestriction>',
        ),
      ),
    ],
    'that have ended': ['expired', assertion((xml) => endedAt(xml, 1, ago(4)))],
    'that begin later': [
      'not-yet-valid',
      assertion(swap(/<saml:Conditions NotBefore="[^"]*"/, `<saml:Conditions NotBefore="${ago(-10).toISOString()}"`)),
    ],
    'without an end': [
      'not-genuine',
      assertion(swap(/(<saml:Conditions NotBefore="[^"]*") NotOnOrAfter="[^"]*"/, '$1')),
    ],
    'whose beginning is none': [
      'incomplete',
      assertion(swap(/<saml:Conditions NotBefore="[^"]*"/, '<saml:Conditions NotBefore="now"')),
    ],
  },
  'The name is one of the two kinds, and agrees with the attributes': {
    'with a NameID of another format': [
      'incomplete',
      assertion(swap('nameid-format:persistent', 'nameid-format:emailAddress')),
    ],
    'with a NameID without a format': ['incomplete', assertion(swap(/<saml:NameID Format="[^"]*"/, '<saml:NameID'))],
    'without a NameID': ['incomplete', assertion(swap(/<saml:NameID .*?<\/saml:NameID>/, ''))],
    'with two': ['incomplete', assertion((xml) => doubled(xml, /<saml:NameID .*?<\/saml:NameID>/))],
    'with an encrypted one': ['incomplete', assertion(swap(/<saml:NameID .*?<\/saml:NameID>/, '<saml:EncryptedID/>'))],
    'with an empty NameID': ['incomplete', { assertion: { nameId: ' ' } }],
    'with a NameID of 2,000 characters': ['incomplete', { assertion: { nameId: 'x'.repeat(2000) } }],
    'whose NameID says person and attributes organisation': [
      'incomplete',
      { assertion: { nameId: `${personPrefix}1` } },
    ],
    'whose CVR number is hidden in an element': ['incomplete', assertion(swap('>39910012<', '><x>39910012</x><'))],
  },
  'The attributes are those of the profile, each once': {
    'of another version of the profile': ['incomplete', assertion(swap('OIO-SAML-3.0', 'DK-SAML-2.0'))],
    'without a version': ['incomplete', assertion((xml) => withoutAttribute(xml, attribute.specVersion))],
    'without a level': ['incomplete', assertion((xml) => withoutAttribute(xml, attribute.level))],
    'with two levels': ['incomplete', assertion((xml) => twice(xml, attribute.level))],
    'with two values of the level': [
      'incomplete',
      assertion(
        swap(
          '<saml:AttributeValue>Substantial</saml:AttributeValue>',
          '<saml:AttributeValue>Substantial</saml:AttributeValue><saml:AttributeValue>High</saml:AttributeValue>',
        ),
      ),
    ],
    'with the level in small letters': ['incomplete', assertion(swap('>Substantial<', '>substantial<'))],
    'with the level as an address': [
      'incomplete',
      assertion(swap('>Substantial<', '>https://data.gov.dk/concept/core/nsis/loa/Substantial<')),
    ],
    'with the level of an older profile': ['incomplete', assertion(swap('>Substantial<', '>4<'))],
    'with a CVR number of seven digits': ['incomplete', { claims: { cvr: '3991001' } }],
    'with a CVR number with letters': ['incomplete', { claims: { cvr: '3991001x' } }],
    'with two CVR numbers': [
      'incomplete',
      assertion(
        swap(
          '<saml:AttributeValue>39910012</saml:AttributeValue>',
          '<saml:AttributeValue>39910012</saml:AttributeValue><saml:AttributeValue>39910020</saml:AttributeValue>',
        ),
      ),
    ],
    'with the CVR number in two attributes': [
      'incomplete',
      assertion((xml) => doubled(xml, attributePattern(attribute.cvr))),
    ],
    'without the name of the organisation': [
      'incomplete',
      assertion((xml) => withoutAttribute(xml, attribute.organisationName)),
    ],
    'whose UUID is none': ['incomplete', { claims: { uuid: 'soren' } }],
    'whose UUID is in braces': ['incomplete', { claims: { uuid: '{6281da2f-6433-4486-9a3f-bd2363779ab4}' } }],
    'with a RID of 65 characters': ['incomplete', { claims: { rid: '1'.repeat(65) } }],
    'with an attribute without a name': [
      'not-genuine',
      assertion(
        swap(
          '<saml:AttributeStatement>',
          '<saml:AttributeStatement><saml:Attribute><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute>',
        ),
      ),
    ],
  },
  'The level is high enough': {
    'below that of SEB': ['too-low-level', { claims: { level: 'Low' } }],
  },
};

export const hostileCases: HostileCase[] = Object.entries(rules).flatMap(([rule, cases]) =>
  Object.entries(cases).map(([name, [reason, forgery]]) => ({ rule, name, reason, forgery })),
);

export function signaturePattern(): RegExp {
  return /<ds:Signature .*<\/ds:Signature>/;
}

function many(count: number, one: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => one(index)).join(' ');
}

export function idOf(xml: string): string {
  return / ID="([^"]*)"/.exec(xml)?.[1] ?? '';
}

function doubled(xml: string, pattern: RegExp): string {
  return swap(pattern, '$&$&')(xml);
}

/** A forged assertion of the same shape for another organisation, without its signature. */
function forged(xml: string): string {
  return xml
    .replace(signaturePattern(), '')
    .replace('39910012', evilCvr)
    .replace(/ ID="[^"]*"/, ' ID="_evil"');
}

/** The forged assertion, open, and then what is given: usually the signed one. */
function evil(xml: string, rest: string): string {
  return forged(xml).replace(/<\/saml:Assertion>$/, '') + rest;
}

function inObject(xml: string): string {
  const bare = xml.replace(signaturePattern(), '');
  const signature = signaturePattern().exec(xml)?.[0] ?? '';
  const wrapped = signature.replace('</ds:Signature>', `<ds:Object>${bare}</ds:Object></ds:Signature>`);
  return evil(xml, `${wrapped}</saml:Assertion>`);
}

/** The same structure with AES-256-CBC inside, as some older providers send it. */
export function cbc(structure: string, xml: string): string {
  const cipher = createCipheriv('aes-256-cbc', randomBytes(32), randomBytes(16));
  const data = Buffer.concat([cipher.update(xml), cipher.final()]).toString('base64');
  return structure
    .replace(algorithm.aes256Gcm, algorithm.aes256Cbc)
    .replace(/[^>]*(<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/, `${data}$1`);
}

function changeCiphertext(xml: string): string {
  return xml.replace(/(.)(.{20}<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/, (_, one, rest) =>
    one === 'A' ? `B${rest}` : `A${rest}`,
  );
}

/** A signature over the envelope, as providers of other profiles make it: it says nothing about the assertion inside. */
function signResponse(xml: string): string {
  return signed(xml, keys.nemlogIn);
}

function failedWith(code: string): Forgery {
  return { response: { status: code, content: '' } };
}

/** An assertion without the element, signed all the same: the test's signer puts its signature after the Issuer. */
function assertionSignedElsewhere(element: RegExp): Forgery {
  return { sign: (xml) => signed(xml, keys.nemlogIn).replace(element, '') };
}

/** Moves the nth NotOnOrAfter, and the start with it. */
function endedAt(xml: string, nth: number, end: Date): string {
  let seen = 0;
  return xml.replace(/ NotOnOrAfter="[^"]*"/g, (text) =>
    seen++ === nth ? ` NotOnOrAfter="${end.toISOString()}"` : text,
  );
}

function without(xml: string, element: string): string {
  return swap(new RegExp(`<saml:${element}[ >].*</saml:${element}>`), '')(xml);
}

function attributePattern(name: string): RegExp {
  return new RegExp(`<saml:Attribute Name="${name.replaceAll('/', '\\/')}".*?</saml:Attribute>`);
}

function withoutAttribute(xml: string, name: string): string {
  return swap(attributePattern(name), '')(xml);
}

function twice(xml: string, name: string): string {
  return xml.replace(attributePattern(name), (text) => text.replace('Substantial', 'High') + text);
}
