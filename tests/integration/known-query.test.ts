import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPage } from '../../src/db/access.ts';
import type { Database } from '../../src/db/client.ts';
import { openDatabase } from '../../src/db/client.ts';
import { ask } from '../../src/db/known-query.ts';
import { sql } from '../../src/db/sql.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { only } from '../support/sector.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase('empty');
  database = openDatabase(testDatabase.appUrl, 1);
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const query = (values: unknown[]) => ({
  name: 'kinds',
  text: `select n, n::text as text, case when n > 1 then n end as often, (n / 2.0)::numeric(9, 2) as half, array[n, n] as list,
    jsonb_build_object('n', n) as document, timestamptz '2026-11-30 12:00Z' + n * interval '1 hour' as moment
    from generate_series(1, $1::int) n`,
  values,
});

const row = (n: number) => ({
  n,
  text: String(n),
  often: n > 1 ? n : null,
  half: (n / 2).toFixed(2),
  list: [n, n],
  document: { n },
  moment: new Date(Date.UTC(2026, 10, 30, 12 + n)),
});

describe('A prepared statement', () => {
  it('gives the same rows when it is asked again, and its columns are told once a connection', async () => {
    const client = await database.pool.connect();
    const told = descriptionsOn(client);
    try {
      expect(await ask(client, query([2]))).toEqual([row(1), row(2)]);
      expect(told()).toBe(1);
      expect(await ask(client, query([3]))).toEqual([row(1), row(2), row(3)]);
      expect(await ask(client, query([0]))).toEqual([]);
      expect(await Promise.all([ask(client, query([1])), ask(client, query([2]))])).toEqual([
        [row(1)],
        [row(1), row(2)],
      ]);
      expect(told()).toBe(1);
      // Without it the library would be told each time.
      await client.query(query([1]));
      expect(told()).toBe(2);
    } finally {
      client.release(true);
    }
    expect(await ask(database.pool, query([1]))).toEqual([row(1)]);
    expect(await ask(database.pool, query([2]))).toEqual([row(1), row(2)]);
  });

  it('that fails leaves the next one whole, and tells who asked', async () => {
    const divide = (by: number) => ({ name: 'divide', text: 'select 6 / $1::int as quotient', values: [by] });
    expect(await ask(database.pool, divide(2))).toEqual([{ quotient: 3 }]);
    const failed = await ask(database.pool, divide(0)).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: '22012' });
    expect((failed as Error).stack).toContain('known-query');
    expect(await ask(database.pool, divide(3))).toEqual([{ quotient: 2 }]);
    await expect(
      ask(database.pool, { name: 'wrong', text: 'select nothing_of_the_kind', values: [] }),
    ).rejects.toMatchObject({ code: '42703' });
    expect(await ask(database.pool, divide(6))).toEqual([{ quotient: 1 }]);
  });
});

describe('A page whose transaction ends with its first questions', () => {
  const wall = sql`select current_setting('seb.organisations') as wall, pg_current_xact_id_if_assigned() is null as reads,
    current_setting('transaction_read_only') as "readOnly"`;
  const behind = { wall: '7', reads: true, readOnly: 'on' };

  it('asks later ones behind the wall too', async () => {
    const [first, second, later] = await readPage(
      database,
      [7],
      async (db) => {
        const both = await Promise.all([db.rows(wall), db.rows(wall)]);
        return [...both, await db.rows(wall)];
      },
      'withFirst',
    );
    expect([first, second, later].map((rows) => only(rows ?? []))).toEqual([behind, behind, behind]);
  });

  it('leaves no wall behind, and nothing open', async () => {
    await readPage(database, [7], (db) => db.rows(wall), 'withFirst');
    const { rows } = await database.pool.query<{ wall: string; state: string }>(
      `select coalesce(current_setting('seb.organisations', true), '') as wall, now() = statement_timestamp() as alone`,
    );
    expect(rows).toEqual([{ wall: '', alone: true }]);
  });

  it('gives the connection back after a fault, whenever it comes', async () => {
    const wrong = sql`select 1 / (select 0) as nothing`;
    for (const work of [
      (db: { rows: (asked: typeof wrong) => Promise<unknown[]> }) => db.rows(wrong),
      async (db: { rows: (asked: typeof wrong) => Promise<unknown[]> }) => {
        await db.rows(wall);
        return db.rows(wrong);
      },
    ])
      await expect(readPage(database, [7], work, 'withFirst')).rejects.toMatchObject({ code: '22012' });
    expect(await readPage(database, [7], (db) => db.rows(wall), 'withFirst')).toEqual([behind]);
  });
});

/** How often PostgreSQL told the connection of columns. */
function descriptionsOn(client: pg.PoolClient): () => number {
  let told = 0;
  const { connection } = client as pg.PoolClient & { connection: NodeJS.EventEmitter };
  connection.on('rowDescription', () => (told += 1));
  return () => told;
}
