import { removeOldRequests } from '../access-requests/old-requests.changes.ts';
import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Changes } from '../audit/record-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import type { Tx } from '../db/access.ts';
import { lookUp, readPage } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { fullName } from '../permissions/actor.ts';
import type { Retention, RetentionKind } from './retention.ts';

/** So many users lose their contact data in one transaction. */
const portion = 500;

/** What stands in place of the e-mail address of somebody who is long gone. */
export const removedAddress = 'slettet@slettet.invalid';

export type Removed = Partial<Record<RetentionKind, number>>;

/**
 * Removes what is older than its time: whole months of look-ups, employees' requests that are over, the contact data of deleted
 * users, who stay by name, since log and reports point at them, and which files were made. The log itself is never shortened
 * (docs/log.md).
 */
export async function carryOutRetention(changes: Changes, retention: Retention): Promise<Removed> {
  await lookUp(changes.database, sql`select prepare_lookup_months()`);
  const [months] = await lookUp<{ removed: string }>(
    changes.database,
    sql`select remove_old_lookups(${retention.lookUps}::int)::text as removed`,
  );
  const removed: Removed = {
    lookUps: Number(months?.removed ?? 0),
    deletedUsers: await removeContactData(changes, retention.deletedUsers),
    requests: await removeOldRequests(changes, retention.requests),
    knownFiles: await forgetFiles(changes, retention.knownFiles),
  };
  await tellRemoved(changes, removed, retention);
  return removed;
}

/** Writes what a run of the cleaning jobs removed into the log; nothing when it was nothing. */
export async function tellRemoved(changes: Changes, removed: Removed, retention: Retention): Promise<void> {
  const told = Object.entries(removed).filter(([, count]) => count > 0) as [RetentionKind, number][];
  if (told.length === 0) return;
  const detail = {
    removed: Object.fromEntries(told),
    kept: Object.fromEntries(told.map(([kind]) => [kind, retention[kind]])),
  };
  await recordSystemChange(changes, null, async () => ({
    outcome: null,
    events: [event('retention.carriedOut', { organisation: null, target: null }, detail)],
  }));
}

/** Which files SEB made; they themselves are gone long before. What a file is known by is kept a year at least, by the database. */
function forgetFiles(changes: Changes, months: number): Promise<number> {
  return recordSystemChange(changes, null, async (tx) => {
    const [forgotten] = await tx.rows<{ count: number }>(sql`
      with reports as (
          delete from report_export e where e.ended_at < now() - make_interval(months => ${months}::int)
            and not exists (select from report_export_piece p where p.export_id = e.id) returning e.id),
        packages as (
          delete from audit_package p where p.removed_at is not null and p.ended_at < now() - make_interval(months => ${months}::int)
          returning p.id)
      select ((select count(*) from reports) + (select count(*) from packages))::int as count`);
    return { outcome: forgotten?.count ?? 0, events: [] };
  });
}

type Due = { id: number; cvr: string; name: string };

async function removeContactData(changes: Changes, months: number): Promise<number> {
  const organisations = await readPage(changes.database, 'all', (db) =>
    db.rows<Due>(sql`
      select distinct o.id, o.cvr, o.name from app_user u join organisation o on o.id = u.organisation_id
      where u.deleted_at < now() - make_interval(months => ${months}::int) and u.email <> ${removedAddress} order by o.id`),
  );
  let removed = 0;
  for (const organisation of organisations) {
    for (;;) {
      const done = await recordSystemChange(changes, organisation.id, async (tx) => {
        const events = await emptyPortion(tx, organisation, months);
        return { outcome: events.length, events };
      });
      removed += done;
      if (done < portion) break;
    }
  }
  return removed;
}

async function emptyPortion(tx: Tx, organisation: Due, months: number): Promise<AuditEvent[]> {
  const emptied = await tx.rows<{ id: number; firstName: string; lastName: string }>(sql`
    update app_user u set email = ${removedAddress}, address = null, postcode = null, city = null, phone = null, remark = null, version = u.version + 1
    where u.id in (
      select d.id from app_user d where d.organisation_id = ${organisation.id}::int and d.deleted_at < now() - make_interval(months => ${months}::int)
        and d.email <> ${removedAddress} order by d.id limit ${portion}::int)
    returning u.id, u.first_name as "firstName", u.last_name as "lastName"`);
  return emptied.map(({ id, ...name }) =>
    event('user.contactDataRemoved', { organisation, target: { userId: id, name: fullName(name) } }, { months }),
  );
}
