import type pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { TooMany } from '../shared/errors.ts';

export type Limited =
  | 'refusedChange'
  | 'change'
  | 'emailChange'
  | 'accessRequest'
  | 'requestComment'
  | 'reportFile'
  | 'checkedFile'
  | 'loginStart'
  | 'loginEnd'
  | 'logout'
  | 'openPost'
  | 'subscription'
  | 'subscriptionAddress';

/** How often within how many seconds; shared by all processes through the database. */
const limits: Record<Limited, { points: number; duration: number }> = {
  refusedChange: { points: 30, duration: 60 },
  change: { points: 240, duration: 60 },
  emailChange: { points: 5, duration: 3600 },
  // By person: a request is thought over, and each is a mail to somebody.
  accessRequest: { points: 20, duration: 24 * 3600 },
  requestComment: { points: 30, duration: 3600 },
  // By person: each is made while one waits and kept for a week, and each may be hundreds of megabytes of disk.
  reportFile: { points: 100, duration: 3600 },
  checkedFile: { points: 60, duration: 3600 },
  // By network, and a whole hospital may come from one: enough for its morning, not for a storm.
  loginStart: { points: 1200, duration: 60 },
  loginEnd: { points: 1200, duration: 60 },
  logout: { points: 1200, duration: 60 },
  // By network too; the subscriptions are those of one hospital's staff, or one stranger's mischief.
  openPost: { points: 120, duration: 60 },
  subscription: { points: 60, duration: 3600 },
  // Mails to one address that nobody has confirmed.
  subscriptionAddress: { points: 3, duration: 24 * 3600 },
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
  const limiters = Object.fromEntries(
    (Object.keys(limits) as Limited[]).map((what) => [what, limiterOf(what)]),
  ) as Record<Limited, RateLimiterPostgres>;
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
