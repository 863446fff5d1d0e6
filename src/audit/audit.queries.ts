import type { ReadDb } from '../db/access.ts';
import { noSql, sql } from '../db/sql.ts';

export type LogRow = {
  id: string;
  at: Date;
  kind: string;
  actorName: string;
  actorKind: string;
  onBehalf: boolean;
  targetName: string | null;
  detail: unknown;
};

export const eventsPerPage = 50;

/** What was done to a user, newest first; one more than a page. `before` is the id of the last event seen. */
export function listChangesOnUser(
  db: ReadDb,
  organisationId: number,
  userId: number,
  before: string | null,
): Promise<LogRow[]> {
  // "order by id" would mean the text that is selected, in which 950 comes after 1290.
  return db.rows<LogRow>(sql`
    select id::text, at, kind, actor_name as "actorName", actor_kind as "actorKind", on_behalf as "onBehalf", target_name as "targetName", detail
    from audit_event
    where target_user_id = ${userId}::int and kind not like 'signIn.%' and organisation_id = ${organisationId}::int ${before === null ? noSql : sql`and id < ${before}::bigint`}
    order by audit_event.id desc limit ${eventsPerPage + 1}::int`);
}
