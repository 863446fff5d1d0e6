import type pg from 'pg';
import type { Scope } from '../permissions/scope.ts';
import type { ReadDb } from './access.ts';
import { connect, wallOf } from './access.ts';
import { translateDatabaseError } from './errors.ts';
import type { Connections } from './pool.ts';

/**
 * Writes what is no change and leaves no event, as an import's rows or a file's pieces: one transaction behind the wall,
 * outside recordChange. By the driver itself, since bytes would travel through Prisma as text.
 */
export async function onWorkingPapers<Result>(
  { pool }: Connections,
  scope: Scope,
  work: (db: ReadDb) => Promise<Result>,
): Promise<Result> {
  const client = await connect(pool);
  const rows = async <Row>({ text, values }: { text: string; values: unknown[] }): Promise<Row[]> =>
    (await client.query<Row & pg.QueryResultRow>(text, values)).rows;
  try {
    await client.query(`begin; set local seb.organisations = '${wallOf(scope)}'; set local statement_timeout = '60s'`);
    const result = await work({ rows });
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    client.release(true); // cut off, and so rolled back
    throw translateDatabaseError(error);
  }
}
