import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { migrateDatabase } from '../src/db/migrate.ts';
import { startEmbeddedPostgres } from '../src/demo/embedded-postgres.ts';

export type BenchCluster = {
  folder: string;
  port: number;
  appUrl: string;
  ownerUrl: string;
  /** The superuser in the database of the application. */
  superUrl: string;
};

/** Safe enough for figures, quick to fill: reading is measured with what a server has, and nothing must survive. */
const settings = {
  shared_buffers: '1GB',
  maintenance_work_mem: '512MB',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
  synchronous_commit: 'off',
  autovacuum: 'off',
  max_parallel_maintenance_workers: '2',
};

const running = new Set<() => Promise<void>>();

/** A PostgreSQL of one run's own with the migrated schema; a guard process removes it, however this run ends. */
export async function startBenchCluster(): Promise<BenchCluster> {
  const folder = mkdtempSync(path.join(tmpdir(), 'seb-bench-'));
  chmodSync(folder, 0o711); // PostgreSQL's own account has to pass through when we are root
  const guardFile = path.resolve(import.meta.dirname, '../tests/support/cluster-guard.ts');
  const guard = spawn(process.execPath, [guardFile, folder], { detached: true, stdio: ['pipe', 'ignore', 'inherit'] });
  const remove = async (): Promise<void> => {
    if (guard.exitCode !== null) return;
    guard.stdin?.end();
    await once(guard, 'exit');
  };
  running.add(remove);
  const started = await startEmbeddedPostgres({ dataDir: folder, settings });
  await migrateDatabase(started.ownerUrl, () => undefined);
  const superUrl = new URL(started.superUrl);
  superUrl.pathname = new URL(started.ownerUrl).pathname;
  const { port, appUrl, ownerUrl } = started;
  return { folder, port, appUrl, ownerUrl, superUrl: superUrl.href };
}

/** The process that all of the server's others descend from. */
export function postmasterOf({ folder }: BenchCluster): number {
  const { home } = JSON.parse(readFileSync(path.join(folder, 'postgres.json'), 'utf8')) as { home: string };
  return Number.parseInt(readFileSync(path.join(home, 'data', 'postmaster.pid'), 'utf8'), 10);
}

/** Ends and removes every cluster of this run. */
export async function removeClusters(): Promise<void> {
  await Promise.all([...running].map((remove) => remove()));
}

export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = await connected(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined); // the cluster goes away under it when the run is interrupted
  await client.connect();
  return client;
}
