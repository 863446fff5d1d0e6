import type { KeyObject } from 'node:crypto';
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** Keys for one purpose each, all derived from the session secret. */
export type Keys = {
  sign(purpose: string, text: string): string;
  isSigned(purpose: string, text: string, signature: string): boolean;
  seal(text: string): Buffer;
  open(sealed: Buffer): string;
};

export function deriveKeys(secret: string): Keys {
  const keyFor = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, 'seb', purpose, 32));
  const sealing = keyFor('form-draft');
  // As key objects: from a buffer, each signature would cost eight times as much.
  const signing = new Map<string, KeyObject>();
  const sign = (purpose: string, text: string): string => {
    const key = signing.get(purpose) ?? createSecretKey(keyFor(`sign:${purpose}`));
    signing.set(purpose, key);
    return createHmac('sha256', key).update(text).digest('base64url');
  };
  return {
    sign,
    isSigned: (purpose, text, signature) => equalTexts(sign(purpose, text), signature),
    seal: (text) => seal(sealing, text),
    open: (sealed) => open(sealing, sealed),
  };
}

function seal(key: Buffer, text: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** @throws when the text was changed or sealed with another key */
function open(key: Buffer, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
}

function equalTexts(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}

/** SHA-256 as base64url, for what is looked up but must not be readable in the database. */
export function digestOf(text: string): string {
  return hash('sha256', text, 'base64url');
}
