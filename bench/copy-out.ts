import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { to as copyTo } from 'pg-copy-streams';
import { connected } from './cluster.ts';

/** Plain COPY of a statement's rows to csv, behind the wall of the application and to nowhere; answers the bytes. */
export async function copyOut(databaseUrl: string, statement: string): Promise<number> {
  const client = await connected(databaseUrl);
  try {
    let bytes = 0;
    await client.query("begin read only; set local seb.organisations = '1'");
    const count = new Writable({
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        done();
      },
    });
    await pipeline(client.query(copyTo(`copy (${statement}) to stdout (format csv)`)), count);
    await client.query('commit');
    return bytes;
  } finally {
    await client.end();
  }
}
