import { isoMoment } from '../db/moments.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { AdministratorKind } from '../permissions/actor.ts';
import { administratorNames } from '../users/user.ts';
import type { AssignmentCells } from './assignment-columns.queries.ts';
import { periodColumns, periodSelect, placeColumns, roleColumns } from './assignment-columns.queries.ts';
import type { Column } from './report.ts';
import type { Key } from './statement.queries.ts';
import type { UserCells } from './user-columns.queries.ts';
import { userColumns } from './user-columns.queries.ts';

// Access as it was: a user's period `p` (names and lock), a period of an assignment at a place `g`; `u`, `r`, `s` and `su`
// are user, role, service and unit of today, whose former names are looked up.

/** From a moment to one that is not past it. */
export type Span = { from: Sql; to: Sql };

export type AccessCells = UserCells &
  Omit<AssignmentCells, 'reason' | 'caseNumber' | 'givenBy'> & { kind: AdministratorKind | null };

export const accessSource = sql`user_period p
  join access_period g on g.user_id = p.user_id and g.organisation_id = p.organisation_id
  join app_user u on u.id = p.user_id join role r on r.id = g.role_id join service s on s.id = r.service_id
  left join sor_unit su on su.code = g.sor_code`;

// Hardly anything was ever called differently: the look-ups find nothing in small indexes.
const nameThen = (noun: 'ROLE' | 'SERVICE', id: Sql, at: Sql, now: Sql): Sql => sql`coalesce((
  select f.name from former_name f where f.noun = ${noun} and f.id = ${id} and f.valid_to > ${at} order by f.valid_to limit 1), ${now})`;

const unitNameThen = (at: Sql): Sql => sql`coalesce((
  select c.before from sor_change c join sor_import i on i.id = c.import_id
  where c.code = su.code and c.kind = 'RENAMED' and i.imported_at > ${at} order by c.import_id limit 1), su.name)`;

/** Of a role `r` and its service `s`, as they were called. */
export const roleNamesThen = (
  at: Sql,
): Sql => sql`r.code as "roleCode", ${nameThen('ROLE', sql`r.id`, at, sql`r.name`)} as "roleName",
  s.code as "serviceCode", ${nameThen('SERVICE', sql`s.id`, at, sql`s.name`)} as "serviceName"`;

const namesThen = (at: Sql): Sql => sql`${roleNamesThen(at)},
  g.sor_code as "sorCode", ${unitNameThen(at)} as "unitName", g.scope`;

export const accessSelect = ({
  from,
  to,
}: Span): Sql => sql`p.user_id as "userId", p.first_name as "firstName", p.last_name as "lastName",
  p.email, p.rid, u.username, ${namesThen(to)}, ${periodSelect},
  (select a.kind from administrator_period a where a.user_id = p.user_id and a.organisation_id = p.organisation_id
    and a.valid_from < ${to} and (a.valid_to is null or a.valid_to > ${from}) order by a.valid_from desc limit 1) as kind`;

/**
 * Whether a user could use the role at some time of the span: both periods reach into it at once, and neither a lock nor a
 * closing of the organisation covers all of that time. Of a user who was called differently in the same span, the last name stands.
 */
export function hadAccess(span: Span): Sql {
  return sql`p.valid_from < ${span.to} and (p.valid_to is null or p.valid_to > ${span.from}) and ${isUsable(sql`p`, span)}
    and not exists (select from user_period q where q.user_id = p.user_id and q.valid_from > p.valid_from and ${isUsable(sql`q`, span)})`;
}

// greatest and least pass over what is null: a period without end.
function isUsable(p: Sql, { from, to }: Span): Sql {
  const begins = sql`greatest(${p}.valid_from, g.valid_from, ${from})`;
  const ends = sql`least(${p}.valid_to, g.valid_to, ${to})`;
  return sql`${begins} < ${ends} and not (${p}.locked_from is not null and ${p}.locked_from <= ${begins}
    and (${p}.locked_until is null or ${p}.locked_until >= ${ends}))
    and not exists (select from organisation_closing c where c.organisation_id = ${p}.organisation_id and c.valid_from <= ${begins}
      and (c.valid_to is null or c.valid_to >= ${ends}))`;
}

export const accessKeys: readonly Key[] = [
  { expression: sql`p.last_name`, type: 'text' },
  { expression: sql`p.first_name`, type: 'text' },
  { expression: sql`p.user_id`, type: 'number' },
  { expression: sql`g.assignment_id`, type: 'number' },
  { expression: sql`g.valid_from`, type: 'moment' },
];

export const accessColumns: readonly Column<AccessCells>[] = [
  ...userColumns,
  {
    id: 'administrator',
    label: 'Administrator',
    width: 20,
    format: 'text',
    value: (row) => (row.kind === null ? null : administratorNames[row.kind]),
    isShown: false,
  },
  ...roleColumns,
  ...placeColumns,
  ...periodColumns,
];

/** Two moments that are compared. */
export type Moments = { before: Sql; after: Sql };

/** Whether a period counts at a moment. */
export const countsAt = (g: Sql, at: Sql): Sql =>
  sql`(${g}.valid_from <= ${at} and (${g}.valid_to is null or ${g}.valid_to > ${at}))`;

/** Counts at one of the moments only, and nothing else gave the same at the other. */
export function isDifferent({ before, after }: Moments): Sql {
  const g = sql`g`;
  const h = sql`h`;
  return sql`${countsAt(g, before)} <> ${countsAt(g, after)} and not exists (
    select from access_period h where h.user_id = g.user_id and h.organisation_id = g.organisation_id and h.role_id = g.role_id
      and h.sor_code is not distinct from g.sor_code and h.scope = g.scope
      and case when ${countsAt(g, before)} then ${countsAt(h, after)} else ${countsAt(h, before)} end)`;
}

export const differenceSelect = ({ after }: Moments): Sql => sql`p.user_id as "userId", p.first_name as "firstName",
  p.last_name as "lastName", p.email, p.rid, u.username, ${namesThen(after)}, ${countsAt(sql`g`, after)} as "isNew",
  ${isoMoment(sql`case when ${countsAt(sql`g`, after)} then g.valid_from else g.valid_to end`)} as "changedAt"`;
