import { lookUp } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';
import type { EmployeeIdentity } from '../http/session.ts';
import type { Actor, AdministratorKind } from '../permissions/actor.ts';
import type { Candidate } from './identity.ts';

/** The users of a CVR that carry the UUID or the RID of a login. */
export function findCandidates(
  database: Database,
  cvr: string,
  uuid: string | null,
  rid: string | null,
): Promise<Candidate[]> {
  return lookUp<Candidate>(
    database,
    sql`select user_id as "userId", organisation_id as "organisationId", organisation_name as "organisationName", is_closed as "isClosed",
      uuid, rid, first_name as "firstName", last_name as "lastName", email, is_locked as "isLocked", is_deleted as "isDeleted",
      session_epoch as "sessionEpoch"
    from login_candidates(${cvr}::text, ${uuid}::uuid, ${rid}::text)`,
  );
}

export type AdministratorToAsk = {
  firstName: string;
  lastName: string;
  kind: AdministratorKind;
  responsibilityArea: string | null;
};

/** The active administrators whom somebody of this CVR may turn to. */
export function findAdministrators(database: Database, cvr: string): Promise<AdministratorToAsk[]> {
  return lookUp<AdministratorToAsk>(
    database,
    sql`select first_name as "firstName", last_name as "lastName", kind, responsibility_area as "responsibilityArea" from find_administrators(${cvr}::text)`,
  );
}

/** The organisation that a login named, also a closed one. */
export async function findOrganisation(
  database: Database,
  cvr: string | undefined,
): Promise<{ id: number; name: string } | null> {
  const [found] = await lookUp<{ id: number; name: string }>(
    database,
    sql`select id, name from organisation_of_login(${cvr ?? null}::text)`,
  );
  return found ?? null;
}

/** Whether somebody whom SEB does not know may come in to ask for access: not where the organisation is closed. */
export async function mayEnterAsEmployee(
  database: Database,
  { cvr, uuid, rid }: Pick<EmployeeIdentity, 'cvr' | 'uuid' | 'rid'>,
): Promise<boolean> {
  const [row] = await lookUp<{ found: object | null }>(
    database,
    sql`select request_employee(${JSON.stringify({ cvr, uuid, rid })}::jsonb) as found`,
  );
  return (row?.found ?? null) !== null;
}

export async function getActor(database: Database, userId: number): Promise<Actor> {
  const [row] = await lookUp<{ actor: Actor | null }>(
    database,
    sql`select request_actor(${userId}::int, null) as actor`,
  );
  if (row?.actor == null) throw new Error(`user ${userId} vanished during login`);
  return row.actor;
}
