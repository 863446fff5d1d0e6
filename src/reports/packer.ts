import { constants, createDeflate } from 'node:zlib';

/** Packs one content after the other (zlib's format), off the thread that serves pages. */
export type Packer = {
  pack(content: Buffer): Promise<Buffer>;
  close(): void;
};

/**
 * One compressor for all of them, set back after each: a new one takes a quarter of a megabyte outside the heap, and thousands
 * of them keep the garbage collector at work.
 */
export function openPacker(level: number): Packer {
  const deflater = createDeflate({ level, chunkSize: 64 * 1024 });
  let packed: Buffer[] = [];
  let fail: (error: Error) => void = () => undefined;
  deflater.on('data', (piece: Buffer) => packed.push(piece));
  deflater.on('error', (error: Error) => fail(error));
  const packNext = (content: Buffer): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      if (deflater.destroyed) return reject(closed());
      fail = reject;
      deflater.write(content);
      deflater.flush(constants.Z_FINISH, () => {
        // Nobody wants the file any more, and the compressor is gone.
        if (deflater.destroyed) return reject(closed());
        const whole = Buffer.concat(packed);
        packed = [];
        deflater.reset();
        resolve(whole);
      });
    });
  let before: Promise<unknown> = Promise.resolve();
  return {
    pack(content) {
      const next = before.then(() => packNext(content));
      before = next.catch(() => undefined);
      return next;
    },
    close() {
      deflater.destroy();
    },
  };
}

function closed(): Error {
  return new Error('The file is not wanted any more');
}
