import { setImmediate as breathe } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import type { RawRow } from './columns.ts';
import { mostRows, tooManyRows, UnreadableFile } from './unreadable-file.ts';

/** Text of a file: UTF-8, UTF-16 (Excel's "Unicode-tekst") or the Windows letters of older programs. */
export function decodeText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes.subarray(0, 8192).some((byte) => byte < 9 || (byte > 13 && byte < 32))) throw notText();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The rows of a pasted text or a CSV file; empty ones are left out but counted, as Excel numbers them. */
export async function* readText(text: string): AsyncGenerator<RawRow> {
  const parser = parse(text.replace(/^\uFEFF/, ''), {
    delimiter: delimiterOf(text),
    relax_column_count: true,
    // A quote inside a field that does not begin with one (="0012").
    relax_quotes: true,
    max_record_size: 200_000,
  });
  let line = 0;
  let rows = 0;
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      line += 1;
      if (line % 1000 === 0) await breathe();
      const cells = record.map(unguarded);
      if (cells.every((cell) => cell === '')) continue;
      if ((rows += 1) > mostRows + 1) throw tooManyRows();
      yield { line, cells };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UnreadableFile(
      `Et anførselstegn ved række ${line + 1} er ikke lukket, så resten kan ikke læses. Ret rækken, og prøv igen.`,
    );
  }
}

/** Tabs come from a paste, semicolons from a Danish Excel, commas from other programs. */
function delimiterOf(text: string): string {
  const start = text.slice(0, 5000).replace(/"[^"]*"/g, '');
  const line = start.split(/\r?\n/).find((one) => one.trim() !== '') ?? '';
  return ['\t', ';', ','].find((delimiter) => line.includes(delimiter)) ?? ';';
}

/** ="0012" is how a CSV keeps leading zeros, and a ' before = + - @ how one keeps Excel from calculating: both come off. */
function unguarded(cell: string): string {
  const trimmed = cell.trim();
  const protectedText = /^="(.*)"$/s.exec(trimmed)?.[1];
  return protectedText ?? trimmed.replace(/^'(?=[=+\-@])/, '');
}

export function notText(): UnreadableFile {
  return new UnreadableFile(
    'Filen er hverken en Excel-fil (.xlsx) eller en CSV-fil. Gem den som en af dem, og prøv igen.',
    415,
  );
}
