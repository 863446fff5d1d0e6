import { generateKeyPair } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { selfSignedCertificate } from './self-signed-certificate.ts';

const YEARS_VALID = 10;
const KEY_BITS = 3072;

export const devKeyNames = [
  'signing',
  'encryption',
  'idp-nemlog-in',
  'idp-local-region',
  'idp-local-municipality',
] as const;
export type DevKeyName = (typeof devKeyNames)[number];

/** A private key and its certificate, as PEM text and as the files that hold them. */
export type DevKeyPair = { key: string; certificate: string; keyFile: string; certificateFile: string };
export type DevKeys = Record<DevKeyName, DevKeyPair>;

/**
 * Makes the keys of development once, in a folder of their own (`<data folder>/saml`), and reads them back:
 * the service provider's two, and one for each provider that the test identity provider plays.
 * The application and the test identity provider may both call it at the same moment of a first start:
 * a finished folder appears in one rename, and whoever comes second uses the first one's.
 */
export async function ensureDevKeys(dir: string): Promise<DevKeys> {
  const existing = await readDevKeys(dir);
  if (existing) return existing;
  await makeDevKeys(dir);
  const made = await readDevKeys(dir);
  if (!made) throw new Error(`The keys in ${dir} are incomplete: delete the folder and start again`);
  return made;
}

async function makeDevKeys(dir: string): Promise<void> {
  await mkdir(dirname(dir), { recursive: true });
  const draft = await mkdtemp(`${dir}.new-`);
  await chmod(draft, 0o700);
  await Promise.all(devKeyNames.map((name) => makeKeyPair(draft, name)));
  try {
    await rename(draft, dir);
  } catch (error) {
    await rm(draft, { recursive: true });
    if (!isTaken(error)) throw error;
  }
}

async function makeKeyPair(dir: string, name: DevKeyName): Promise<void> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: KEY_BITS });
  const notBefore = new Date();
  const notAfter = new Date(notBefore);
  notAfter.setFullYear(notBefore.getFullYear() + YEARS_VALID);
  const certificate = selfSignedCertificate({
    commonName: `SEB udvikling ${name}`,
    publicKey,
    privateKey,
    notBefore,
    notAfter,
  });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(join(dir, `${name}.key.pem`), key, { mode: 0o600 });
  await writeFile(join(dir, `${name}.cert.pem`), certificate);
}

async function readDevKeys(dir: string): Promise<DevKeys | null> {
  try {
    const pairs = await Promise.all(devKeyNames.map((name) => readKeyPair(dir, name)));
    const [signing, encryption, nemlogIn, region, municipality] = pairs;
    if (!signing || !encryption || !nemlogIn || !region || !municipality) return null;
    return {
      signing,
      encryption,
      'idp-nemlog-in': nemlogIn,
      'idp-local-region': region,
      'idp-local-municipality': municipality,
    };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function readKeyPair(dir: string, name: DevKeyName): Promise<DevKeyPair> {
  const keyFile = join(dir, `${name}.key.pem`);
  const certificateFile = join(dir, `${name}.cert.pem`);
  const [key, certificate] = await Promise.all([readFile(keyFile, 'utf8'), readFile(certificateFile, 'utf8')]);
  return { key, certificate, keyFile, certificateFile };
}

function isTaken(error: unknown): boolean {
  return hasCode(error, 'ENOTEMPTY') || hasCode(error, 'EEXIST');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
