import type { ReadDb } from '../db/access.ts';
import { noSql, sql } from '../db/sql.ts';
import type { LogRow } from './log.queries.ts';
import { eventsPerPage, logColumns, notAboutAdministrators } from './log.queries.ts';

export type ChangesOnUser = {
  organisationId: number;
  userId: number;
  /** The id of the last event seen. */
  before: string | null;
  /** As in the log: what is about administrators is not for everybody who sees changes on users. */
  withoutAdministrators: boolean;
};

/** What was done to a user, newest first; one more than a page. That a report told of them changes nothing: it is a look-up. */
export function listChangesOnUser(
  db: ReadDb,
  { organisationId, userId, before, withoutAdministrators }: ChangesOnUser,
): Promise<LogRow[]> {
  // "order by id" would mean the text that is selected, in which 950 comes after 1290.
  return db.rows<LogRow>(sql`
    select ${logColumns} from audit_event e
    where e.target_user_id = ${userId}::int and e.kind not like all (array['signIn.%', 'report.%']) and e.organisation_id = ${organisationId}::int ${before === null ? noSql : sql`and e.id < ${before}::bigint`}
      ${withoutAdministrators ? sql`and ${notAboutAdministrators}` : noSql}
    order by e.id desc limit ${eventsPerPage + 1}::int`);
}
