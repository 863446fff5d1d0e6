import type pg from 'pg';
import type { Scope } from '../permissions/scope.ts';
import { abandon, connect, wallOf } from './access.ts';
import { translateDatabaseError } from './errors.ts';
import type { Connections } from './pool.ts';
import type { Sql } from './sql.ts';

const rowsPerBatch = 1000;

// A slow reader of the file may keep the cursor waiting; the first rows are wanted soon, the plan is to walk an index.
const limits =
  "set local statement_timeout = '120s'; set local idle_in_transaction_session_timeout = '15min'; set local cursor_tuple_fraction = 0.01";

/**
 * All rows of one statement in batches, from a cursor in the database behind the wall: neither side holds the whole. It
 * sees the data as they were when it began, and keeps one connection until it is read to its end or left.
 */
export async function* streamRows<Row>(database: Connections, scope: Scope, query: Sql): AsyncGenerator<Row[]> {
  const client = await connect(database.pool);
  let isDone = false;
  try {
    await client.query(`begin read only; set local seb.organisations = '${wallOf(scope)}'; ${limits}`);
    await client.query(`declare rows_of_report no scroll cursor for ${query.text}`, query.values);
    let next = fetchRows<Row>(client);
    for (;;) {
      const rows = await next;
      const isLast = rows.length < rowsPerBatch;
      // The next batch is read in the database while this one is made use of.
      if (!isLast) next = fetchRows(client);
      next.catch(() => undefined); // its reader may have left by then
      if (rows.length > 0) yield rows;
      if (isLast) break;
    }
    await client.query('commit');
    isDone = true;
    client.release();
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    if (!isDone) await abandon(client);
  }
}

async function fetchRows<Row>(client: pg.PoolClient): Promise<Row[]> {
  const { rows } = await client.query(`fetch forward ${rowsPerBatch} from rows_of_report`);
  return rows as Row[];
}
