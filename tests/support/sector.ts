import { randomUUID } from 'node:crypto';
import { demoOrganisations } from '../../src/demo/demo-people.ts';
import type { LoginClaims } from '../../src/demo/identity-provider/login-claims.ts';
import type { App } from './app.ts';
import { personOf } from './people.ts';

export const cvrs = {
  systemOwner: demoOrganisations.systemOwner.cvr,
  region: demoOrganisations.region.cvr,
  municipality: demoOrganisations.municipality.cvr,
  practice: demoOrganisations.practice.cvr,
  clinic: demoOrganisations.clinic.cvr,
  closed: demoOrganisations.closed.cvr,
};

export type Facts = { rows: <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]> };

/** The id of a person of the demo sector. */
export async function idOf({ rows }: Facts, key: string): Promise<number> {
  const { cvr, rid } = personOf(key);
  const found = await rows<{ id: number }>(
    'select u.id from app_user u join organisation o on o.id = u.organisation_id where o.cvr = $1 and u.rid = $2',
    [cvr, rid],
  );
  return only(found).id;
}

/** Active users of an organisation who administer nothing, in the order of their ids. */
export async function ordinaryUsers({ rows }: Facts, cvr: string, count: number): Promise<number[]> {
  const found = await rows<{ id: number }>(
    `select u.id from app_user u join organisation o on o.id = u.organisation_id
     where o.cvr = $1 and u.deleted_at is null and u.locked_from is null
       and not exists (select from administrator a where a.user_id = u.id) and not exists (select from system_role s where s.user_id = u.id)
     order by u.id limit $2`,
    [cvr, count],
  );
  return found.map((user) => user.id);
}

export type GivableRole = { id: number; serviceId: number; code: string };

/** Roles that the organisation may give now, with or without a unit. */
export function givableRoles({ rows }: Facts, cvr: string, needsSor: boolean): Promise<GivableRole[]> {
  return rows<GivableRole>(
    `select r.id, r.service_id as "serviceId", r.code from role r join service s on s.id = r.service_id
       join organisation_role g on g.role_id = r.id join organisation o on o.id = g.organisation_id
     where o.cvr = $1 and r.needs_sor = $2 and r.retired_at is null and s.retired_at is null and g.withdrawn_at is null
     order by r.id`,
    [cvr, needsSor],
  );
}

/** An open or closed unit of the organisation. */
export async function unitOf({ rows }: Facts, cvr: string, isClosed = false): Promise<string> {
  const found = await rows<{ code: string }>(
    'select code from sor_unit where owner_cvr = $1 and coalesce(closed_on < danish_today(), false) = $2 order by code limit 1',
    [cvr, isClosed],
  );
  return only(found).code;
}

const unchecked = [
  'web_session',
  'rate_limit',
  'pending_login',
  'used_assertion',
  'form_draft',
  'user_login',
  'login_evidence',
];

/**
 * A digest of each table that only changes may change; refused attempts may leave their line in the log. It is of where and
 * by which transaction each row was written, so no value can change unseen, and none has to be read.
 */
export async function checksums({ rows }: Pick<App, 'rows'>): Promise<Record<string, string>> {
  // By name: the plan of a hundred tables is made once a connection, which takes five times as long as reading them.
  const found = await rows<{ name: string; digest: string }>({ name: 'checksums', text: await digests({ rows }) });
  return Object.fromEntries(found.map(({ name, digest }) => [name, digest]));
}

let kept: Promise<string> | undefined;

/** The same statement for every database, as all have the same tables. */
function digests({ rows }: Facts): Promise<string> {
  kept ??= rows<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> all ($1) and tablename not like 'lookup\\_event%' order by 1`,
    [unchecked],
  ).then((tables) => tables.map(({ name }) => digestOf(name)).join(' union all '));
  return kept;
}

/** The sum of the rows' own digests, whatever their order: sorting them would take most of the time. */
function digestOf(table: string): string {
  const counted =
    table === 'audit_event'
      ? `where t.kind not in ('change.refused', 'signIn.refused', 'signIn.accepted', 'signIn.employee', 'report.made')`
      : '';
  // When an organisation was changed last is no part of what was changed.
  const row =
    table === 'organisation_state'
      ? `hashtextextended((to_jsonb(t) - 'changed_at')::text, 0)`
      : 'hashtidextended(t.ctid, t.xmin::text::bigint)';
  return `select '${table}' as name, count(*) || ' ' || coalesce(sum(${row}), 0) as digest from ${table} t ${counted}`;
}

/** Statements that leave these users without any role, and without having held one. */
export function endOfRoles(userIds: readonly number[]): string {
  const theirs = `user_id in (${userIds.join()})`;
  return `delete from assignment_past where assignment_id in (select id from role_assignment where ${theirs}); delete from role_assignment where ${theirs}`;
}

export function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('There is no such row');
  return row;
}

/** A change by the owner of the database, with the event that the database demands; for what has no page yet. */
export async function operate({ rows }: Facts, statement: string): Promise<void> {
  await rows(`do $operate$ begin
    ${statement};
    insert into audit_event (kind, organisation_id, organisation_name, actor_kind, actor_name, actor_role, detail)
    select 'demo.seeded', id, name, 'OPERATOR', 'Prøven', 'Drift', '{"users": 0, "assignments": 0}'::jsonb from organisation
    union all select 'demo.seeded', null, null, 'OPERATOR', 'Prøven', 'Drift', '{"users": 0, "assignments": 0}'::jsonb;
  end $operate$`);
}

/** What the login of any user of the sector carries. */
export async function claimsOfUser({ rows }: Facts, id: number): Promise<LoginClaims> {
  const found = await rows<
    Record<'firstName' | 'lastName' | 'email' | 'rid' | 'cvr' | 'organisationName', string> & { uuid: string | null }
  >(
    `select u.first_name as "firstName", u.last_name as "lastName", u.email, u.rid, u.uuid, o.cvr, o.name as "organisationName"
     from app_user u join organisation o on o.id = u.organisation_id where u.id = $1`,
    [id],
  );
  const user = only(found);
  return { ...user, uuid: user.uuid ?? randomUUID(), level: 'Substantial', carriesCpr: true };
}
