import { event } from '../audit/events.ts';
import type { Changes } from '../audit/record-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import type { Tx } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { detailOf, toldOf } from './status.changes.ts';
import { findMessage } from './status.queries.ts';
import { tellSubscribers } from './tell-subscribers.changes.ts';

/** Tells the subscribers of each message whose time ran out by itself, once. */
export async function tellOfEnded(changes: Changes, mailing: MailSetting): Promise<number> {
  const due = await readPage(changes.database, [], (db) =>
    db.rows<{ id: number }>(
      sql`select id from status_message where end_told_at is null and ends_at <= now() and cancelled_at is null order by id`,
    ),
  );
  let told = 0;
  for (const { id } of due) told += await recordSystemChange(changes, null, (tx) => tellOf(tx, id, mailing));
  return told;
}

async function tellOf(tx: Tx, id: number, mailing: MailSetting) {
  // Looked at again under the lock: moved, or told by another process meanwhile.
  const still = await tx.rows(sql`
    update status_message set end_told_at = now()
    where id = ${id}::int and end_told_at is null and ends_at <= now() and cancelled_at is null returning id`);
  const message = still.length === 0 ? null : await findMessage(tx, id);
  if (message === null) return { outcome: 0, events: [] };
  return {
    outcome: 1,
    events: [event('statusMessage.over', { organisation: null, target: null }, detailOf(message))],
    written: await tellSubscribers(tx, mailing, toldOf(message, null), 'over'),
  };
}
