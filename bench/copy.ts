import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** What changes write, in an order that their references allow. */
const tables = ['app_user', 'role_assignment', 'audit_event'] as const;
export type Marks = Record<(typeof tables)[number], number>;

/** The last row of each table before a change. */
export async function lastRows(client: pg.Client): Promise<Marks> {
  const marks: Partial<Marks> = {};
  for (const table of tables) {
    const { rows } = await client.query<{ id: string }>(`select coalesce(max(id), 0) as id from ${table}`);
    marks[table] = Number(rows[0]?.id);
  }
  return marks as Marks;
}

export type Copied = { rows: Marks; milliseconds: number };

/**
 * Takes the rows that came since out again, writes the same ones with a bare COPY in one transaction (indexes, constraints and
 * triggers as ever), and takes them out for good.
 */
export async function copyAgain(owner: pg.Client, cleaner: pg.Client, since: Marks): Promise<Copied> {
  const written: { table: string; columns: string; content: Buffer[] }[] = [];
  const rows: Partial<Marks> = {};
  for (const table of tables) {
    const columns = await columnsOf(cleaner, table);
    const content: Buffer[] = [];
    const keep = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        content.push(chunk);
        done();
      },
    });
    const text = `copy (select ${columns} from ${table} where id > ${since[table]} order by id) to stdout`;
    await pipeline(cleaner.query(copyTo(text)), keep);
    const counted = await cleaner.query<{ count: number }>(
      `select count(*)::int as count from ${table} where id > ${since[table]}`,
    );
    rows[table] = counted.rows[0]?.count ?? 0;
    written.push({ table, columns, content });
  }
  await takeBack(cleaner, since);
  const begun = performance.now();
  await owner.query('begin');
  for (const { table, columns, content } of written)
    await pipeline(Readable.from(content), owner.query(copyFrom(`copy ${table} (${columns}) from stdin`)));
  await owner.query('commit');
  const milliseconds = performance.now() - begun;
  await takeBack(cleaner, since);
  return { rows: rows as Marks, milliseconds };
}

// Not what PostgreSQL makes itself, nor the transaction, by which the log is held against the change.
async function columnsOf(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ columns: string }>(
    `select string_agg(quote_ident(column_name), ', ' order by ordinal_position) as columns from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER' and column_name <> 'transaction_id'`,
    [table],
  );
  return rows[0]?.columns ?? '';
}

/** Without triggers, as the superuser's replica. */
export async function takeBack(cleaner: pg.Client, since: Marks): Promise<void> {
  for (const table of tables.toReversed()) await cleaner.query(`delete from ${table} where id > ${since[table]}`);
  for (const table of ['bulk_order', 'user_import', 'idempotency_key', 'audit_due'])
    await cleaner.query(`delete from ${table}`);
  for (const table of ['bulk_order_user', 'user_import_row']) await cleaner.query(`delete from ${table}`);
  await cleaner.query(
    `update organisation_state s set user_count = (select count(*) from app_user u where u.organisation_id = s.organisation_id and u.deleted_at is null)
     where organisation_id = 1`,
  );
  for (const table of [...tables, 'bulk_order', 'bulk_order_user', 'user_import_row'])
    await cleaner.query(`vacuum ${table}`);
}
