import pg from 'pg';

/** The connections alone: for reading, and for processes that change nothing through Prisma. */
export type Connections = { pool: pg.Pool };

/** The limits that keep one bad statement from taking the server: 10 s a statement, 3 s for a lock, 15 s of idleness. */
const sessionLimits =
  '-c statement_timeout=10000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=15000 -c max_parallel_workers_per_gather=0 -c timezone=UTC';

/** Opens a pool; nothing is connected before the first query. */
export function openPool(url: string, size: number): pg.Pool {
  const { connectionString, options } = connectionOf(url);
  const pool = new pg.Pool({
    connectionString,
    options,
    max: size,
    connectionTimeoutMillis: 2500,
    idleTimeoutMillis: 60_000,
    // Statements are sent without waiting for the answers to those before them: a page's first ones share a message.
    pipeline: true,
  });
  pool.on('error', () => undefined); // an idle connection was cut; the next query opens a new one
  return pool;
}

/** The url's own `options` (a role to act as) come after ours; pg takes only one source of them. */
function connectionOf(url: string): { connectionString: string; options: string } {
  const parsed = new URL(url);
  const own = parsed.searchParams.get('options');
  parsed.searchParams.delete('options');
  return { connectionString: parsed.href, options: own === null ? sessionLimits : `${sessionLimits} ${own}` };
}
