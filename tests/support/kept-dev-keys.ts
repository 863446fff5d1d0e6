import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DevKeys } from '../../src/sign-in/dev-keys.ts';
import { ensureDevKeys } from '../../src/sign-in/dev-keys.ts';

let kept: Promise<DevKeys> | undefined;

/** The keys of development in the folder, as the worker's first start made them: five RSA keys take longer than all the rest. */
export async function keptDevKeys(folder: string): Promise<DevKeys> {
  if (kept === undefined) return (kept = ensureDevKeys(folder));
  await mkdir(folder, { recursive: true });
  for (const [name, { key, certificate }] of Object.entries(await kept)) {
    await writeFile(path.join(folder, `${name}.key.pem`), key, { mode: 0o600 });
    await writeFile(path.join(folder, `${name}.cert.pem`), certificate);
  }
  return ensureDevKeys(folder);
}
