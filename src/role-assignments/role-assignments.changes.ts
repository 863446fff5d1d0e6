import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import type { Ensure } from '../permissions/can.ts';
import { ensureCan } from '../permissions/can.ts';
import { NotFound } from '../shared/errors.ts';
import type { ChosenUser } from '../users/users.queries.ts';
import { listChosenUsers } from '../users/users.queries.ts';
import type { AssignmentScope } from './assignment.ts';
import { ensureWithinServices } from './service-limit.queries.ts';

type Withdrawn = {
  id: number;
  userId: number;
  userName: string;
  role: string;
  roleName: string;
  service: string;
  sorCode: string | null;
  unitName: string | null;
  scope: AssignmentScope;
};

/** Which assignments of the organisation; narrowed to the user or the role whose page they were ticked on. */
export type Withdrawing = { assignmentIds: number[]; userId?: number; roleId?: number };

/** Takes assignments away now, of one or several users; one that somebody else took away meanwhile is counted, not an error. */
export async function withdrawAssignments(
  tx: Tx,
  actor: Actor,
  organisation: AddressedOrganisation,
  withdrawing: Withdrawing,
  ensure: Ensure = ensureCan,
): Promise<Change<{ withdrawn: number; alreadyGone: number }>> {
  const { users, roleIds } = await heldBy(tx, actor, organisation, withdrawing);
  // An act in the organisation's place is not limited by what the system owner answers for there.
  if (ensure === ensureCan) await ensureWithinServices(tx, actor, 'role.withdraw', organisation.id, roleIds);
  const roles = users.map((user) => ensure(actor, 'role.withdraw', { organisationId: organisation.id, user }));
  const withdrawn = await endAssignments(tx, organisation, withdrawing.assignmentIds);
  return {
    outcome: { withdrawn: withdrawn.length, alreadyGone: withdrawing.assignmentIds.length - withdrawn.length },
    as: roles[0] ?? ensure(actor, 'role.withdraw', { organisationId: organisation.id }),
    events: withdrawn.map(({ id, userId, userName, ...facts }) =>
      event('role.withdrawn', { organisation, target: { userId, name: userName } }, { assignmentId: id, ...facts }),
    ),
  };
}

/** The users who hold the assignments, and the roles of others than the actor. An id of none here refuses the whole request. */
async function heldBy(
  tx: Tx,
  actor: Actor,
  organisation: AddressedOrganisation,
  { assignmentIds, userId, roleId }: Withdrawing,
): Promise<{ users: ChosenUser[]; roleIds: number[] }> {
  const known = await tx.rows<{ userId: number; roleId: number }>(sql`
    select user_id as "userId", role_id as "roleId" from role_assignment
    where organisation_id = ${organisation.id}::int and id = any (${assignmentIds}::int[])
      and user_id = coalesce(${userId ?? null}::int, user_id) and role_id = coalesce(${roleId ?? null}::int, role_id)`);
  if (known.length !== assignmentIds.length) {
    throw new NotFound('En af rollerne findes ikke her. Åbn siden igen, og vælg på ny.');
  }
  const userIds = [...new Set(known.map((row) => row.userId))];
  const users = await listChosenUsers(tx, organisation.id, userIds);
  if (users.length !== userIds.length) throw new NotFound('En af brugerne er slettet. Åbn siden igen, og vælg på ny.');
  const roleIds = known.filter((row) => row.userId !== actor.userId).map((row) => row.roleId);
  return { users, roleIds };
}

function endAssignments(tx: Tx, organisation: AddressedOrganisation, assignmentIds: number[]): Promise<Withdrawn[]> {
  return tx.rows<Withdrawn>(sql`
    update role_assignment g set valid_to = greatest(g.valid_from, now()), withdrawn_at = now(), version = g.version + 1
    from role r, service s, app_user u
    where r.id = g.role_id and s.id = r.service_id and u.id = g.user_id and g.organisation_id = ${organisation.id}::int
      and g.id = any (${assignmentIds}::int[]) and g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now())
    returning g.id, g.user_id as "userId", u.first_name || ' ' || u.last_name as "userName", r.code as role, r.name as "roleName",
      s.code as service, g.sor_code as "sorCode", (select name from sor_unit where code = g.sor_code) as "unitName", g.scope`);
}
