import { mkdir, readFile, readdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError, readConfig } from '../../config.ts';
import type { Database } from '../../db/client.ts';
import { openDatabase } from '../../db/client.ts';
import { noteReport } from './bounces.changes.ts';
import { readDeliveryReport } from './delivery-report.ts';

/**
 * `npm run mail:bounces` reads one mail from standard input, as a mail server pipes it; `npm run mail:bounces -- <folder>` reads
 * each file of a folder and moves it to `handled/` there.
 */
const largest = 5 * 1024 * 1024;
// EX_TEMPFAIL of sysexits: the mail server keeps the mail and tries again.
const tryAgain = 75;

let database: Database | null = null;
try {
  const config = readConfig();
  if (config.databaseUrl === null) throw new ConfigError(['DATABASE_URL is missing']);
  database = openDatabase(config.databaseUrl, 1);
  const [folder] = process.argv.slice(2);
  if (folder === undefined) console.log(await handle(database, await readStdin()));
  else await handleFolder(database, folder);
} catch (error) {
  console.error(error instanceof Error && error.message ? error.message : error);
  process.exitCode = tryAgain;
} finally {
  await database?.close();
}

async function handle(into: Database, raw: Buffer | null): Promise<string> {
  const report = raw === null ? null : await readDeliveryReport(raw);
  return report === null ? 'not a delivery report' : `${report.messageId} ${await noteReport(into, report)}`;
}

async function handleFolder(into: Database, folder: string): Promise<void> {
  const handled = path.join(folder, 'handled');
  await mkdir(handled, { recursive: true });
  for (const name of (await readdir(folder)).toSorted()) {
    const file = path.join(folder, name);
    const facts = await stat(file);
    if (!facts.isFile() || name.startsWith('.')) continue;
    console.log(`${name}: ${await handle(into, facts.size > largest ? null : await readFile(file))}`);
    await rename(file, path.join(handled, name));
  }
}

/** Null for what is too large to be a report; the rest of it is read away, so that the mail server does not stumble. */
async function readStdin(): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largest) chunks.push(chunk);
  }
  return size > largest ? null : Buffer.concat(chunks);
}
