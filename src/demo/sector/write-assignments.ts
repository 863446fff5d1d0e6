import type { DemoAssignment } from './assignments.ts';
import { insertRows, nextIds, type Connection } from './rows.ts';
import type { KnownRole } from './write-organisations.ts';
import { userOf, type WrittenUser } from './write-users.ts';

export type WrittenAssignment = Omit<DemoAssignment, 'user' | 'role'> & {
  id: number;
  user: WrittenUser;
  role: KnownRole;
  givenBy: WrittenUser | null;
};

/** In the order in which they were given. */
export async function writeAssignments(
  db: Connection,
  assignments: DemoAssignment[],
  users: ReadonlyMap<string, WrittenUser>,
  roles: ReadonlyMap<string, KnownRole>,
): Promise<WrittenAssignment[]> {
  const ids = await nextIds(db, 'role_assignment', assignments.length);
  const written = assignments
    .toSorted((one, other) => (one.createdAt < other.createdAt ? -1 : 1))
    .map((assignment, place) => ({
      ...assignment,
      id: ids[place] ?? 0,
      user: userOf(users, assignment.user.key),
      role: roleOf(roles, assignment.role),
      givenBy: assignment.giver && userOf(users, assignment.giver.user),
    }));
  await insertRows(db, 'role_assignment', written.map(assignmentRow));
  return written;
}

function assignmentRow({ id, user, role, unit, scope, from, to, givenBy, ...rest }: WrittenAssignment) {
  return {
    id,
    organisation_id: user.organisationId,
    user_id: user.id,
    role_id: role.id,
    sor_code: unit?.code ?? null,
    scope,
    valid_from: from,
    valid_to: to,
    reason: rest.reason,
    case_number: rest.caseNumber,
    created_by_id: givenBy?.id ?? null,
    created_at: rest.createdAt,
    withdrawn_at: rest.withdrawnAt,
    version: 1,
  };
}

function roleOf(roles: ReadonlyMap<string, KnownRole>, code: string): KnownRole {
  const role = roles.get(code);
  if (!role) throw new Error(`the catalogue has no role ${code}`);
  return role;
}
