import type { Writable } from 'node:stream';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Written } from './write-hashed.ts';
import { writeHashed } from './write-hashed.ts';

/** A zip under way. Each part is packed as it comes, off the thread that serves pages, and none is held whole. */
export type ZipParts = {
  addText(name: string, text: string): void;
  addBytes(name: string, bytes: Buffer): void;
  /** Resolves when the part has been taken whole. */
  addPieces(name: string, pieces: AsyncIterable<string | Buffer>): Promise<void>;
};

type Made = { madeAt: Date; reference: string };

/** Writes a zip to `out`; what `fill` answers is the number of rows. The same parts make the same file. */
export async function writeZip(
  out: Writable,
  { madeAt, reference }: Made,
  fill: (zip: ZipParts) => Promise<number>,
): Promise<Written> {
  const zip = new ZipFile();
  const output = zip.outputStream;
  if (!(output instanceof Readable)) throw new Error('yazl has changed its stream');
  zip.on('error', (error: Error) => output.destroy(error));
  const filling = fill(partsOf(zip, output, madeAt)).then(
    (rows) => {
      // Unpacked at the very end of the file, where "Kontrollér" finds it in a file that was changed, too.
      zip.end({ comment: reference, forceZip64Format: false });
      return rows;
    },
    (error: Error) => {
      output.destroy(error);
      throw error;
    },
  );
  // The writer's fault is the cause where both fail: a full disk, a reader who left.
  const [written, filled] = await Promise.allSettled([writeHashed(output, out), filling]);
  if (written.status === 'rejected') throw written.reason;
  if (filled.status === 'rejected') throw filled.reason;
  return { ...written.value, rows: filled.value };
}

/** A sixth of the work of a file less than the usual level takes, for a fifth more bytes. */
const compressionLevel = 3;

function partsOf(zip: ZipFile, output: Readable, madeAt: Date): ZipParts {
  const options = { mtime: madeAt, compressionLevel };
  return {
    addText(name, text) {
      zip.addBuffer(Buffer.from(text), name, options);
    },
    addBytes(name, bytes) {
      zip.addBuffer(bytes, name, options);
    },
    async addPieces(name, pieces) {
      const stream = Readable.from(bytesOf(pieces), { objectMode: false });
      // Whoever reads the rows must hear that nobody wants them any more.
      output.once('close', () => stream.destroy());
      zip.addReadStream(stream, name, options);
      await finished(stream, { writable: false });
    },
  };
}

async function* bytesOf(pieces: AsyncIterable<string | Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
}
