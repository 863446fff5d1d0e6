import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { generateSor } from '../src/sor/generate.ts';
import { startChild } from './children.ts';
import type { BenchCluster } from './cluster.ts';
import type { SorImportFigures } from './sor-import.ts';

const units = 120_000;

export type SorFigures = { first: SorImportFigures; again: SorImportFigures };

/** Imports 120,000 units into the empty database, and the same file again. */
export async function measureSorImports({ folder, ownerUrl }: BenchCluster): Promise<SorFigures> {
  const file = path.join(folder, 'SorEntity_daily.csv');
  await pipeline(Readable.from(generateSor({ units, format: 'csv', seed: 1 })), createWriteStream(file));
  return { first: await importOnce(ownerUrl, file), again: await importOnce(ownerUrl, file) };
}

async function importOnce(ownerUrl: string, file: string): Promise<SorImportFigures> {
  const child = await startChild('sor-import.ts', { ownerUrl, file });
  await child.stop();
  return child.firstAnswer as SorImportFigures;
}
