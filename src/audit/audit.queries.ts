import type { ReadDb } from '../db/access.ts';
import { noSql, sql } from '../db/sql.ts';
import type { LogRow } from './log.queries.ts';
import { eventsPerPage, logColumns } from './log.queries.ts';

/** What was done to a user, newest first; one more than a page. `before` is the id of the last event seen. */
export function listChangesOnUser(
  db: ReadDb,
  organisationId: number,
  userId: number,
  before: string | null,
): Promise<LogRow[]> {
  // "order by id" would mean the text that is selected, in which 950 comes after 1290.
  return db.rows<LogRow>(sql`
    select ${logColumns} from audit_event e
    where e.target_user_id = ${userId}::int and e.kind not like 'signIn.%' and e.organisation_id = ${organisationId}::int ${before === null ? noSql : sql`and e.id < ${before}::bigint`}
    order by e.id desc limit ${eventsPerPage + 1}::int`);
}
