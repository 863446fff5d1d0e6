import { open, readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Layout, RawRow } from './columns.ts';
import { layoutOf } from './columns.ts';
import type { ImportRow } from './import-row.ts';
import { rowReader } from './import-row.ts';
import { decodeText, notText, readText } from './read-text.ts';
import { readXlsx } from './read-xlsx.ts';
import { mostRows, tooManyRows, UnreadableFile } from './unreadable-file.ts';

/** What was read: rows with the faults that the file alone shows. */
export type Source = { name: string; digest: string; ignoredColumns: string[]; rows: ImportRow[] };

/** Reads an uploaded file by what it holds, whatever it is called. @throws UnreadableFile */
export async function readFileSource(file: string, name: string): Promise<Source> {
  const bytes = await firstBytes(file);
  if (bytes.length === 0) throw new UnreadableFile('Filen er tom. Vælg filen med brugerne, og prøv igen.');
  if (bytes.toString('latin1', 0, 4) === 'PK\x03\x04')
    return sourceOf(name, await digestOfFile(file), await readXlsx(file));
  if (bytes.toString('hex', 0, 8) === 'd0cf11e0a1b11ae1')
    throw new UnreadableFile(
      'Filen er en gammel Excel-fil (.xls) eller har adgangskode. Gem den som .xlsx uden adgangskode, og prøv igen.',
      415,
    );
  if (/^(%PDF|\{\\rtf|<\?xml|<!doctype|<html|PK)/i.test(bytes.toString('latin1', 0, 20))) throw notText();
  return readTextSource(decodeText(await readFile(file)), name);
}

export function readTextSource(text: string, name: string): Promise<Source> {
  return sourceOf(name, digestOf(text), readText(text));
}

async function sourceOf(
  name: string,
  digest: string,
  rawRows: Iterable<RawRow> | AsyncIterable<RawRow>,
): Promise<Source> {
  let layout: Layout | null = null;
  let read: ((raw: RawRow) => ImportRow) | null = null;
  const rows: ImportRow[] = [];
  for await (const raw of rawRows) {
    const isFirst = layout === null;
    layout ??= layoutOf(raw.cells);
    read ??= rowReader(layout);
    if (isFirst && layout.hasHeader) continue;
    rows.push(read(raw));
    if (rows.length > mostRows) throw tooManyRows();
    if (rows.length % 500 === 0) await breathe();
  }
  if (rows.length === 0)
    throw new UnreadableFile('Der er ingen rækker med brugere. Indsæt mindst én række under overskrifterne.');
  return { name: shown(name), digest, ignoredColumns: layout?.ignored ?? [], rows };
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(20), 0, 20, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function digestOfFile(file: string): Promise<string> {
  return digestOf(await readFile(file));
}

function digestOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('base64url');
}

/** A file's name for the page: one line, not endless. */
function shown(name: string): string {
  const plain = name
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{C}\u2028\u2029]/gu, '')
    .trim();
  return plain.slice(-150) || 'Fil uden navn';
}
