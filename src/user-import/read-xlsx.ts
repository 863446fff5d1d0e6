import path from 'node:path/posix';
import type { Entry, ZipFile } from 'yauzl';
import { openPromise } from 'yauzl';
import type { RawRow } from './columns.ts';
import { UnreadableFile } from './unreadable-file.ts';
import { readRows } from './xlsx-sheet.ts';
import { readParts } from './xlsx-xml.ts';

/** An honest list of 25,000 users stays far below all of these. */
const most = { entries: 2000, partBytes: 80_000_000, ratio: 300, ratioFrom: 5_000_000, textBytes: 40_000_000 };

/** The rows of the first sheet; nothing is calculated, and only the parts that hold them are unpacked, as a stream. */
export async function readXlsx(file: string): Promise<RawRow[]> {
  const zip = await openZip(file);
  try {
    const parts = await partsOf(zip);
    const workbook = await readWorkbook(zip, parts);
    const texts = await readSharedTexts(zip, parts);
    const sheet = await open(zip, parts.get(workbook.sheet));
    return await readRows(sheet, texts, workbook.countsFrom1904);
  } catch (error) {
    throw error instanceof UnreadableFile ? error : broken(error);
  } finally {
    zip.close();
  }
}

async function openZip(file: string): Promise<ZipFile> {
  try {
    return await openPromise(file, { autoClose: false, lazyEntries: true });
  } catch (error) {
    throw broken(error);
  }
}

async function partsOf(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > most.entries) throw tooMuch();
  const parts = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    if (entry.isEncrypted()) throw secret();
    if (parts.has(entry.fileName)) throw broken(new Error(`two parts are named ${entry.fileName}`));
    parts.set(entry.fileName, entry);
  }
  return parts;
}

/** A part as a stream. What it will fill is judged before a byte is unpacked, and the unpacker holds it to that. */
async function open(zip: ZipFile, entry: Entry | undefined): Promise<AsyncIterable<Buffer>> {
  if (entry === undefined) throw notExcel();
  const { uncompressedSize, compressedSize } = entry;
  const isBomb = uncompressedSize > most.ratioFrom && uncompressedSize / Math.max(1, compressedSize) > most.ratio;
  if (uncompressedSize > most.partBytes || isBomb) throw tooMuch();
  return zip.openReadStreamPromise(entry);
}

type Workbook = { sheet: string; countsFrom1904: boolean };

async function readWorkbook(zip: ZipFile, parts: Map<string, Entry>): Promise<Workbook> {
  const found: { firstSheet: string | null; countsFrom1904: boolean } = { firstSheet: null, countsFrom1904: false };
  await readParts(await open(zip, parts.get('xl/workbook.xml')), {
    open(name, attributes) {
      if (name === 'workbookPr') found.countsFrom1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
      if (name === 'sheet') found.firstSheet ??= attributes.id ?? null;
    },
  });
  const targets = new Map<string, string>();
  await readParts(await open(zip, parts.get('xl/_rels/workbook.xml.rels')), {
    open(name, { Id, Target }) {
      if (name === 'Relationship' && Id !== undefined && Target !== undefined) targets.set(Id, Target);
    },
  });
  const target = targets.get(found.firstSheet ?? '');
  if (target === undefined) throw notExcel();
  const sheet = target.startsWith('/') ? target.slice(1) : path.join('xl', target);
  return { sheet, countsFrom1904: found.countsFrom1904 };
}

/** Texts that cells point at by number; furigana (rPh) is no part of them. */
async function readSharedTexts(zip: ZipFile, parts: Map<string, Entry>): Promise<string[]> {
  const entry = parts.get('xl/sharedStrings.xml');
  if (entry === undefined) return [];
  const texts: string[] = [];
  let bytes = 0;
  let text = '';
  let isText = false;
  let isReading = false;
  await readParts(await open(zip, entry), {
    open(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') isReading = true;
      isText = name === 't' && !isReading;
    },
    text(found) {
      if (isText) text += found;
    },
    close(name) {
      isText = false;
      if (name === 'rPh') isReading = false;
      if (name !== 'si') return;
      if ((bytes += text.length) > most.textBytes) throw tooMuch();
      texts.push(text);
    },
  });
  return texts;
}

function broken(cause: unknown): UnreadableFile {
  const refused = new UnreadableFile(
    'Excel-filen er beskadiget og kan ikke læses. Åbn den i Excel, gem den igen som .xlsx, og prøv igen.',
  );
  refused.cause = cause;
  return refused;
}

function tooMuch(): UnreadableFile {
  return new UnreadableFile(
    'Excel-filen pakker mere ud, end SEB læser. Kopiér rækkerne til et nyt, tomt regneark, og gem det som .xlsx.',
    413,
  );
}

function notExcel(): UnreadableFile {
  return new UnreadableFile('Filen er ikke en Excel-fil (.xlsx). Gem den som .xlsx eller CSV, og prøv igen.', 415);
}

function secret(): UnreadableFile {
  return new UnreadableFile('Filen er beskyttet med adgangskode. Gem den uden adgangskode, og prøv igen.', 415);
}
