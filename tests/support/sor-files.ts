import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateSor, type SorFormat } from '../../src/sor/generate.ts';

/** A made-up SOR file as one text. */
export async function sorText(format: SorFormat, units: number): Promise<string> {
  let text = '';
  for await (const piece of generateSor({ units, format })) text += piece;
  return text;
}

/** A folder of one's own to write files into. */
export function sorFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'seb-sor-'));
  return {
    write(name: string, content: string | Buffer): string {
      const file = path.join(folder, name);
      writeFileSync(file, content);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
