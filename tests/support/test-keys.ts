import { generateKeyPairSync } from 'node:crypto';
import type { KeyPair } from '../../src/demo/identity-provider/hostile/parties.ts';
import { selfSignedCertificate } from '../../src/sign-in/self-signed-certificate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    keys: ReturnType<typeof makeKeys>;
  }
}

const DAY_MS = 24 * 60 * 60_000;

export function makeKeyPair(commonName: string, days = { from: 0, to: 1 }): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const notBefore = new Date(Date.now() + days.from * DAY_MS - 60_000);
  const notAfter = new Date(Date.now() + days.to * DAY_MS);
  const certificate = selfSignedCertificate({ commonName, publicKey, privateKey, notBefore, notAfter });
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate };
}

export function makeKeys() {
  return {
    service: makeKeyPair('service signing'),
    encryption: makeKeyPair('service encryption'),
    olderEncryption: makeKeyPair('service encryption of last year'),
    nemlogIn: makeKeyPair('nemlog-in'),
    nemlogInNext: makeKeyPair('nemlog-in of next year'),
    local: makeKeyPair('local'),
    stranger: makeKeyPair('stranger'),
  };
}
