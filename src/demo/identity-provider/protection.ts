import { X509Certificate, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { algorithm, namespace } from '../../sign-in/saml/names.ts';

/** Signs the root element by its ID; the signature stands after the Issuer, where the schema wants it. */
export function signed(xml: string, keys: { key: string; certificate: string }): string {
  const signature = new SignedXml({
    privateKey: keys.key,
    publicCert: keys.certificate,
    signatureAlgorithm: algorithm.rsaSha256,
    canonicalizationAlgorithm: namespace.exclusiveC14n,
  });
  signature.addReference({
    xpath: '/*',
    transforms: [algorithm.enveloped, namespace.exclusiveC14n],
    digestAlgorithm: algorithm.sha256,
  });
  signature.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: "/*/*[local-name(.)='Issuer']", action: 'after' },
  });
  return signature.getSignedXml();
}

/** The two ways of wrapping the key that are in use: NemLog-in sends `sha256`, older software `mgf1p`. */
export type KeyWrap = 'mgf1p' | 'sha256';

/** Encrypts an assertion with AES-256-GCM for the holder of the certificate. */
export function encrypted(xml: string, certificate: string, wrap: KeyWrap): string {
  const key = randomBytes(32);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const data = Buffer.concat([iv, cipher.update(xml, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const { publicKey } = new X509Certificate(certificate);
  const oaepHash = wrap === 'mgf1p' ? 'sha1' : 'sha256';
  const wrapped = publicEncrypt({ key: publicKey, oaepHash }, key);
  return (
    `<saml:EncryptedAssertion xmlns:saml="${namespace.assertion}" xmlns:xenc="${namespace.encryption}">` +
    `<xenc:EncryptedData Type="${namespace.encryption}Element">` +
    `<xenc:EncryptionMethod Algorithm="${algorithm.aes256Gcm}"/>` +
    `<ds:KeyInfo xmlns:ds="${namespace.signature}"><xenc:EncryptedKey>${wrapMethod(wrap)}` +
    `${cipherData(wrapped)}</xenc:EncryptedKey></ds:KeyInfo>${cipherData(data)}` +
    `</xenc:EncryptedData></saml:EncryptedAssertion>`
  );
}

function wrapMethod(wrap: KeyWrap): string {
  if (wrap === 'mgf1p') {
    return (
      `<xenc:EncryptionMethod Algorithm="${algorithm.rsaOaepMgf1p}">` +
      `<ds:DigestMethod Algorithm="${algorithm.sha1}"/></xenc:EncryptionMethod>`
    );
  }
  return (
    `<xenc:EncryptionMethod Algorithm="${algorithm.rsaOaep}"><ds:DigestMethod Algorithm="${algorithm.sha256}"/>` +
    `<xenc11:MGF xmlns:xenc11="${namespace.encryption11}" Algorithm="${algorithm.mgf1Sha256}"/></xenc:EncryptionMethod>`
  );
}

function cipherData(bytes: Buffer): string {
  return `<xenc:CipherData><xenc:CipherValue>${bytes.toString('base64')}</xenc:CipherValue></xenc:CipherData>`;
}
