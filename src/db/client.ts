import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.ts';
import { statementNames } from './sql.ts';

export type Database = { pool: pg.Pool; prisma: PrismaClient; close(): Promise<void> };

/** The limits that keep one bad statement from taking the server: 10 s a statement, 3 s for a lock, 15 s of idleness. */
const sessionLimits =
  '-c statement_timeout=10000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=15000 -c max_parallel_workers_per_gather=0 -c timezone=UTC';

/** Opens the one pool that pages (pg) and changes (Prisma) share; nothing is connected before the first query. */
export function openDatabase(url: string, poolSize: number): Database {
  const { connectionString, options } = connectionOf(url);
  const pool = new pg.Pool({
    connectionString,
    options,
    max: poolSize,
    connectionTimeoutMillis: 2500,
    idleTimeoutMillis: 60_000,
    // Statements are sent without waiting for the answers to those before them: a page's first ones share a message.
    pipeline: true,
  });
  pool.on('error', () => undefined); // an idle connection was cut; the next query opens a new one
  const nameOf = statementNames();
  const adapter = new PrismaPg(pool, { statementNameGenerator: ({ sql }) => `x${nameOf(sql)}` });
  const prisma = new PrismaClient({ adapter, transactionOptions: { maxWait: 2500, timeout: 120_000 } });
  return {
    pool,
    prisma,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** The url's own `options` (a role to act as) come after ours; pg takes only one source of them. */
function connectionOf(url: string): { connectionString: string; options: string } {
  const parsed = new URL(url);
  const own = parsed.searchParams.get('options');
  parsed.searchParams.delete('options');
  return { connectionString: parsed.href, options: own === null ? sessionLimits : `${sessionLimits} ${own}` };
}
