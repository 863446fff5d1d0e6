import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { refuse } from './refusal.ts';

export type InspectedFile = {
  path: string;
  bytes: number;
  sha256: string;
  format: 'csv' | 'xml';
  encoding: 'utf-8' | 'windows-1252';
};

/** Reads the whole file once, in pieces, to know its digest, its form and how its letters are written. */
export async function inspectFile(path: string): Promise<InspectedFile> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) refuse(null, `there is no file ${path}`);
  if (found.size === 0) refuse(null, 'the file is empty');

  const head = await readHead(path);
  const format = formatOf(head);
  const { sha256, isUtf8 } = await readThrough(path);
  return { path, bytes: found.size, sha256, format, encoding: encodingOf(head, format, isUtf8) };
}

/** The file's text in pieces; `seen` is told the size of each piece in bytes. */
export async function* readText(file: InspectedFile, seen: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder(file.encoding);
  for await (const bytes of bytesOf(file.path)) {
    yield decoder.decode(bytes, { stream: true });
    seen(bytes.length);
  }
  yield decoder.decode();
}

function bytesOf(path: string): AsyncIterable<Buffer> {
  return createReadStream(path);
}

async function readHead(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function formatOf(head: Buffer): 'csv' | 'xml' {
  if (head.subarray(0, 2).toString('latin1') === 'PK') refuse(null, 'the file is a zip archive: unpack it first');
  if (head.subarray(0, 2).toString('hex') === '1f8b') refuse(null, 'the file is compressed (gzip): unpack it first');
  if (head.includes(0)) refuse(null, 'this is not a SOR file: it holds no plain text in UTF-8 or windows-1252');
  return head.toString('latin1').replace(/^ï»¿/, '').trimStart().startsWith('<') ? 'xml' : 'csv';
}

async function readThrough(path: string): Promise<{ sha256: string; isUtf8: boolean }> {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  const decode = (bytes?: Buffer) => {
    try {
      decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      isUtf8 = false;
    }
  };
  for await (const bytes of bytesOf(path)) {
    hash.update(bytes);
    if (isUtf8) decode(bytes);
  }
  if (isUtf8) decode();
  return { sha256: hash.digest('hex'), isUtf8 };
}

/** What a file says of itself (BOM, XML declaration) counts; otherwise what is not UTF-8 is windows-1252. */
function encodingOf(head: Buffer, format: 'csv' | 'xml', isUtf8: boolean): 'utf-8' | 'windows-1252' {
  const declared = format === 'xml' ? /^[^>]*encoding=["']([\w-]+)["']/.exec(head.toString('latin1'))?.[1] : undefined;
  if (declared !== undefined && /^(windows-1252|cp1252|iso-8859-1|latin-?1|us-ascii)$/i.test(declared))
    return 'windows-1252';
  if (declared !== undefined && !/^utf-?8$/i.test(declared))
    refuse(1, `the encoding ${declared} is not known here: save the file as UTF-8`);
  if (isUtf8) return 'utf-8';

  const saysUtf8 = declared !== undefined || format === 'xml' || head.subarray(0, 3).toString('hex') === 'efbbbf';
  if (saysUtf8) refuse(null, 'wrong encoding: the file says that it is UTF-8, but it is not');
  return 'windows-1252';
}
