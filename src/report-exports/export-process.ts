import { openPool } from '../db/pool.ts';
import { makeExport } from './make-export.changes.ts';

// A process of its own for the file of a large report (export-processes.ts starts it): what it needs of memory and of the
// processor is not taken from the pages, and it can be ended at any moment.

export type Task = { url: string; exportId: number };
export type TaskDone = { made: Awaited<ReturnType<typeof makeExport>> } | { fault: string };

process.once('disconnect', () => process.exit(1)); // whoever wants the file is gone
process.once('message', ({ url, exportId }: Task) => {
  make(url, exportId).then(
    (made) => process.send?.({ made } satisfies TaskDone, () => process.exit(0)),
    (error: unknown) => {
      const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.send?.({ fault } satisfies TaskDone, () => process.exit(1));
    },
  );
});

async function make(url: string, exportId: number) {
  // One connection reads, one keeps what was written. Prisma's client would take as much memory as all else.
  return makeExport({ pool: openPool(url, 2) }, exportId);
}
