import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { AdministratorKind } from '../permissions/actor.ts';

export type Administration = {
  id: number;
  organisationId: number;
  organisationName: string;
  cvr: string;
  kind: AdministratorKind;
};

/** Everything that a user of a visible organisation administers or will, also in other organisations. */
export function listAdministrations(db: ReadDb, userId: number): Promise<Administration[]> {
  return db.rows<Administration>(sql`
    select administrator_id as id, organisation_id as "organisationId", organisation_name as "organisationName", cvr, kind
    from administrations_of(${userId}::int)`);
}
