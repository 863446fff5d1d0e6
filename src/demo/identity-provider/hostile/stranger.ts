import { generateKeyPairSync } from 'node:crypto';
import { selfSignedCertificate } from '../../../sign-in/self-signed-certificate.ts';
import type { KeyPair } from './parties.ts';

let made: KeyPair | null = null;

/** The keys of somebody whom nobody trusts, made when first needed. */
export function strangerKeys(): KeyPair {
  made ??= make();
  return made;
}

function make(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const notBefore = new Date();
  const notAfter = new Date(notBefore.getTime() + 366 * 24 * 3_600_000);
  const certificate = selfSignedCertificate({ commonName: 'En fremmed', publicKey, privateKey, notBefore, notAfter });
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate };
}
