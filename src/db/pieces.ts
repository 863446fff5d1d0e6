import { Writable } from 'node:stream';
import type { Scope } from '../permissions/scope.ts';
import { readPage } from './access.ts';
import type { Connections } from './pool.ts';
import type { Sql } from './sql.ts';

// A file of any size as rows of a table: never whole in memory.

/** Bytes of a piece: few enough to be held, many enough to be few. */
export const pieceBytes = 1024 * 1024;

/** Hands on what is written to it piece by piece, numbered from 0; one is kept while the next one fills. */
export function pieceWriter(keep: (number: number, content: Buffer) => Promise<void>): Writable {
  let held: Buffer[] = [];
  let size = 0;
  let number = 0;
  let keeping = Promise.resolve();
  const handOn = async (): Promise<void> => {
    const content = Buffer.concat(held);
    [held, size] = [[], 0];
    await keeping;
    if (content.length === 0) return;
    keeping = keep(number++, content);
    keeping.catch(() => undefined); // told by the next piece, or at the end
  };
  return new Writable({
    highWaterMark: pieceBytes,
    write(piece: Buffer, _encoding, done) {
      held.push(piece);
      size += piece.length;
      if (size < pieceBytes) done();
      else handOn().then(() => done(), done);
    },
    final(done) {
      handOn()
        .then(() => keeping)
        .then(() => done(), done);
    },
  });
}

/** The pieces again, by a statement for each that selects its `content`; no connection is kept while the reader takes one. */
export async function* readPieces(
  database: Connections,
  scope: Scope,
  pieceAt: (number: number) => Sql,
): AsyncGenerator<Buffer> {
  for (let number = 0; ; number += 1) {
    const [piece] = await readPage(database, scope, (db) => db.rows<{ content: Buffer }>(pieceAt(number)));
    if (piece === undefined) return;
    yield piece.content;
  }
}
