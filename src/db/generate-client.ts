import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');
const generated = path.join(import.meta.dirname, 'generated');
const stampFile = path.join(generated, 'made-from');

/** Makes the Prisma client unless the one that is there was made from this schema by this version of Prisma. */
export async function ensurePrismaClient(): Promise<void> {
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp()) return;
  await generatePrismaClient();
}

export async function generatePrismaClient(): Promise<void> {
  const madeFrom = stamp();
  const cli = createRequire(import.meta.url).resolve('prisma/build/index.js');
  // The client needs no engine; without this the command tries to download one, which fails behind a firewall.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_HIDE_UPDATE_MESSAGE: '1' };
  await promisify(execFile)(process.execPath, [cli, 'generate'], { cwd: root, env });
  writeFileSync(stampFile, madeFrom);
}

function stamp(): string {
  const { version } = createRequire(import.meta.url)('prisma/package.json') as { version: string };
  const schema = readFileSync(path.join(root, 'prisma/schema.prisma'));
  return createHash('sha256').update(version).update(schema).digest('hex');
}

if (import.meta.main) await generatePrismaClient();
