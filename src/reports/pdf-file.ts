import { createDeflate } from 'node:zlib';
import { Readable } from 'node:stream';
import type { Packer } from './packer.ts';

/** Half the work of the usual level, for a tenth more bytes. */
export const pdfLevel = 3;

/**
 * A PDF that is written object by object, none of which is kept: only where each run of them stands. Small objects (a cell's
 * place in the structure) travel together in packed streams (ISO 32000-1, 7.5.7), so that a tagged page costs little.
 */
export type PdfFile = {
  start(): Buffer;
  /** Numbers for objects, one after the other. */
  allocate<const Count extends number>(count: Count): Numbers<Count>;
  object(number: number, body: string): Buffer;
  /** A packed stream; `entries` go into its dictionary. Packing happens beside the thread that serves pages. */
  stream(number: number, entries: string, content: Buffer): Promise<Buffer>;
  /** A stream that a program finds without unpacking. */
  plainStream(number: number, entries: string, content: Buffer): Buffer;
  /** Objects numbered on from `first`, together. */
  together(first: number, bodies: readonly string[]): Promise<Buffer>;
  end(trailer: string): Promise<Buffer>;
};

type Numbers<Count extends number> = Count extends 5 ? [number, number, number, number, number] : number[];
/** `stream` is the object stream that holds the run; 0 for one object that stands by itself at `offset`. */
type Run = { first: number; count: number; stream: number; offset: number };

export function pdfFile({ pack }: Packer): PdfFile {
  const runs: Run[] = [];
  let next = 1;
  let offset = 0;
  const written = (piece: Buffer): Buffer => {
    offset += piece.length;
    return piece;
  };
  const place = (number: number): void => {
    runs.push({ first: number, count: 1, stream: 0, offset });
  };
  const streamOf = (number: number, entries: string, bytes: Buffer): Buffer => {
    place(number);
    const head = Buffer.from(`${number} 0 obj\n<<${entries}/Length ${bytes.length}>>stream\n`, 'latin1');
    return written(Buffer.concat([head, bytes, Buffer.from('\nendstream\nendobj\n')]));
  };
  const file: PdfFile = {
    start: () => written(Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')),
    allocate(count) {
      const numbers = Array.from({ length: count }, (_, index) => next + index);
      next += count;
      return numbers as Numbers<typeof count>;
    },
    object(number, body) {
      place(number);
      return written(Buffer.from(`${number} 0 obj\n${body}\nendobj\n`, 'latin1'));
    },
    async stream(number, entries, content) {
      const bytes = await pack(content);
      return streamOf(number, `${entries}/Filter/FlateDecode`, bytes);
    },
    plainStream: streamOf,
    async together(first, bodies) {
      const number = next++;
      const { heads, text } = objectStream(first, bodies);
      const bytes = await pack(Buffer.from(heads + text, 'latin1'));
      runs.push({ first, count: bodies.length, stream: number, offset: 0 });
      return streamOf(number, `/Type/ObjStm/N ${bodies.length}/First ${heads.length}/Filter/FlateDecode`, bytes);
    },
    async end(trailer) {
      const number = next++;
      const start = offset;
      place(number);
      const bytes = await packedTable(runs, next);
      const head = `${number} 0 obj\n<</Type/XRef/Size ${next}/W[1 5 2]/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 8>>${trailer}/Length ${bytes.length}>>stream\n`;
      const end = `\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`;
      return Buffer.concat([Buffer.from(head, 'latin1'), bytes, Buffer.from(end, 'latin1')]);
    },
  };
  return file;
}

function objectStream(first: number, bodies: readonly string[]): { heads: string; text: string } {
  let offset = 0;
  const heads = bodies.map((body, index) => {
    const head = `${first + index} ${offset}`;
    offset += body.length + 1;
    return head;
  });
  return { heads: `${heads.join(' ')} `, text: bodies.join('\n') };
}

/** The table of where everything stands: rows of eight bytes, each as its difference to the one before (PNG's "up"). */
async function packedTable(runs: readonly Run[], size: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const source = Readable.from(tableRows(runs, size), { objectMode: false });
  for await (const piece of source.pipe(createDeflate())) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function* tableRows(runs: readonly Run[], size: number): Generator<Buffer> {
  const sorted = runs.toSorted((one, other) => one.first - other.first);
  const before = Buffer.alloc(8);
  yield differences([[0, 0, 65_535]], before); // object 0 is free, by definition
  let next = 1;
  for (const { first, count, stream, offset } of sorted) {
    if (first !== next) throw new Error(`Object ${next} of the PDF was never written`);
    const entries = Array.from({ length: count }, (_, index): Entry =>
      stream === 0 ? [1, offset, 0] : [2, stream, index],
    );
    yield differences(entries, before);
    next += count;
  }
  if (next !== size) throw new Error(`Object ${next} of the PDF was never written`);
}

type Entry = [kind: number, place: number, index: number];

function differences(entries: readonly Entry[], before: Buffer): Buffer {
  const rows = new Uint8Array(9 * entries.length);
  const row = Buffer.alloc(8);
  let to = 0;
  for (const [kind, place, index] of entries) {
    row.writeUInt8(kind, 0);
    row.writeUIntBE(place, 1, 5);
    row.writeUInt16BE(index, 6);
    rows[to++] = 2;
    // A byte holds the difference modulo 256.
    for (let byte = 0; byte < 8; byte += 1) rows[to++] = (row[byte] ?? 0) - (before[byte] ?? 0);
    row.copy(before);
  }
  return Buffer.from(rows.buffer);
}

/** A text for a dictionary: as UTF-16 where it is more than ASCII. */
export function pdfText(text: string): string {
  const utf16 = Buffer.from(text, 'utf16le').swap16().toString('hex');
  return `<feff${utf16}>`;
}
