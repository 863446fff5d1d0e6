import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { AssignmentScope } from './assignment.ts';
import type { Period } from './period.ts';
import { endOf, startOf } from './period.queries.ts';

/** What is given to whom, as it stands in a form: roles that need no unit get none ("Ikke relevant for rollen (0)"). */
export type Grants = Period & {
  userIds: number[];
  roleIds: number[];
  sorCodes: string[];
  scope: AssignmentScope;
};

/**
 * One row for each user, role and unit that is wanted: user_id, user_name, role_id, role, role_name, service, sor_code,
 * scope, valid_from, valid_to, and the days that were chosen (starts_on, ends_on: null where none was).
 */
export function wantedRows(organisationId: number, grants: Grants): Sql {
  const { userIds, roleIds, sorCodes, scope, start, stop } = grants;
  return sql`
    select u.id as user_id, u.first_name || ' ' || u.last_name as user_name, r.id as role_id, r.code as role, r.name as role_name,
      s.code as service, unit.code as sor_code,
      case when r.needs_sor then ${scope}::assignment_scope else 'UNIT_AND_SUBUNITS' end as scope,
      ${startOf(grants)} as valid_from, ${endOf(grants)} as valid_to, ${start}::text as starts_on, ${stop}::text as ends_on
    from app_user u cross join role r join service s on s.id = r.service_id
    left join unnest(${sorCodes}::text[]) as unit (code) on r.needs_sor
    where u.organisation_id = ${organisationId}::int and u.id = any (${userIds}::int[]) and r.id = any (${roleIds}::int[])`;
}

/** A wanted row `w` and an assignment `g` that would stand in each other's way, as role_assignment_once judges it. */
export const isInTheWay: Sql = sql`g.user_id = w.user_id and g.role_id = w.role_id
  and coalesce(g.sor_code, '0') = coalesce(w.sor_code, '0') and tstzrange(g.valid_from, g.valid_to) && tstzrange(w.valid_from, w.valid_to)`;
