import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endProcess, identityOf, isRunning, type ProcessIdentity } from './processes.ts';

type Holder = ProcessIdentity & { children: ProcessIdentity[] };

export type RunLock = {
  /** Notes a child, so that the next run can end it if this one is killed before it does so itself. */
  addChild: (pid: number) => void;
  release: () => void;
};

/**
 * Takes the folder for this process, with `purpose` as the name of the lock file.
 * Throws when another living process holds it; ends what a killed one left behind.
 */
export async function takeRunLock(folder: string, purpose: string): Promise<RunLock> {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${purpose}.lock`);
  const own = identityOf(process.pid);
  if (!own) throw new Error('The start time of this process cannot be read');
  const holder: Holder = { ...own, children: [] };
  while (!createWhole(file, holder)) await removeIfLeftOver(file, folder);
  await assertStillOurs(file, own, folder);
  return {
    addChild: (pid) => {
      const child = identityOf(pid);
      if (child) holder.children.push(child);
      replaceWhole(file, holder);
    },
    release: () => rmSync(file, { force: true }),
  };
}

/** The file appears with its content or not at all, and only if there was none. */
function createWhole(file: string, holder: Holder): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(holder));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

function replaceWhole(file: string, holder: Holder): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(holder));
  renameSync(draft, file);
}

async function removeIfLeftOver(file: string, folder: string): Promise<void> {
  const holder = readHolder(file);
  if (holder && isRunning(holder)) throw new Error(alreadyRuns(folder, holder.pid));
  await Promise.all((holder?.children ?? []).map((child) => endProcess(child, 5_000)));
  rmSync(file, { force: true });
}

/** Two starts may clear the same left-over file, the slower one taking the faster one's new file for the old. */
async function assertStillOurs(file: string, own: ProcessIdentity, folder: string): Promise<void> {
  await pause(100);
  const holder = readHolder(file);
  if (holder?.pid !== own.pid) throw new Error(alreadyRuns(folder, holder?.pid));
}

function readHolder(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function alreadyRuns(folder: string, pid: number | undefined): string {
  return `SEB already runs in ${folder}${pid ? ` (process ${pid})` : ''}. Stop it, or name another folder with DATA_DIR.`;
}
