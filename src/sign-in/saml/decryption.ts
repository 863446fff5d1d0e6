import { decrypt } from 'xml-encryption';
import { algorithm, namespace } from './names.ts';
import { Refusal, demand } from './refusal.ts';
import { childrenNamed, escapeXml, onlyChild } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

// AES-CBC and RSA 1.5 can be broken by asking often enough (padding oracles), so only these are read.
const contentAlgorithms: readonly string[] = [algorithm.aes128Gcm, algorithm.aes256Gcm];
// … but for a provider that can do no better, as a documented exception.
const exceptionalAlgorithms: readonly string[] = [algorithm.aes128Cbc, algorithm.aes256Cbc];
const keyAlgorithms: readonly string[] = [algorithm.rsaOaepMgf1p, algorithm.rsaOaep];
const oaepDigests: readonly string[] = [algorithm.sha1, algorithm.sha256, algorithm.sha512];
const maskFunctions: readonly string[] = [algorithm.mgf1Sha1, algorithm.mgf1Sha256, algorithm.mgf1Sha512];
const MAX_ENCRYPTED_KEYS = 4;

/**
 * Decrypts an EncryptedAssertion with whichever of our keys fits (two during a change of keys).
 * The library is handed a document rebuilt from checked values, so that it cannot read the original differently.
 */
export async function decryptAssertion(
  encrypted: XmlElement,
  keys: readonly string[],
  allowsCbc: boolean,
): Promise<string> {
  const readable = allowsCbc ? [...contentAlgorithms, ...exceptionalAlgorithms] : contentAlgorithms;
  const documents = encryptedKeys(encrypted).map((key) => rebuiltDocument(encrypted, key, readable));
  for (const document of documents) {
    for (const key of keys) {
      const xml = await tryDecrypt(document, key, allowsCbc);
      if (xml !== null) return xml;
    }
  }
  throw new Refusal('not-genuine', 'none of our keys decrypts the assertion');
}

/** The wrapped keys, whether they stand inside the data's KeyInfo or beside the data. */
function encryptedKeys(encrypted: XmlElement): XmlElement[] {
  const keyInfo = onlyChild(encryptedData(encrypted), namespace.signature, 'KeyInfo');
  const inline = keyInfo ? childrenNamed(keyInfo, namespace.encryption, 'EncryptedKey') : [];
  const keys = [...inline, ...childrenNamed(encrypted, namespace.encryption, 'EncryptedKey')];
  demand(keys.length > 0 && keys.length <= MAX_ENCRYPTED_KEYS, 'malformed', 'no usable number of EncryptedKeys');
  return keys;
}

function encryptedData(encrypted: XmlElement): XmlElement {
  const data = onlyChild(encrypted, namespace.encryption, 'EncryptedData');
  demand(data !== null, 'malformed', 'not exactly one EncryptedData');
  return data;
}

function rebuiltDocument(encrypted: XmlElement, key: XmlElement, readable: readonly string[]): string {
  const data = encryptedData(encrypted);
  return (
    `<xenc:EncryptedData xmlns:xenc="${namespace.encryption}">` +
    `<xenc:EncryptionMethod Algorithm="${allowed(method(data), readable)}"/>` +
    `<ds:KeyInfo xmlns:ds="${namespace.signature}"><xenc:EncryptedKey>${keyMethod(method(key))}` +
    `${cipherData(key)}</xenc:EncryptedKey></ds:KeyInfo>${cipherData(data)}</xenc:EncryptedData>`
  );
}

function method(element: XmlElement): XmlElement {
  const found = onlyChild(element, namespace.encryption, 'EncryptionMethod');
  demand(found !== null, 'malformed', 'not exactly one EncryptionMethod');
  return found;
}

function keyMethod(element: XmlElement): string {
  const digest = onlyChild(element, namespace.signature, 'DigestMethod');
  const mask = onlyChild(element, namespace.encryption11, 'MGF');
  const label = onlyChild(element, namespace.encryption, 'OAEPparams');
  return (
    `<xenc:EncryptionMethod Algorithm="${allowed(element, keyAlgorithms)}">` +
    (label ? `<xenc:OAEPparams>${base64(label)}</xenc:OAEPparams>` : '') +
    (digest ? `<ds:DigestMethod Algorithm="${allowed(digest, oaepDigests)}"/>` : '') +
    (mask ? `<MGF xmlns="${namespace.encryption11}" Algorithm="${allowed(mask, maskFunctions)}"/>` : '') +
    `</xenc:EncryptionMethod>`
  );
}

function allowed(element: XmlElement, list: readonly string[]): string {
  const name = element.attributes.get('Algorithm') ?? '';
  demand(list.includes(name), 'not-protected', `the algorithm of ${element.name} is not among those accepted`);
  return escapeXml(name);
}

function cipherData(element: XmlElement): string {
  const data = onlyChild(element, namespace.encryption, 'CipherData');
  const value = data && onlyChild(data, namespace.encryption, 'CipherValue');
  demand(value !== null, 'malformed', 'not exactly one CipherValue');
  return `<xenc:CipherData><xenc:CipherValue>${base64(value)}</xenc:CipherValue></xenc:CipherData>`;
}

function base64(element: XmlElement): string {
  const text = element.text.replace(/\s+/g, '');
  demand(/^[A-Za-z0-9+/]*={0,2}$/.test(text), 'malformed', `${element.name} is not base64`);
  return text;
}

/** Null when the key does not fit or the data was changed: one answer for both, so that nobody can ask an oracle. */
function tryDecrypt(document: string, key: string, allowsCbc: boolean): Promise<string | null> {
  return new Promise((resolve) => {
    decrypt(
      document,
      { key, disallowDecryptionWithInsecureAlgorithm: !allowsCbc, warnInsecureAlgorithm: false },
      (error, xml) => resolve(error ? null : xml),
    );
  });
}
