import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { AssignmentScope } from './assignment.ts';
import type { Period } from './period.ts';
import { endOf, startOf } from './period.queries.ts';

/** An assignment with all that may be edited; days as yyyy-mm-dd in Denmark, the last one included. */
export type Assignment = {
  id: number;
  userId: number;
  roleId: number;
  roleCode: string;
  roleName: string;
  serviceCode: string;
  serviceName: string;
  needsSor: boolean;
  isGivable: boolean;
  sorCode: string | null;
  unitName: string | null;
  scope: AssignmentScope;
  startsOn: string;
  endsOn: string | null;
  hasBegun: boolean;
  isOver: boolean;
  version: number;
};

/** An assignment of this user in this organisation; null for anything else. */
export async function findAssignment(
  db: ReadDb,
  organisationId: number,
  userId: number,
  assignmentId: number,
): Promise<Assignment | null> {
  const [row] = await db.rows<Assignment>(sql`
    select g.id, g.user_id as "userId", g.role_id as "roleId", r.code as "roleCode", r.name as "roleName", s.code as "serviceCode",
      s.name as "serviceName", r.needs_sor as "needsSor",
      (o.withdrawn_at is null and r.retired_at is null and s.retired_at is null) as "isGivable",
      g.sor_code as "sorCode", su.name as "unitName", g.scope,
      to_char(g.valid_from at time zone 'Europe/Copenhagen', 'YYYY-MM-DD') as "startsOn",
      to_char((g.valid_to - interval '1 millisecond') at time zone 'Europe/Copenhagen', 'YYYY-MM-DD') as "endsOn",
      g.valid_from <= now() as "hasBegun", (g.withdrawn_at is not null or coalesce(g.valid_to <= now(), false)) as "isOver", g.version
    from role_assignment g
    join role r on r.id = g.role_id
    join service s on s.id = r.service_id
    join organisation_role o on o.organisation_id = g.organisation_id and o.role_id = g.role_id
    left join sor_unit su on su.code = g.sor_code
    where g.id = ${assignmentId}::int and g.user_id = ${userId}::int and g.organisation_id = ${organisationId}::int`);
  return row ?? null;
}

/** Whether another assignment of the same role and placement would overlap these terms (role_assignment_once decides). */
export async function hasOverlap(
  db: ReadDb,
  assignment: Assignment,
  terms: Period & { sorCode: string | null },
): Promise<boolean> {
  const from = assignment.hasBegun
    ? sql`(select valid_from from role_assignment where id = ${assignment.id}::int)`
    : startOf(terms);
  const [row] = await db.rows<{ overlaps: boolean }>(sql`
    select exists (select from role_assignment g
      where g.user_id = ${assignment.userId}::int and g.role_id = ${assignment.roleId}::int and g.id <> ${assignment.id}::int
        and coalesce(g.sor_code, '0') = ${terms.sorCode ?? '0'}::text
        and tstzrange(g.valid_from, g.valid_to) && tstzrange(${from}, ${endOf(terms)})) as overlaps`);
  return row?.overlaps === true;
}
