import { event, type AuditEvent } from '../../audit/events.ts';
import { demoOrganisations } from '../demo-people.ts';
import { giverOf, type Giver } from './givers.ts';
import { organisationKeys, type OrganisationKey } from './organisations.ts';
import type { Connection } from './rows.ts';
import { administratorBy, type By, type Told } from './told.ts';
import type { WrittenAssignment } from './write-assignments.ts';
import type { OrganisationIds } from './write-organisations.ts';
import { userOf, type WrittenUser } from './write-users.ts';

type Written = {
  users: ReadonlyMap<string, WrittenUser>;
  assignments: WrittenAssignment[];
  organisations: OrganisationIds;
  /** What else happened. */
  others: Told[];
};

const operator: By = { actor_kind: 'OPERATOR', actor_user_id: null, actor_name: 'Demodata', actor_role: 'Drift' };

/** The log as it would read if administrators had made the sector by hand, and one event for each organisation of today. */
export async function writeEvents(db: Connection, written: Written): Promise<void> {
  const told = [
    ...[...written.users.values()].map((user) => userCreated(user, written.users)),
    ...written.assignments.flatMap((assignment) => assignmentEvents(assignment, written.users)),
    ...written.others,
  ].toSorted((one, other) => (one.at < other.at ? -1 : 1));
  await insertEvents(db, told.map(eventRow));
  await insertEvents(
    db,
    organisationKeys.map((key) => seededRow(key, written)),
  );
}

function userCreated(user: WrittenUser, users: Written['users']): Told {
  const giver = giverOf(user, user.createdAt);
  const { username, rid, email } = user;
  return {
    ...event('user.created', about(user), { username, rid, email }),
    at: user.createdAt,
    by: actorOf(giver, users),
  };
}

function assignmentEvents(assignment: WrittenAssignment, users: Written['users']): Told[] {
  const { id, user, role, unit, scope, reason, caseNumber, giver, createdAt, withdrawnAt } = assignment;
  const what = { assignmentId: id, role: role.code, roleName: role.name, service: role.service };
  const detail = { ...what, sorCode: unit?.code ?? null, unitName: unit?.name ?? null, scope, reason, caseNumber };
  const kind = giver?.user === user.key ? 'role.selfAssigned' : 'role.assigned';
  const by = actorOf(giver, users);
  const given: Told = { ...event(kind, about(user), detail), at: createdAt, by };
  if (withdrawnAt === null) return [given];
  return [
    given,
    {
      ...event('role.withdrawn', about(user), detail),
      at: withdrawnAt,
      by: actorOf(giverOf(user, withdrawnAt), users),
    },
  ];
}

function about(user: WrittenUser): Pick<AuditEvent, 'organisation' | 'target'> {
  return {
    organisation: organisationOf(user.organisation, user.organisationId),
    target: { userId: user.id, name: user.name },
  };
}

function organisationOf(key: OrganisationKey, id: number): { id: number; name: string } {
  return { id, name: demoOrganisations[key].name };
}

function actorOf(giver: Giver | null, users: Written['users']): By | null {
  return giver && administratorBy(userOf(users, giver.user), giver.kind);
}

function eventRow({ kind, organisation, target, detail, at, by }: Told) {
  return {
    at,
    kind,
    organisation_id: organisation?.id ?? null,
    organisation_name: organisation?.name ?? null,
    ...(by ?? operator),
    target_user_id: target?.userId ?? null,
    target_name: target?.name ?? null,
    detail,
  };
}

function seededRow(key: OrganisationKey, { users, assignments, organisations }: Written) {
  const organisation = organisationOf(key, organisations[key]);
  const counts = {
    users: [...users.values()].filter((user) => user.organisation === key).length,
    assignments: assignments.filter(({ user }) => user.organisation === key).length,
  };
  return eventRow({ ...event('demo.seeded', { organisation, target: null }, counts), at: 'now', by: null });
}

/** Ids are given as the rows come in, so the log reads in the order of time. */
async function insertEvents(db: Connection, rows: object[]): Promise<void> {
  await db.query(
    `insert into audit_event (at, kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role,
       target_user_id, target_name, detail)
     select e.at, e.kind, e.organisation_id, e.organisation_name, e.actor_kind, e.actor_user_id, e.actor_name, e.actor_role,
       e.target_user_id, e.target_name, e.detail
     from jsonb_array_elements($1::jsonb) with ordinality as line (body, number),
       jsonb_populate_record(null::audit_event, line.body) as e
     order by line.number`,
    [JSON.stringify(rows)],
  );
}
