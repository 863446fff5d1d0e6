import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { planUnits, type Plan } from './generate/plan-units.ts';
import { csvLines } from './generate/write-csv.ts';
import { xmlLines } from './generate/write-xml.ts';

export type SorFormat = 'csv' | 'xml';
export type GenerateOptions = Plan & { format: SorFormat };

const chunkLength = 64 * 1024;
const usage = 'Usage: npm run --silent sor:generate -- --units 120000 [--format csv|xml] [--seed 1] > file';

/** A made-up SOR file as pieces of text, the same for the same options; both formats hold the same units. */
export async function* generateSor({ format, ...plan }: GenerateOptions): AsyncGenerator<string> {
  const lines = format === 'csv' ? csvLines(planUnits(plan)) : xmlLines(planUnits(plan));
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

async function printSor(options: GenerateOptions): Promise<void> {
  for await (const chunk of generateSor(options)) {
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  }
}

function readOptions(): GenerateOptions {
  const { values } = parseArgs({
    options: {
      units: { type: 'string' },
      seed: { type: 'string', default: '1' },
      format: { type: 'string', default: 'csv' },
    },
  });
  const [units, seed] = [Number(values.units), Number(values.seed)];
  if (!Number.isInteger(units) || units < 1 || !Number.isInteger(seed)) throw new Error(usage);
  if (values.format !== 'csv' && values.format !== 'xml') throw new Error(usage);
  return { units, seed, format: values.format };
}

if (import.meta.main) {
  try {
    await printSor(readOptions());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
