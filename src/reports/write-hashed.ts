import { createHash } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What a file came to; the hash, in lower case hexadecimal, is of every byte that was written. */
export type Written = { rows: number; bytes: number; sha256: string };

/** Writes a file's bytes as fast as `out` takes them, and ends it. Whichever side fails, both are closed. */
export async function writeHashed(
  source: Readable | AsyncIterable<Buffer>,
  out: Writable,
): Promise<Omit<Written, 'rows'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    source,
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        hash.update(piece);
        bytes += piece.length;
        yield piece;
      }
    },
    out,
  );
  return { bytes, sha256: hash.digest('hex') };
}
