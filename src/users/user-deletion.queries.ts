import type { ReadDb } from '../db/access.ts';
import { listAssignments } from '../role-assignments/role-assignments.queries.ts';
import { listAdministrations } from './administrations.queries.ts';
import type { AccessOfUser } from './user-deletion.ts';

/** What would go with the user: roles in force and to come, administrations here and elsewhere. */
export async function readAccess(db: ReadDb, organisationId: number, userId: number): Promise<AccessOfUser> {
  const assignments = await listAssignments(db, organisationId, userId);
  const administrations = await listAdministrations(db, userId);
  return { assignments: assignments.filter(({ state }) => state !== 'ended'), administrations };
}
