import { event } from '../audit/events.ts';
import type { Changes } from '../audit/record-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import type { Tx } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import { sql } from '../db/sql.ts';

/** So many requests go in one transaction. */
const portion = 500;

type Due = { id: number; cvr: string; name: string };

/** Removes requests that were decided or withdrawn so many months ago; that they were, and by whom, stays in the log. */
export async function removeOldRequests(changes: Changes, months: number): Promise<number> {
  const organisations = await readPage(changes.database, 'all', (db) =>
    db.rows<Due>(sql`
      select distinct o.id, o.cvr, o.name from access_request q join organisation o on o.id = q.organisation_id
      where coalesce(q.decided_at, q.withdrawn_at) < now() - make_interval(months => ${months}::int) order by o.id`),
  );
  let removed = 0;
  for (const organisation of organisations) {
    for (;;) {
      const done = await recordSystemChange(changes, organisation.id, async (tx) => {
        const requests = await removePortion(tx, organisation.id, months);
        const told = event('request.removed', { organisation, target: null }, { requests, months });
        return { outcome: requests, events: requests === 0 ? [] : [told] };
      });
      removed += done;
      if (done < portion) break;
    }
  }
  return removed;
}

async function removePortion(tx: Tx, organisationId: number, months: number): Promise<number> {
  const removed = await tx.rows(sql`
    delete from access_request where id in (
      select q.id from access_request q where q.organisation_id = ${organisationId}::int
        and coalesce(q.decided_at, q.withdrawn_at) < now() - make_interval(months => ${months}::int)
      order by q.id limit ${portion}::int)
    returning id`);
  return removed.length;
}
