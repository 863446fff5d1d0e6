import type { ClientBase } from 'pg';

export type Connection = ClientBase;

export type Row = Record<string, unknown>;

/** Inserts all rows with one statement; the keys of the first row are the columns. */
export async function insertRows(db: Connection, table: string, rows: Row[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first).join(', ');
  await db.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}

/** Ids that the table's rows are given before they are written, so that they can point at each other. */
export async function nextIds(db: Connection, table: string, count: number): Promise<number[]> {
  return nextNumbers(db, `pg_get_serial_sequence('${table}', 'id')`, count);
}

export async function nextUsernameNumbers(db: Connection, count: number): Promise<number[]> {
  return nextNumbers(db, `'username_number'`, count);
}

async function nextNumbers(db: Connection, sequence: string, count: number): Promise<number[]> {
  const { rows } = await db.query<{ number: number }>(
    `select nextval(${sequence})::int as number from generate_series(1, $1)`,
    [count],
  );
  return rows.map(({ number }) => number);
}
