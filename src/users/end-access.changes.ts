import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Tx } from '../db/access.ts';
import { wallOf } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor, SystemRoleKind } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import type { AssignmentScope } from '../role-assignments/assignment.ts';
import type { Administration } from './administrations.queries.ts';
import { listAdministrations } from './administrations.queries.ts';
import type { Organisation } from './users.changes.ts';

type EndedRole = {
  id: number;
  role: string;
  roleName: string;
  service: string;
  serviceName: string;
  sorCode: string | null;
  unitName: string | null;
  scope: AssignmentScope;
};

export type EndedAccess = {
  roles: EndedRole[];
  administrations: Administration[];
  systemRoles: SystemRoleKind[];
  events: AuditEvent[];
};

type Person = Pick<Actor, 'firstName' | 'lastName'> & { id: number };

/** Ends every role of the user, also those to come, every administration, also of other organisations, and every system role. */
export async function endAccess(
  tx: Tx,
  organisation: Organisation,
  user: Person,
  reason: string | null,
): Promise<EndedAccess> {
  const roles = await endRoles(tx, organisation, user.id);
  const administrations = await endAdministrations(tx, organisation, user.id);
  const substitutions = await endSubstitutions(tx, user.id);
  const systemRoles = await endSystemRoles(tx, user.id);
  const target = { userId: user.id, name: fullName(user) };
  return {
    roles,
    administrations,
    systemRoles,
    events: [
      ...roles.map(({ id, ...facts }) =>
        event('role.withdrawn', { organisation, target }, { assignmentId: id, ...facts, reason }),
      ),
      ...administrations.map(({ organisationId, organisationName, kind }) =>
        event(
          'administrator.ended',
          { organisation: { id: organisationId, name: organisationName }, target },
          { kind, reason },
        ),
      ),
      ...substitutions.map(({ away, ...at }) =>
        event('administrator.substituteEnded', { organisation: at, target }, { away }),
      ),
      ...systemRoles.map((kind) =>
        event('systemRole.removed', { organisation: null, target }, { kind, organisation: organisation.name, reason }),
      ),
    ],
  };
}

async function endRoles(tx: Tx, organisation: Organisation, userId: number): Promise<EndedRole[]> {
  // Who goes loses every role, also of services that the administrator at work does not answer for.
  await tx.rows(sql`select set_config('seb.actor', '', true)`);
  const ended = await tx.rows<EndedRole>(sql`
    update role_assignment g set valid_to = greatest(g.valid_from, now()), withdrawn_at = now(), version = g.version + 1
    from role r, service s
    where r.id = g.role_id and s.id = r.service_id and g.organisation_id = ${organisation.id}::int and g.user_id = ${userId}::int
      and g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now())
    returning g.id, r.code as role, r.name as "roleName", s.code as service, s.name as "serviceName", g.sor_code as "sorCode",
      (select name from sor_unit where code = g.sor_code) as "unitName", g.scope`);
  return ended.toSorted(
    (a, b) =>
      a.serviceName.localeCompare(b.serviceName, 'da') || a.roleName.localeCompare(b.roleName, 'da') || a.id - b.id,
  );
}

// Whoever administers another organisation as well loses that too, and its log must tell: the wall is widened to it.
async function endAdministrations(tx: Tx, organisation: Organisation, userId: number): Promise<Administration[]> {
  const held = await listAdministrations(tx, userId);
  if (held.length === 0) return [];
  const wall = wallOf([...new Set([organisation.id, ...held.map((one) => one.organisationId)])]);
  await tx.rows(sql`select set_config('seb.organisations', ${wall}::text, true)`);
  await tx.rows(sql`
    update administrator set valid_to = now(), version = version + 1
    where id = any (${held.map((one) => one.id)}::int[])`);
  return held;
}

/** Whose substitute the user is, now or later, in the organisations that the transaction sees by now. */
async function endSubstitutions(tx: Tx, userId: number): Promise<{ id: number; name: string; away: string }[]> {
  return tx.rows<{ id: number; name: string; away: string }>(sql`
    update administrator_substitute s set valid_to = greatest(s.valid_from, now())
    from organisation o
    where s.user_id = ${userId}::int and s.valid_to > now() and o.id = s.organisation_id
    returning o.id, o.name, coalesce((select a.first_name || ' ' || a.last_name from administrators_of(o.id) a
      where a.administrator_id = s.administrator_id), 'en tidligere administrator') as away`);
}

async function endSystemRoles(tx: Tx, userId: number): Promise<SystemRoleKind[]> {
  const ended = await tx.rows<{ kind: SystemRoleKind }>(
    sql`delete from system_role where user_id = ${userId}::int returning kind`,
  );
  return ended.map((one) => one.kind);
}
