import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { ownerUrl } from '../../db/owner-url.ts';
import { importServices, type Report } from './import-services.ts';

const usage = 'Usage: npm run services:import -- <file.json> [--actor <name>]';

try {
  await run();
} catch (error) {
  // A connection that fails on every address of a host has no message of its own.
  console.error(error instanceof Error && error.message ? error.message : error);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { actor: { type: 'string' } } });
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new Error(usage);
  const actorName = values.actor ?? userInfo().username;
  console.log(describe(await importServices({ ownerUrl: await ownerUrl(), file, actorName, progress: console.log })));
}

function describe({ sha256, added, changed, missing }: Report): string {
  const lines = [
    `  added ${added.length}, changed ${changed.length}, not in the file ${missing.length}`,
    `  sha256 ${sha256}`,
  ];
  if (changed.length > 0) lines.push(`  changed: ${changed.join(', ')}`);
  if (missing.length > 0) lines.push(`  not in the file, and left as they are: ${missing.join(', ')}`);
  return lines.join('\n');
}
