import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readSealConfig } from '../config.ts';
import { readPage } from '../db/access.ts';
import { openDatabase } from '../db/client.ts';
import { ownerUrl } from '../db/owner-url.ts';
import { faultLine } from './fault.ts';
import { rootsIn } from './root-statement.ts';
import { loadSealKey, trustedKeysIn } from './seal-key.ts';
import type { TrustedKeys } from './seal-key.ts';
import { verifyLog } from './verify-log.ts';

const usage = `Usage: npm run audit:verify -- [--root <file with mailed roots>]… [--key <file with public keys>]…
Without --key the key of the settings (AUDIT_SEAL_KEY_FILE, AUDIT_SEAL_OLD_KEYS_FILE) is trusted.`;

try {
  process.exitCode = await run();
} catch (error) {
  console.error(error instanceof Error && error.message ? error.message : error);
  process.exitCode = 2;
}

/** 0 when everything fits, 1 when something does not. */
async function run(): Promise<number> {
  const many = { type: 'string', multiple: true } as const;
  const { values } = parseArgs({ options: { root: many, key: many, help: { type: 'boolean' } } });
  if (values.help === true) throw new Error(usage);
  const outside = (values.root ?? []).flatMap((file) => {
    const roots = rootsIn(readFileSync(file, 'utf8'));
    if (roots.length === 0) throw new Error(`${file} holds no root (a line that begins with SEB-rod)`);
    return roots;
  });
  const database = openDatabase(await ownerUrl(), 1);
  try {
    const { events, faults } = await readPage(database, 'all', (db) =>
      verifyLog(db, { keys: keysOf(values.key), outside, onProgress: async (count) => progress(count) }),
    );
    console.log(`${events} sealed events checked, ${outside.length} roots from outside compared.`);
    if (outside.length === 0) console.log('Without a root that was kept outside (--root) a cut end cannot be seen.');
    for (const found of faults) console.log(`  ${faultLine(found)}`);
    console.log(faults.length === 0 ? 'Everything fits.' : `${faults.length} faults; the first is the one to look at.`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
}

function keysOf(files: readonly string[] | undefined): TrustedKeys {
  if (files !== undefined) return trustedKeysIn(...files.map((file) => readFileSync(file, 'utf8')));
  const { sealKeyFile, oldKeysFile } = readSealConfig();
  const old = oldKeysFile === null ? [] : [readFileSync(oldKeysFile, 'utf8')];
  return trustedKeysIn(loadSealKey({ file: sealKeyFile, mayMake: false }).publicKey, ...old);
}

function progress(events: bigint): void {
  if (events % 500_000n === 0n) console.log(`  ${events} events …`);
}
