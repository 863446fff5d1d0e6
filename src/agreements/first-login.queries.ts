import type { ReadDb } from '../db/access.ts';
import { lookUp } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';

/** A named administrator's first login that has not come yet. */
export type AwaitedLogin = {
  id: number;
  userId: number;
  firstName: string;
  lastName: string;
  email: string;
  /** dd-mm-åååå kl. tt.mm */
  expiresOn: string;
  isOver: boolean;
  version: number;
};

export function listAwaitedLogins(db: ReadDb, organisationId: number): Promise<AwaitedLogin[]> {
  return db.rows<AwaitedLogin>(sql`
    select w.id, u.id as "userId", u.first_name as "firstName", u.last_name as "lastName", u.email, w.version,
      to_char(w.expires_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY "kl." HH24.MI') as "expiresOn", w.expires_at < now() as "isOver"
    from awaited_login w join app_user u on u.id = w.user_id
    where w.organisation_id = ${organisationId}::int and w.fulfilled_at is null and u.deleted_at is null
    order by w.id`);
}

/** What the first login of a user must carry; null when nothing is awaited. */
export type FirstLogin = { id: number; isOver: boolean; namedRid: string | null; namedUuid: string | null };

export async function findFirstLogin(database: Database, userId: number): Promise<FirstLogin | null> {
  const [found] = await lookUp<FirstLogin>(
    database,
    sql`select id, is_over as "isOver", named_rid as "namedRid", named_uuid as "namedUuid" from awaited_login_of(${userId}::int)`,
  );
  return found ?? null;
}
