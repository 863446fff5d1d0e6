import type { Socket } from 'node:net';
import type pg from 'pg';
import type { Scope } from '../permissions/scope.ts';
import type { Connections } from './pool.ts';
import { translateDatabaseError } from './errors.ts';
import type { Prisma } from './generated/client.ts';
import { ask } from './known-query.ts';
import type { Sql } from './sql.ts';
import { statementNames } from './sql.ts';

/** Reading, inside one read-only transaction that sees only the organisations it was opened for. */
export type ReadDb = { rows<Row>(query: Sql): Promise<Row[]> };

type WritableModels = 'appUser' | 'emailChange' | 'userLogin' | 'roleAssignment' | 'administrator';

/** Writing: handed out by recordChange alone, so that no change is without its event. */
export type Tx = ReadDb & Pick<Prisma.TransactionClient, WritableModels>;

// The pool's connections are shared with Prisma, whose names begin with x.
const nameOf = statementNames();

/** When a page's transaction ends: after all its work, or in one message with what it asks first, where that is mostly all. */
type Ending = 'afterAll' | 'withFirst';

/**
 * Runs the reads of one page in a read-only transaction behind the wall, which is set with BEGIN, in one message with what
 * `work` asks first; were BEGIN refused, no wall would be set and nothing be seen. What is asked after the end begins anew.
 */
export async function readPage<T>(
  database: Connections,
  scope: Scope,
  work: (db: ReadDb) => Promise<T>,
  ending: Ending = 'afterAll',
): Promise<T> {
  const client = await connect(database.pool);
  // In the order of the questions: the first is the cause, what was asked beside it only says that the transaction is over.
  const faults: unknown[] = [];
  const transaction = transactionOf(client, scope);
  const rows = <Row>(query: Sql): Promise<Row[]> =>
    inOneMessage(client, () => {
      transaction.ensureBegun();
      return rowsOf<Row>(client, query, faults);
    });
  try {
    const working = inOneMessage(client, () => {
      const result = work({ rows });
      if (ending === 'withFirst') transaction.end();
      return result;
    });
    const result = await working;
    await transaction.answered();
    if (transaction.isOpen()) endSoon(client);
    else client.release();
    return result;
  } catch (error) {
    await abandon(client);
    throw translateDatabaseError(faults[0] ?? error);
  }
}

function transactionOf(client: pg.PoolClient, scope: Scope) {
  const sent: Promise<unknown>[] = [];
  let isOpen = false;
  const send = (text: string): void => {
    const answer = client.query(text);
    answer.catch(() => undefined); // told by `answered`
    sent.push(answer);
  };
  return {
    isOpen: () => isOpen,
    ensureBegun(): void {
      if (!isOpen) send(`begin read only; set local seb.organisations = '${wallOf(scope)}'`);
      isOpen = true;
    },
    end(): void {
      if (isOpen) send('commit');
      isOpen = false;
    },
    /** Rejects when a BEGIN or COMMIT sent by now was refused. */
    answered: (): Promise<unknown> => Promise.all(sent),
  };
}

/** What is sent while `send` runs leaves together: one system call here, one awakening of the server. */
function inOneMessage<T>(client: pg.PoolClient, send: () => T): T {
  const { stream } = (client as pg.PoolClient & { connection: { stream: Socket } }).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}

/** One look-up through a narrow function, before anybody's reach is known; sees nothing behind the wall. */
export async function lookUp<Row>(database: Connections, query: Sql): Promise<Row[]> {
  try {
    return await ask<Row>(database.pool, prepared(query));
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

/** The setting's value for a scope: digits and commas only, since it stands in the text of BEGIN. */
export function wallOf(scope: Scope): string {
  return scope === 'all' ? '*' : scope.map((id) => String(Math.trunc(id))).join(',');
}

/** A connection of the pool, for this folder alone. */
export async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

async function rowsOf<Row>(client: pg.PoolClient, query: Sql, faults: unknown[]): Promise<Row[]> {
  try {
    return await ask<Row>(client, prepared(query));
  } catch (error) {
    faults.push(error);
    throw error;
  }
}

function prepared(query: Sql): { name: string; text: string; values: unknown[] } {
  const { text, values } = query; // `text` is put together anew each time it is read
  return { name: nameOf(text), text, values };
}

// A read-only transaction has nothing to lose at COMMIT: the page need not wait for it.
function endSoon(client: pg.PoolClient): void {
  client.query('commit').then(
    () => client.release(),
    () => client.release(true),
  );
}

/** Gives a connection back whose transaction is not to count. */
export async function abandon(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('rollback');
    client.release();
  } catch {
    client.release(true);
  }
}
