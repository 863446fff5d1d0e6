import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';

/**
 * Gives a user the lock that counted before an emergency lock that has ended, or none; a lock that took the emergency
 * lock's place meanwhile (somebody who left for good) stays.
 */
export async function restoreLock(tx: Tx, lockId: number): Promise<void> {
  await tx.rows(sql`
    update app_user u set
      locked_from = case when k.counts then e.before_from end,
      locked_until = case when k.counts then e.before_until end,
      lock_reason = case when k.counts then e.before_reason end,
      -- Sessions from before ended for good when the emergency lock began.
      version = u.version + 1
    from emergency_lock e, lateral (
      select coalesce(e.before_from is not null and (e.before_until is null or e.before_until > now()), false) as counts) k
    where e.id = ${lockId}::int and u.id = e.user_id and u.locked_until is not distinct from
      case when e.before_from <= e.ends_at then nullif(greatest(coalesce(e.before_until, 'infinity'), e.ends_at), 'infinity') else e.ends_at end`);
}
