import { importSor } from '../src/sor/import/import-sor.ts';
import { peakMemory } from './cpu.ts';

export type SorImportStart = { ownerUrl: string; file: string };
export type SorImportFigures = { seconds: number; rows: number; added: number; changed: number; megabytes: number };

/** One import in a process of its own, so that its memory can be told. */
process.on('message', ({ ownerUrl, file }: SorImportStart) => {
  importSor({ ownerUrl, file, options: { cvrCheck: 'relaxed' } }).then(
    ({ seconds, rows, added, changed }) =>
      process.send?.({ seconds, rows, added, changed, megabytes: peakMemory(process.pid) } satisfies SorImportFigures),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
