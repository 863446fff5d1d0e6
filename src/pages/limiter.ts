import type pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { TooMany } from '../shared/errors.ts';

export type Limited = 'refusedChange' | 'login';

/** How often within how many seconds; shared by all processes through the database. */
const limits: Record<Limited, { points: number; duration: number }> = {
  refusedChange: { points: 30, duration: 60 },
  // By network address, and a whole hospital may come from one: enough for its morning, not for a storm.
  login: { points: 1200, duration: 60 },
};

export type Limiter = {
  /** Counts one attempt. @throws TooMany */
  count(what: Limited, who: string): Promise<void>;
};

export function createLimiter(pool: pg.Pool): Limiter {
  const limiterOf = (what: Limited): RateLimiterPostgres =>
    new RateLimiterPostgres({
      storeClient: pool,
      tableName: 'rate_limit',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: what,
      ...limits[what],
    });
  const limiters = { refusedChange: limiterOf('refusedChange'), login: limiterOf('login') };
  return {
    async count(what, who) {
      try {
        await limiters[what].consume(who);
      } catch (error) {
        if (error instanceof RateLimiterRes) throw new TooMany(Math.ceil(error.msBeforeNext / 1000));
        throw error;
      }
    },
  };
}
