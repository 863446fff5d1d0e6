import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';

/** How many addresses get mails: their number is all that anybody is shown. */
export async function countSubscribers(db: ReadDb): Promise<number> {
  const [found] = await db.rows<{ count: number }>(
    sql`select count(*)::int as count from status_subscription where confirmed_at is not null`,
  );
  return found?.count ?? 0;
}
