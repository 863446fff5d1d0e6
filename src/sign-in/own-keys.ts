import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A private key of ours and its certificate, as PEM. */
export type OwnKey = { key: string; certificate: string };

/**
 * The keys of a service provider, in the order of the settings: the first of each kind is the one in use. Those after it are
 * announced in the metadata beside it, so that a change of keys needs no agreed moment; an encryption key decrypts as long as it
 * is there.
 */
export type OwnKeys = { signing: readonly OwnKey[]; encryption: readonly OwnKey[] };

export type KeyFiles = { keyFile: string; certFile: string };

/** A key that cannot be used; said at start, since else the first login would tell. */
export class KeyFault extends Error {}

const smallestKey = 2048;

/** Reads the keys and checks that each is what its certificate says. @throws KeyFault with every fault */
export function readOwnKeys(files: { signing: readonly KeyFiles[]; encryption: readonly KeyFiles[] }): OwnKeys {
  const faults: string[] = [];
  const read = ({ keyFile, certFile }: KeyFiles): OwnKey => {
    const pair = { key: readFileSync(keyFile, 'utf8'), certificate: readFileSync(certFile, 'utf8') };
    const fault = faultOf(pair);
    if (fault !== null) faults.push(`  - ${keyFile} and ${certFile}: ${fault}`);
    return pair;
  };
  const keys = { signing: files.signing.map(read), encryption: files.encryption.map(read) };
  if (faults.length > 0) throw new KeyFault(['The SAML keys cannot be used:', ...faults].join('\n'));
  return keys;
}

function faultOf({ key, certificate }: OwnKey): string | null {
  try {
    const privateKey = createPrivateKey(key);
    if (privateKey.asymmetricKeyType !== 'rsa') return 'the key is not RSA';
    if ((privateKey.asymmetricKeyDetails?.modulusLength ?? 0) < smallestKey)
      return `the key has less than ${smallestKey} bits`;
    return new X509Certificate(certificate).checkPrivateKey(privateKey)
      ? null
      : 'the certificate belongs to another key';
  } catch {
    return 'the key or the certificate cannot be read as PEM';
  }
}

export type OwnCertificate = { use: 'signing' | 'encryption'; isFirst: boolean; certificate: string };

/** The certificates alone: pages and metadata see no private key. */
export function certificatesOf({ signing, encryption }: OwnKeys): OwnCertificate[] {
  const of = (use: OwnCertificate['use'], keys: readonly OwnKey[]): OwnCertificate[] =>
    keys.map(({ certificate }, index) => ({ use, isFirst: index === 0, certificate }));
  return [...of('signing', signing), ...of('encryption', encryption)];
}
