import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { isLockedNow } from '../users/users.queries.ts';
import type { SystemRoleHolder } from './system-role.ts';

/** Everybody who holds a system role, system owners first; a handful. */
export function listSystemRoleHolders(db: ReadDb): Promise<SystemRoleHolder[]> {
  return db.rows<SystemRoleHolder>(sql`
    select s.id, u.id as "userId", s.kind, u.first_name as "firstName", u.last_name as "lastName", u.email,
      o.id as "organisationId", o.name as "organisationName", o.cvr, ${isLockedNow} as "isLocked"
    from system_role s join app_user u on u.id = s.user_id join organisation o on o.id = u.organisation_id
    order by s.kind, u.last_name, u.first_name, s.id`);
}

export type Candidate = {
  id: number;
  firstName: string;
  lastName: string;
  email: string;
  organisationId: number;
  organisationName: string;
  isLocked: boolean;
};

/** A user of an open organisation who is not deleted; null for anything else. */
export async function findCandidate(db: ReadDb, userId: number): Promise<Candidate | null> {
  const [row] = await db.rows<Candidate>(sql`
    select u.id, u.first_name as "firstName", u.last_name as "lastName", u.email, o.id as "organisationId",
      o.name as "organisationName", ${isLockedNow} as "isLocked"
    from app_user u join organisation o on o.id = u.organisation_id
    where u.id = ${userId}::int and u.deleted_at is null and o.closed_at is null`);
  return row ?? null;
}
