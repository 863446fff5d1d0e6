import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { App } from './app.ts';

/** Keeps a table from everybody until the work is done; what the work is given waits until somebody waits for the table. */
export async function withTableLocked(
  { testDatabase }: Pick<App, 'testDatabase'>,
  table: string,
  work: (untilAwaited: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const holder = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await holder.connect();
  try {
    await holder.query(`begin; lock table ${table} in access exclusive mode`);
    await work(async () => {
      const waiting = 'select from pg_locks where not granted and relation = $1::regclass';
      while ((await holder.query(waiting, [table])).rowCount === 0) await wait(10);
    });
  } finally {
    await holder.end();
  }
}
