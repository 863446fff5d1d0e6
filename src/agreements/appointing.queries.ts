import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';

/** An organisationsadministrator in force. */
export type StandingAdministrator = {
  userId: number;
  firstName: string;
  lastName: string;
  isLocked: boolean;
  homeOrganisationId: number;
  /** yyyy-mm-dd, the day the administration began. */
  since: string;
};

export type Appointing = {
  /** No organisationsadministrator has ever been at work: those there are have not come for their first login. */
  noneEverActive: boolean;
  /** Those in force and not locked. */
  standing: StandingAdministrator[];
};

/** What decides how an administrator whom an agreement names can be appointed (permissions, condition 7). */
export async function readAppointing(db: ReadDb, organisationId: number): Promise<Appointing> {
  const [ever] = await db.rows<{ active: boolean }>(sql`
    select exists (select from administrator a where a.organisation_id = ${organisationId}::int and a.kind = 'ORGANISATION'
      and not exists (select from awaited_login w where w.user_id = a.user_id and w.fulfilled_at is null)) as active`);
  const standing = await db.rows<StandingAdministrator>(sql`
    select user_id as "userId", first_name as "firstName", last_name as "lastName", is_locked as "isLocked",
      home_organisation_id as "homeOrganisationId", (since at time zone 'Europe/Copenhagen')::date::text as since
    from present_administrators(${organisationId}::int) where kind = 'ORGANISATION' and not is_locked`);
  return { noneEverActive: ever?.active !== true, standing };
}

/** All administrators of an organisation, of every kind. */
export function listAdministratorAddresses(
  db: ReadDb,
  organisationId: number,
): Promise<{ firstName: string; lastName: string; email: string }[]> {
  return db.rows(sql`
    select first_name as "firstName", last_name as "lastName", email from present_administrators(${organisationId}::int)`);
}

export type SystemOwner = { userId: number; firstName: string; lastName: string; email: string };

export function listSystemOwners(db: ReadDb): Promise<SystemOwner[]> {
  return db.rows<SystemOwner>(sql`
    select user_id as "userId", first_name as "firstName", last_name as "lastName", email from system_owner_addresses()`);
}
