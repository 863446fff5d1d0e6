import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/demo/embedded-postgres.ts';

/** Nothing of a test run has to survive a power cut. */
const fastAndLoose = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '100',
  max_wal_size: '512MB',
  // Two processes more, as the application has it, to count a handful of rows: dearer than the counting.
  max_parallel_workers_per_gather: '0',
};

const MEMORY = '/dev/shm';
const MOST_NEEDED = 2 * 1024 ** 3;

/** In memory where there is plenty: each test file's database is a thousand files, which a disk makes and removes at several times the cost. */
function folderOfFiles(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return Math.min(bavail * bsize, freemem()) > MOST_NEEDED ? MEMORY : tmpdir();
}

/**
 * Starts a PostgreSQL for one test run. A guard beside us removes it, whether `remove` is called or
 * this process is interrupted or killed.
 */
export async function startThrowAwayCluster(): Promise<EmbeddedPostgres & { remove: () => Promise<void> }> {
  const dataDir = mkdtempSync(path.join(folderOfFiles(), 'seb-test-postgres-'));
  // PostgreSQL's own account has to pass through when we are root.
  chmodSync(dataDir, 0o711);
  const guard = spawn(process.execPath, [path.join(import.meta.dirname, 'cluster-guard.ts'), dataDir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const remove = async () => {
    if (guard.exitCode !== null) return;
    guard.stdin?.end();
    await once(guard, 'exit');
  };
  try {
    return { ...(await startEmbeddedPostgres({ dataDir, settings: fastAndLoose })), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
