import type { ReadDb } from '../db/access.ts';
import { joinSql, sql } from '../db/sql.ts';
import type { Scope } from '../permissions/scope.ts';
import { likeAnywhere, searchWords } from '../shared/text.ts';
import { isLockedNow } from './users.queries.ts';

export const mostHits = 50;
/** A word that many names hold would sort them all: beyond this the search must say more. */
const mostSorted = 1000;

export type UserHit = {
  id: number;
  firstName: string;
  lastName: string;
  email: string;
  rid: string;
  username: string;
  isLocked: boolean;
  organisationName: string;
  cvr: string;
};

/** Users of all organisations in reach whose name, e-mail, RID or username holds every word; one more than is shown. */
export function searchUsers(db: ReadDb, scope: Scope, text: string): Promise<UserHit[]> {
  const conditions = [
    sql`u.deleted_at is null`,
    ...(scope === 'all' ? [] : [sql`u.organisation_id = any (${[...scope]}::int[])`]),
    ...searchWords(text).map((word) => sql`u.search like ${likeAnywhere(word)}`),
  ];
  return db.rows<UserHit>(sql`
    select u.id, u.first_name as "firstName", u.last_name as "lastName", u.email, u.rid, u.username, ${isLockedNow} as "isLocked",
      o.name as "organisationName", o.cvr
    from (select * from visible_user u where ${joinSql(conditions, ' and ')} limit ${mostSorted}::int) u
      join organisation o on o.id = u.organisation_id
    order by u.last_name, u.first_name, u.id limit ${mostHits + 1}::int`);
}
