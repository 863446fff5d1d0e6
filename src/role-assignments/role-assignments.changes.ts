import { event } from '../audit/events.ts';
import type { ActorOnRecord, Change } from '../audit/record-change.ts';
import { writtenByStatement } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { decide, ensureCan } from '../permissions/can.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { ChosenUser } from '../users/users.queries.ts';
import { listChosenUsers, listOversight } from '../users/users.queries.ts';
import { selfAssignedMail } from '../mail/messages.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { AssignmentScope } from './assignment.ts';
import type { Selection } from './selection.ts';
import { findChosen } from './selection.ts';

export type Assigning = {
  selection: Selection;
  /** How many receivers the page showed; a filter that means others by now is refused. */
  expectedReceivers: number | null;
  roleIds: number[];
  sorCode: string | null;
  scope: AssignmentScope;
  reason: string | null;
  caseNumber: string | null;
};

export type Assigned = { receivers: number; added: number; alreadyThere: number; leftOut: number };

/**
 * Gives the roles to all chosen users in one statement that writes its log lines too: at 3.000 grants a statement for each
 * would take some forty times as long. Roles that need no unit get none ("Ikke relevant for rollen (0)").
 */
export async function assignRoles(
  tx: Tx,
  actor: Actor,
  onRecord: ActorOnRecord,
  organisation: AddressedOrganisation,
  assigning: Assigning,
  mailing: MailSetting,
): Promise<Change<Assigned>> {
  const { receivers, leftOut, likeOneself } = await findChosen(tx, actor, organisation, assigning.selection);
  if (receivers.length === 0)
    throw new Conflict('Ingen af de valgte brugere kan få roller nu. Åbn siden igen, og se hvorfor.');
  if (assigning.expectedReceivers !== null && assigning.expectedReceivers !== receivers.length) {
    throw new Conflict(
      'Der passer andre brugere til søgningen nu end før. Intet er gemt. Åbn siden igen, og se hvem det gælder.',
    );
  }
  const decision = decide(actor, 'role.assign', { organisationId: organisation.id });
  const as = decision.allowed ? decision.as : ensureCan(actor, 'role.assign', { organisationId: organisation.id });
  const [counts] = await tx.rows<{ wanted: number; added: number }>(sql`
    with wanted as (
      select u.id as user_id, u.first_name || ' ' || u.last_name as user_name, r.id as role_id, r.code as role, r.name as role_name,
        s.code as service, case when r.needs_sor then ${assigning.sorCode}::text end as sor_code,
        case when r.needs_sor then ${assigning.scope}::assignment_scope else 'UNIT_AND_SUBUNITS' end as scope
      from app_user u cross join role r join service s on s.id = r.service_id
      where u.organisation_id = ${organisation.id}::int and u.id = any (${receivers.map((user) => user.id)}::int[])
        and r.id = any (${assigning.roleIds}::int[])),
    added as (
      insert into role_assignment (organisation_id, user_id, role_id, sor_code, scope, reason, case_number, created_by_id)
      select ${organisation.id}::int, user_id, role_id, sor_code, scope, ${assigning.reason}::text, ${assigning.caseNumber}::text, ${actor.userId}::int
      from wanted
      on conflict do nothing returning id, user_id, role_id),
    logged as (
      insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role,
        target_user_id, target_name, detail, request_id, network_address)
      select case when w.user_id = ${actor.userId}::int then 'role.selfAssigned'
          when w.user_id = any (${likeOneself.map((user) => user.id)}::int[]) then 'role.namesakeAssigned' else 'role.assigned' end,
        ${organisation.id}::int, ${organisation.name}::text, 'PERSON', ${onRecord.userId}::int, ${onRecord.name}::text, ${as}::text,
        w.user_id, w.user_name,
        jsonb_build_object('assignmentId', a.id, 'role', w.role, 'roleName', w.role_name, 'service', w.service, 'sorCode', w.sor_code,
          'unitName', su.name, 'scope', w.scope, 'reason', ${assigning.reason}::text, 'caseNumber', ${assigning.caseNumber}::text),
        ${onRecord.requestId}::text, ${onRecord.networkAddress}::text
      from added a join wanted w using (user_id, role_id) left join sor_unit su on su.code = w.sor_code)
    select (select count(*)::int from wanted) as wanted, (select count(*)::int from added) as added`);
  const { wanted = 0, added = 0 } = counts ?? {};
  return {
    outcome: { receivers: receivers.length, added, alreadyThere: wanted - added, leftOut: leftOut.length },
    as,
    events: added === 0 ? [] : writtenByStatement,
    mails: added === 0 ? [] : await tellOversight(tx, actor, organisation, likeOneself, assigning, mailing),
  };
}

/** Roles given to oneself, or to a second user of one's own name or e-mail, are told to everybody who watches over it. */
async function tellOversight(
  tx: Tx,
  actor: Actor,
  organisation: AddressedOrganisation,
  likeOneself: ChosenUser[],
  { roleIds, reason }: Assigning,
  { views, contact, sebadminOrigin }: MailSetting,
): Promise<OutgoingMail[]> {
  if (likeOneself.length === 0) return [];
  const told = (await listOversight(tx, organisation.id)).filter((person) => person.userId !== actor.userId);
  const roles = await tx.rows<{ name: string }>(
    sql`select name from role where id = any (${roleIds}::int[]) order by name`,
  );
  return likeOneself.flatMap((receiver) =>
    told.map((person) =>
      selfAssignedMail(views, {
        to: { name: fullName(person), address: person.email },
        organisationName: organisation.name,
        changedBy: fullName(actor),
        receiver:
          receiver.id === actor.userId ? 'sig selv' : `${fullName(receiver)}, som har samme navn eller e-mailadresse`,
        roles: roles.map((role) => role.name),
        reason,
        baseUrl: sebadminOrigin,
        path: `/organisationer/${organisation.cvr}/brugere/${receiver.id}/log`,
        contact,
      }),
    ),
  );
}

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
): Promise<Change<{ withdrawn: number; alreadyGone: number }>> {
  const users = await holdersOf(tx, organisation, withdrawing);
  const roles = users.map((user) => ensureCan(actor, 'role.withdraw', { organisationId: organisation.id, user }));
  const withdrawn = await endAssignments(tx, organisation, withdrawing.assignmentIds);
  return {
    outcome: { withdrawn: withdrawn.length, alreadyGone: withdrawing.assignmentIds.length - withdrawn.length },
    as: roles[0] ?? ensureCan(actor, 'role.withdraw', { organisationId: organisation.id }),
    events: withdrawn.map(({ id, userId, userName, ...facts }) =>
      event('role.withdrawn', { organisation, target: { userId, name: userName } }, { assignmentId: id, ...facts }),
    ),
  };
}

/** The users who hold the assignments. An id of none here refuses the whole request. */
async function holdersOf(
  tx: Tx,
  organisation: AddressedOrganisation,
  { assignmentIds, userId, roleId }: Withdrawing,
): Promise<ChosenUser[]> {
  const known = await tx.rows<{ userId: number }>(sql`
    select user_id as "userId" from role_assignment
    where organisation_id = ${organisation.id}::int and id = any (${assignmentIds}::int[])
      and user_id = coalesce(${userId ?? null}::int, user_id) and role_id = coalesce(${roleId ?? null}::int, role_id)`);
  if (known.length !== assignmentIds.length) {
    throw new NotFound('En af rollerne findes ikke her. Åbn siden igen, og vælg på ny.');
  }
  const userIds = [...new Set(known.map((row) => row.userId))];
  const users = await listChosenUsers(tx, organisation.id, userIds);
  if (users.length !== userIds.length) throw new NotFound('En af brugerne er slettet. Åbn siden igen, og vælg på ny.');
  return users;
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
