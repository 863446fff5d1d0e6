import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { ActorOnRecord, Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { PreviewOutdated } from '../role-assignments/preview.ts';
import { FieldRefused } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { readToday } from '../users/users.queries.ts';
import type { Ended } from './end-assignments.changes.ts';
import { endAssignments } from './end-assignments.changes.ts';
import { grantedMails, withdrawnMails } from './rights.mail.ts';
import { isOpenRole, listWithdrawalEffects } from './rights.queries.ts';

/** A role as the log names it, by the codes too, and as mails do. */
export type LoggedRole = { role: string; roleName: string; service: string };
export type NamedRole = LoggedRole & { serviceName: string };
/** What changed in one organisation. */
export type RightsOf = { organisation: { id: number; cvr: string; name: string }; roles: NamedRole[] };

type Row = { id: number; cvr: string; name: string } & NamedRole;

export type Granting = {
  roleIds: number[];
  organisationIds: number[];
  reason: string | null;
  /** The number of rights that the preview showed. */
  expected: number;
};

/** Lets the organisations give the roles, in one statement: what they may give already stays. @throws PreviewOutdated */
export async function grantRights(
  tx: Tx,
  actor: Actor,
  { roleIds, organisationIds, reason, expected }: Granting,
  mailing: MailSetting,
): Promise<Change<{ rights: number; organisations: number }>> {
  const as = ensureEverywhere(actor, 'organisationRole.grant');
  const changed = await writeGrants(tx, roleIds, organisationIds);
  const rights = changed.reduce((sum, { roles }) => sum + roles.length, 0);
  if (rights !== expected) throw new PreviewOutdated();
  return {
    outcome: { rights, organisations: changed.length },
    as,
    events: grantedEvents(changed, reason),
    mails: await grantedMails(tx, changed, reason, mailing),
  };
}

/** Also for a request that is approved. Open roles and open organisations only; tells what is new. */
export async function writeGrants(tx: Tx, roleIds: number[], organisationIds: number[]): Promise<RightsOf[]> {
  const rows = await tx.rows<Row>(sql`
    with granted as (
      insert into organisation_role (organisation_id, role_id)
      select o.id, r.id from organisation o cross join role r join service s on s.id = r.service_id
      where o.id = any (${organisationIds}::int[]) and r.id = any (${roleIds}::int[]) and o.closed_at is null and ${isOpenRole}
      on conflict (organisation_id, role_id) do update set granted_at = now(), withdrawn_at = null
        where organisation_role.withdrawn_at is not null
      returning organisation_id, role_id)
    select o.id, o.cvr, o.name, r.code as role, r.name as "roleName", s.code as service, s.name as "serviceName"
    from granted g join organisation o on o.id = g.organisation_id join role r on r.id = g.role_id join service s on s.id = r.service_id
    order by o.id, s.name, r.name, r.code`);
  return byOrganisation(rows);
}

export function grantedEvents(changed: RightsOf[], reason: string | null): AuditEvent[] {
  return changed.map(({ organisation, roles }) =>
    event('organisationRole.granted', { organisation, target: null }, { roles: asLogged(roles), reason }),
  );
}

function asLogged(roles: NamedRole[]): LoggedRole[] {
  return roles.map(({ role, roleName, service }) => ({ role, roleName, service }));
}

function byOrganisation(rows: Row[]): RightsOf[] {
  const groups = Map.groupBy(rows, (row) => row.id);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { id, cvr, name } = first;
    return [
      {
        organisation: { id, cvr, name },
        roles: group.map(({ role, roleName, service, serviceName }) => ({ role, roleName, service, serviceName })),
      },
    ];
  });
}

export type Withdrawing = {
  roleIds: number[];
  organisationIds: number[];
  /** The last day that users keep what they have, yyyy-mm-dd; null ends it at once. */
  lastDay: string | null;
  reason: string;
  /** What the preview showed. */
  expected: { rights: number; assignments: number };
};

/**
 * Takes the rights back: from now on nobody can be given the roles there, and what users have ends at once or with the last
 * day. Each organisation gets its event, its mail and, where users lose something, a to-do. @throws PreviewOutdated
 */
export async function withdrawRights(
  tx: Tx,
  actor: Actor,
  onRecord: ActorOnRecord,
  withdrawing: Withdrawing,
  mailing: MailSetting,
): Promise<Change<{ rights: number; organisations: number; assignments: number }>> {
  const as = ensureEverywhere(actor, 'organisationRole.withdraw');
  const { roleIds, organisationIds, lastDay, reason, expected } = withdrawing;
  if (lastDay !== null && lastDay < (await readToday(tx)))
    throw new FieldRefused('dag', 'Dagen er gået. Vælg i dag eller en senere dag');
  await ensureAsExpected(tx, withdrawing);
  const changed = await writeWithdrawals(tx, roleIds, organisationIds);
  const ended = await endAssignments(tx, { roleIds, organisationIds, lastDay, reason, as, onRecord });
  const endedIn = new Map(ended.map((one) => [one.organisationId, one]));
  await remind(tx, changed, endedIn, lastDay);
  return {
    outcome: {
      rights: expected.rights,
      organisations: changed.length,
      assignments: ended.reduce((sum, one) => sum + one.assignments, 0),
    },
    as,
    events: changed.map(({ organisation, roles }) => {
      const { assignments = 0, users = 0 } = endedIn.get(organisation.id) ?? {};
      const detail = { roles: asLogged(roles), lastDay, assignments, users, reason };
      return event('organisationRole.withdrawn', { organisation, target: null }, detail);
    }),
    mails: await withdrawnMails(tx, changed, { endedIn, lastDay, reason }, mailing),
  };
}

async function ensureAsExpected(tx: Tx, { roleIds, organisationIds, expected }: Withdrawing): Promise<void> {
  const effects = await listWithdrawalEffects(tx, roleIds, organisationIds);
  const sum = (of: (one: (typeof effects)[number]) => number): number => effects.reduce((all, one) => all + of(one), 0);
  if (sum((one) => one.rights) !== expected.rights || sum((one) => one.assignments) !== expected.assignments)
    throw new PreviewOutdated();
}

async function writeWithdrawals(tx: Tx, roleIds: number[], organisationIds: number[]): Promise<RightsOf[]> {
  const rows = await tx.rows<Row>(sql`
    with withdrawn as (
      update organisation_role set withdrawn_at = now()
      where organisation_id = any (${organisationIds}::int[]) and role_id = any (${roleIds}::int[]) and withdrawn_at is null
      returning organisation_id, role_id)
    select o.id, o.cvr, o.name, r.code as role, r.name as "roleName", s.code as service, s.name as "serviceName"
    from withdrawn w join organisation o on o.id = w.organisation_id join role r on r.id = w.role_id join service s on s.id = r.service_id
    order by o.id, s.name, r.name, r.code`);
  return byOrganisation(rows);
}

/** What the organisation has to look after: users who lose something. */
async function remind(tx: Tx, changed: RightsOf[], endedIn: Map<number, Ended>, lastDay: string | null): Promise<void> {
  const todos = changed.flatMap(({ organisation, roles }) => {
    const ended = endedIn.get(organisation.id);
    if (ended === undefined) return [];
    const { assignments, users } = ended;
    const facts = { roles: roles.map(({ roleName }) => roleName), lastDay, assignments, users };
    return [{ organisation_id: organisation.id, facts }];
  });
  if (todos.length === 0) return;
  await tx.rows(sql`
    insert into todo (organisation_id, kind, facts)
    select t.organisation_id, 'organisationRole.withdrawn', t.facts
    from jsonb_to_recordset(${JSON.stringify(todos)}::text::jsonb) as t (organisation_id int, facts jsonb)`);
}
