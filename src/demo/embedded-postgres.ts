import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { prepareEmbeddedDatabase } from './embedded-database.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import {
  createCluster,
  isServerRunning,
  placeForCluster,
  startServer,
  stopServer,
  type Cluster,
} from './postgres-cluster.ts';
import { freePort, isPortFree } from './ports.ts';
import { takeRunLock } from './run-lock.ts';

export type PostgresUrls = { ownerUrl: string; appUrl: string; superUrl: string };
export type EmbeddedPostgres = PostgresUrls & { port: number; stop: () => Promise<void> };

type Options = {
  dataDir: string;
  port?: number;
  /** Throws away what an earlier run left in the folder. */
  fresh?: boolean;
  /** PostgreSQL settings beside the usual ones. */
  settings?: Record<string, string>;
};

/** What is kept beside the cluster; readable by ourselves only, since it holds the passwords. */
type State = { home: string; port: number | null; passwords: { postgres: string; seb_owner: string; seb_app: string } };

/**
 * Starts PostgreSQL out of the installed packages with its data below `dataDir`, the roles seb_owner and seb_app
 * and the database seb. Data of the last run is kept. The server listens on 127.0.0.1 only.
 */
export async function startEmbeddedPostgres(options: Options): Promise<EmbeddedPostgres> {
  const dataDir = path.resolve(options.dataDir);
  const lock = await takeRunLock(dataDir, 'postgres');
  try {
    const state = readState(dataDir);
    const binaries = await findPostgresBinaries();
    const home = await placeForCluster(state?.home ?? null, dataDir, binaries.account);
    const cluster: Cluster = { home, ...binaries };
    const settled: State = { passwords: state?.passwords ?? newPasswords(), port: state?.port ?? null, home };

    // A server that a killed run left behind: its settings may be old, and a fresh start takes a moment only.
    if (await isServerRunning(cluster)) await stopServer(cluster);
    if (options.fresh || (!state && isOutside(home, dataDir))) removeData(cluster);
    if (!state && existsSync(path.join(home, 'data'))) throw new Error(passwordsAreGone(home, dataDir));
    writeState(dataDir, settled);
    await createCluster(cluster, settled.passwords.postgres);

    const port = await choosePort(options.port, settled.port);
    await startServer(cluster, port, options.settings ?? {});
    writeState(dataDir, { ...settled, port });
    const urls = urlsOf({ ...settled, port });
    await prepareEmbeddedDatabase(urls, settled.passwords);
    return { ...urls, port, stop: () => stopServer(cluster).finally(lock.release) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The addresses of the server that runs for this folder now; null when none does. */
export async function findEmbeddedPostgres(dataDir: string): Promise<PostgresUrls | null> {
  const state = readState(path.resolve(dataDir));
  if (!state?.port) return null;
  const running = await isServerRunning({ home: state.home, ...(await findPostgresBinaries()) });
  return running ? urlsOf(state) : null;
}

/** Ends the server of this folder, whoever started it, and removes it with its data: for throw-away clusters. */
export async function removeEmbeddedPostgres(dataDir: string): Promise<void> {
  const state = readState(path.resolve(dataDir));
  if (state) {
    await stopServer({ home: state.home, ...(await findPostgresBinaries()) });
    rmSync(state.home, { recursive: true, force: true });
  }
  rmSync(dataDir, { recursive: true, force: true });
}

/** A cluster elsewhere whose data folder has been deleted since: that was meant to begin afresh. */
function isOutside(home: string, dataDir: string): boolean {
  return path.relative(dataDir, home).startsWith('..');
}

function removeData({ home }: Cluster): void {
  rmSync(path.join(home, 'data'), { recursive: true, force: true });
}

function passwordsAreGone(home: string, dataDir: string): string {
  return `${home} holds a database, but its passwords (${dataDir}/postgres.json) are gone: remove ${home} to begin afresh.`;
}

async function choosePort(wanted: number | undefined, remembered: number | null): Promise<number> {
  if (wanted !== undefined) {
    if (await isPortFree(wanted)) return wanted;
    throw new Error(`Port ${wanted}, meant for the embedded PostgreSQL, is taken by another program: name another.`);
  }
  return remembered !== null && (await isPortFree(remembered)) ? remembered : freePort();
}

function urlsOf({ passwords, port }: State): PostgresUrls {
  const url = (role: keyof State['passwords'], database: string) =>
    `postgresql://${role}:${passwords[role]}@127.0.0.1:${port}/${database}`;
  return { superUrl: url('postgres', 'postgres'), ownerUrl: url('seb_owner', 'seb'), appUrl: url('seb_app', 'seb') };
}

function newPasswords(): State['passwords'] {
  const password = () => randomBytes(24).toString('hex');
  return { postgres: password(), seb_owner: password(), seb_app: password() };
}

function readState(dataDir: string): State | null {
  const file = path.join(dataDir, 'postgres.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as State) : null;
}

function writeState(dataDir: string, state: State): void {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, 'postgres.json');
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
