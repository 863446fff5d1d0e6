import { signed } from '../protection.ts';
import { algorithm, namespace } from '../../../sign-in/saml/names.ts';
import type { Parties, Rules } from './parties.ts';
import { assertion, signedXml, swap, doubled, signaturePattern, otherCvr } from './edits.ts';

/** Who signed the assertion, and how. */
export const signatureRules = ({ issuer, other, service, stranger, cvr }: Parties): Rules => ({
  'The assertion’s own signature is by a certificate of that provider': {
    missing: ['not-genuine', { sign: (xml) => xml }],
    'taken out': ['not-genuine', signedXml(swap(signaturePattern(), ''))],
    'over changed attributes': ['not-genuine', signedXml(swap(cvr, otherCvr(cvr)))],
    'over a changed level': ['not-genuine', signedXml(swap('>Substantial<', '>High<'))],
    'with its certificate in KeyInfo alone': ['not-genuine', { signer: stranger }],
    'by another provider': ['not-genuine', { signer: other.keys }],
    'by our own key': ['not-genuine', { signer: service.signing }],
    'on the Response alone': ['not-genuine', { sign: (xml) => xml, editResponse: (xml) => signed(xml, issuer.keys) }],
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
});
