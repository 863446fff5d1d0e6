import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TaskDone } from './export-process.ts';
import type { MadeExport } from './make-export.changes.ts';

/** Makes the file of an order; null when there is nothing to do any longer. */
export type MakeFile = (exportId: number) => Promise<MadeExport | null>;

const program = path.join(import.meta.dirname, 'export-process.ts');
/** Measured with 250,000 rows: the heap is let to grow no further than it must. */
const memory = ['--max-old-space-size=128', '--max-semi-space-size=4'];

/** Each file in a process of its own, which pages go before. */
export function inProcesses(url: string): MakeFile {
  let env: NodeJS.ProcessEnv | null = null;
  return (exportId) =>
    new Promise((resolve, reject) => {
      env ??= environment();
      const child = fork(program, [], { execArgv: memory, env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
      giveWay(child.pid);
      child.once('message', (done: TaskDone) => {
        if ('made' in done) resolve(done.made);
        else reject(new Error(`The process that makes files of reports failed: ${done.fault}`));
      });
      child.once('error', reject);
      child.once('exit', (code, signal) =>
        reject(new Error(`The process that makes files of reports ended with ${signal ?? code}`)),
      );
      child.send({ url, exportId });
    });
}

/** What one process compiled, the next ones need not: a fourth of the memory and half a second less. Gone with this process. */
function environment(): NodeJS.ProcessEnv {
  try {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'seb-compiled-')); // nobody else's to write in
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return { NODE_COMPILE_CACHE: folder };
  } catch {
    return {}; // a file system that is only read: each compiles anew
  }
}

function giveWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Gone already, or the system does not allow it: it is only slower for others.
  }
}
