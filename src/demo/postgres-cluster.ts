import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, chownSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { appendFile, chown, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeOwnFolder } from './own-folder.ts';
import { identityOf } from './processes.ts';
import { canUseFolder, type Account, type Binaries } from './postgres-binaries.ts';

const run = promisify(execFile);

/** `home` holds the cluster (`data`) and the server's log, and belongs to the account that runs PostgreSQL. */
export type Cluster = Binaries & { home: string };

const usualSettings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  // No socket file: its usual folder may belong to another PostgreSQL, and a long path does not fit.
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '256MB',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %u@%d ',
};

/** The folder for the cluster: below the data folder, or elsewhere when PostgreSQL's account cannot get there. */
export async function placeForCluster(known: string | null, dataDir: string, account: Account): Promise<string> {
  if (known && existsSync(known) && (await canUseFolder(known, account))) return known;
  const near = path.join(dataDir, 'postgres');
  giveFolder(near, account);
  if (await canUseFolder(near, account)) return near;
  rmSync(near, { recursive: true, force: true });
  return placeOutside(dataDir, account);
}

/** /var/lib outlives a restart of the machine, which the temporary folder may not. */
async function placeOutside(dataDir: string, account: Account): Promise<string> {
  const shared = path.join(isWritable('/var/lib') ? '/var/lib' : tmpdir(), 'seb-postgres');
  await makeOwnFolder(shared);
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const folder = path.join(shared, name);
  giveFolder(folder, account);
  if (await canUseFolder(folder, account)) return folder;
  throw new Error(`PostgreSQL cannot use ${folder}: name a folder that other accounts can reach with DATA_DIR.`);
}

/** Makes the cluster unless it is there. */
export async function createCluster(cluster: Cluster, password: string): Promise<void> {
  const { home, account } = cluster;
  if (existsSync(path.join(home, 'data', 'PG_VERSION'))) return;
  // Made beside and renamed: a start that was cut off leaves no half cluster that looks like a whole one.
  for (const name of readdirSync(home)) {
    if (name.startsWith('data.') || name === 'data') rmSync(path.join(home, name), { recursive: true, force: true });
  }
  const draft = path.join(home, `data.${process.pid}`);
  const passwordFile = path.join(home, `password.${process.pid}`);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account.uid !== undefined) await chown(passwordFile, account.uid, account.gid);
  try {
    await initialise(cluster, draft, passwordFile);
    await appendFile(path.join(draft, 'postgresql.conf'), "\ninclude 'seb.conf'\n");
    await rename(draft, path.join(home, 'data'));
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function initialise({ initdb, account }: Cluster, folder: string, passwordFile: string): Promise<void> {
  const flags = [
    `--pgdata=${folder}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // PostgreSQL's own Unicode rules: the same æ, ø and å on every machine, whatever its language packages.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--lc-messages=C',
    '--no-instructions',
  ];
  const environment = { ...account, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: '' } };
  try {
    await run(initdb, [...flags, '--locale=C.UTF-8'], environment);
  } catch {
    // Not every system has C.UTF-8 among its own locales; only their names for days and months differ then.
    await rm(folder, { recursive: true, force: true });
    await run(initdb, [...flags, '--locale=C'], environment);
  }
}

export async function startServer(cluster: Cluster, port: number, settings: Record<string, string>): Promise<void> {
  const { home, pgCtl, account } = cluster;
  const all = { ...usualSettings, ...settings, port: String(port) };
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  const file = path.join(home, 'data', 'seb.conf');
  await writeFile(file, `${lines.join('\n')}\n`);
  if (account.uid !== undefined) await chown(file, account.uid, account.gid);

  const logFile = path.join(home, 'server.log');
  const alreadyLogged = existsSync(logFile) ? readFileSync(logFile, 'utf8').length : 0;
  try {
    await run(pgCtl, ['start', '-w', '-t', '60', '-D', path.join(home, 'data'), '-l', logFile], inFolderRoot(cluster));
  } catch (error) {
    const said = existsSync(logFile) ? readFileSync(logFile, 'utf8').slice(alreadyLogged).trim() : '';
    throw new Error(whyNotStarted(said || String(error), port), { cause: error });
  }
}

/** Ends the server: politely first (`fast` ends open transactions), at once when that takes too long. */
export async function stopServer(cluster: Cluster): Promise<void> {
  if (!isPostmasterAlive(cluster)) return;
  const stop = (mode: string) =>
    run(
      cluster.pgCtl,
      ['stop', '-w', '-t', '6', '-m', mode, '-D', path.join(cluster.home, 'data')],
      inFolderRoot(cluster),
    );
  try {
    await stop('fast');
  } catch {
    if (await isServerRunning(cluster)) await stop('immediate');
  }
}

export async function isServerRunning(cluster: Cluster): Promise<boolean> {
  if (!isPostmasterAlive(cluster)) return false;
  return run(cluster.pgCtl, ['status', '-D', path.join(cluster.home, 'data')], inFolderRoot(cluster)).then(
    () => true,
    () => false,
  );
}

/** pg_ctl takes a killed server that nobody has buried yet (containers without an init) for a living one. */
function isPostmasterAlive({ home }: Cluster): boolean {
  const pidFile = path.join(home, 'data', 'postmaster.pid');
  if (!existsSync(pidFile)) return false;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  return identityOf(pid) !== null;
}

function whyNotStarted(said: string, port: number): string {
  if (/Address already in use/i.test(said)) {
    return `Port ${port}, meant for the embedded PostgreSQL, is taken by another program: name another.`;
  }
  return `The embedded PostgreSQL did not start. It said:\n${said.split('\n').slice(-15).join('\n')}`;
}

/** A current folder that the account cannot reach would end pg_ctl before it begins. */
function inFolderRoot({ account }: Cluster) {
  return { ...account, cwd: '/', env: { PATH: process.env.PATH } };
}

function giveFolder(folder: string, account: Account): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
