import type { KeyObject } from 'node:crypto';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The key that closes each day of the log. It lies outside the database, which could otherwise sign for itself. */
export type SealKey = { id: string; publicKey: string; sign(statement: string): Buffer };

/** Whose signatures count: the key in use and those before it, by their id. */
export type TrustedKeys = ReadonlyMap<string, KeyObject>;

/** Reads the Ed25519 key of the settings; in development one is made at the first start. @throws where there is none */
export function loadSealKey({ file, mayMake }: { file: string; mayMake: boolean }): SealKey {
  if (mayMake) makeOnce(file);
  const key = createPrivateKey(readFileSync(file, 'utf8'));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${file} is no Ed25519 key`);
  const publicKey = createPublicKey(key);
  return {
    id: keyIdOf(publicKey),
    publicKey: pemOf(publicKey),
    sign: (statement) => sign(null, Buffer.from(statement, 'utf8'), key),
  };
}

function makeOnce(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const { privateKey } = generateKeyPairSync('ed25519');
  try {
    // 'wx' fails when the file is there: of two starts at once the first one's key counts for both.
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The public keys in the text of one or several PEM files. */
export function trustedKeysIn(...pems: readonly string[]): TrustedKeys {
  const found = pems.flatMap((pem) => pem.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []);
  return new Map(
    found.map((pem) => {
      const key = createPublicKey(pem);
      return [keyIdOf(key), key];
    }),
  );
}

/** Sixteen characters by which a key is told from others, also over the telephone. */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('base64url').slice(0, 16);
}

export function isSignedBy(key: KeyObject, statement: string, signature: Buffer): boolean {
  return verify(null, Buffer.from(statement, 'utf8'), key, signature);
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
