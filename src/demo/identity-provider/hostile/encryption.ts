import { encrypted } from '../protection.ts';
import { algorithm, namespace } from '../../../sign-in/saml/names.ts';
import type { Parties, Rules } from './parties.ts';
import { response, signedXml, swap, doubled, cbc, changeCiphertext, plainForgery } from './edits.ts';

/** How the assertion is encrypted. */
export const encryptionRules = ({ issuer, service, stranger }: Parties): Rules => ({
  'The assertion is encrypted to us, with algorithms that cannot be probed': {
    'not encrypted, but signed': ['not-protected', { protect: (xml) => xml }],
    'plain beside the encrypted one': [
      'not-protected',
      response(swap('</samlp:Response>', `${plainForgery(issuer.entityId)}</samlp:Response>`)),
    ],
    'with AES-CBC, without an exception': [
      'not-protected',
      { protect: (xml) => cbc(encrypted(xml, service.encryptionCertificate, 'mgf1p'), xml) },
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
    'encrypted for somebody else': ['not-genuine', { recipientKey: stranger }],
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
      signedXml((xml) => encrypted(xml, service.encryptionCertificate, 'sha256')),
    ],
  },
});
