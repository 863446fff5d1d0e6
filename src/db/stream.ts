import pg from 'pg';
import type { Scope } from '../permissions/scope.ts';
import { abandon, connect, wallOf } from './access.ts';
import { translateDatabaseError } from './errors.ts';
import type { Connections } from './pool.ts';
import { fieldsOfRecord } from './record-text.ts';
import type { Sql } from './sql.ts';

const rowsPerBatch = 500;
/** Batches that are asked for before they are wanted: the database works while the ones before them are made use of. */
const batchesAhead = 3;

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
    const read = await readerOf<Row>(client, query);
    // Each row comes as one text: to take it apart here costs half of what the library takes for a field at a time.
    await client.query(
      `declare rows_of_report no scroll cursor for select whole_row::text from (${query.text}) whole_row`,
      query.values,
    );
    const ask = (): Promise<string[]> => {
      const records = fetchRecords(client);
      records.catch(() => undefined); // a fault of one before it ends the reading, and its reader may have left
      return records;
    };
    const coming = Array.from({ length: batchesAhead }, ask);
    for (;;) {
      const records = (await coming.shift()) ?? [];
      const isLast = records.length < rowsPerBatch;
      if (!isLast) coming.push(ask());
      if (records.length > 0) yield records.map(read);
      if (isLast) break;
    }
    await Promise.all(coming);
    await client.query('commit');
    isDone = true;
    client.release();
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    if (!isDone) await abandon(client);
  }
}

async function fetchRecords(client: pg.PoolClient): Promise<string[]> {
  const text = `fetch forward ${rowsPerBatch} from rows_of_report`;
  const { rows } = await client.query<[string]>({ text, rowMode: 'array' });
  return rows.map(([record]) => record);
}

/** Makes a row of its text: the fields by their names, each of its own type. */
async function readerOf<Row>(client: pg.PoolClient, { text, values }: Sql): Promise<(record: string) => Row> {
  const { fields } = await client.query(`select * from (${text}) described limit 0`, values);
  const names = fields.map(({ name }) => name);
  const parsers = fields.map(({ dataTypeID }) => pg.types.getTypeParser(dataTypeID) as (text: string) => unknown);
  const empty: Record<string, unknown> = Object.fromEntries(names.map((name) => [name, null]));
  return (record) => {
    const row = { ...empty };
    for (const [index, field] of fieldsOfRecord(record).entries())
      if (field !== null) row[names[index] ?? ''] = parsers[index]?.(field);
    return row as Row;
  };
}
