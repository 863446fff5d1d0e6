import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, sql } from '../db/sql.ts';

export const plannedKinds = ['departure', 'lockBegins', 'lockEnds', 'roleBegins', 'roleEnds'] as const;
export type PlannedKind = (typeof plannedKinds)[number];

/** Something that happens by itself on its day, unless somebody changes it before. */
export type PlannedChange = {
  kind: PlannedKind;
  /** dd-mm-åååå: the first day of what begins, the last day of what ends. */
  day: string;
  userId: number;
  firstName: string;
  lastName: string;
  /** The reason of a lock or departure; the role's name. */
  about: string;
  sorCode: string | null;
  unitName: string | null;
};

export const daysAhead = 90;
export const changesPerPage = 100;

/** What will happen to an organisation's users in the next 90 days, soonest first; one more than a page. */
export function listPlannedChanges(
  db: ReadDb,
  organisationId: number,
  kind: PlannedKind | null,
  pageNumber: number,
): Promise<PlannedChange[]> {
  const wanted = kind === null ? plannedKinds : [kind];
  return db.rows<PlannedChange>(sql`
    select p.kind, to_char(p.day, 'DD-MM-YYYY') as day, u.id as "userId", u.first_name as "firstName", u.last_name as "lastName",
      p.about, p.sor_code as "sorCode", su.name as "unitName"
    from (${joinSql(
      wanted.map((one) => parts[one](organisationId)),
      ' union all ',
    )}) p
    join app_user u on u.id = p.user_id and u.deleted_at is null
    left join sor_unit su on su.code = p.sor_code
    order by p.day, u.last_name, u.first_name, u.id, p.kind, p.about, p.sor_code
    limit ${changesPerPage + 1}::int offset ${(pageNumber - 1) * changesPerPage}::int`);
}

const soon = (moment: Sql): Sql =>
  sql`${moment} > now() and ${moment} < now() + make_interval(days => ${daysAhead}::int)`;
const dayOf = (moment: Sql): Sql => sql`(${moment} at time zone 'Europe/Copenhagen')::date`;
// What ends at midnight has the day before as its last.
const lastDayOf = (moment: Sql): Sql => dayOf(sql`(${moment} - interval '1 millisecond')`);

const parts: Record<PlannedKind, (organisationId: number) => Sql> = {
  departure: (id) => sql`
    select 'departure' as kind, d.last_day as day, d.user_id, d.reason as about, null::text as sor_code
    from departure d where d.organisation_id = ${id}::int and d.carried_out_at is null and d.cancelled_at is null
      and d.last_day < danish_today() + ${daysAhead}::int`,
  lockBegins: (id) => lockPart(id, 'lockBegins', sql`l.locked_from`, dayOf),
  lockEnds: (id) => lockPart(id, 'lockEnds', sql`l.locked_until`, lastDayOf),
  roleBegins: (id) => rolePart(id, 'roleBegins', sql`g.valid_from`, dayOf),
  roleEnds: (id) => rolePart(id, 'roleEnds', sql`g.valid_to`, lastDayOf),
};

function lockPart(organisationId: number, kind: PlannedKind, moment: Sql, day: (moment: Sql) => Sql): Sql {
  return sql`select ${kind}::text as kind, ${day(moment)} as day, l.id as user_id, coalesce(l.lock_reason, '') as about, null::text as sor_code
    from app_user l where l.organisation_id = ${organisationId}::int and l.deleted_at is null and ${soon(moment)}`;
}

function rolePart(organisationId: number, kind: PlannedKind, moment: Sql, day: (moment: Sql) => Sql): Sql {
  return sql`select ${kind}::text as kind, ${day(moment)} as day, g.user_id, s.name || ': ' || r.name as about, g.sor_code
    from role_assignment g join role r on r.id = g.role_id join service s on s.id = r.service_id
    where g.organisation_id = ${organisationId}::int and g.withdrawn_at is null and ${soon(moment)}`;
}
