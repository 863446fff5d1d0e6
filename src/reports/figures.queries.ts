import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';

/** yyyy-mm-dd */
export type DayFigure = { day: string; users: number; assignments: number };
export type ServiceFigure = { name: string; users: number; assignments: number };
export type LoginAges = {
  within30: number;
  within90: number;
  within180: number;
  within365: number;
  longer: number;
  never: number;
};

/** One organisation, or all of them together (null). */
const of = (organisationId: number | null): Sql =>
  organisationId === null ? sql`true` : sql`f.organisation_id = ${organisationId}::int`;

/** The last year, one figure a week and the latest one. */
export function listDayFigures(db: ReadDb, organisationId: number | null): Promise<DayFigure[]> {
  return db.rows<DayFigure>(sql`
    with latest as (select max(f.day) as day from daily_figure f where ${of(organisationId)})
    select f.day::text as day, sum(f.users)::int as users, sum(f.assignments)::int as assignments
    from latest l join daily_figure f on f.day > l.day - 365 and (l.day - f.day) % 7 = 0
    where ${of(organisationId)} group by f.day order by f.day`);
}

/** Most users first. A user of several organisations' services counts in each. */
export function listServiceFigures(db: ReadDb, organisationId: number | null): Promise<ServiceFigure[]> {
  return db.rows<ServiceFigure>(sql`
    select s.name, sum(f.users)::int as users, sum(f.assignments)::int as assignments
    from service_figure f join service s on s.id = f.service_id where ${of(organisationId)}
    group by s.id, s.name order by sum(f.users) desc, s.name limit 200`);
}

export async function findLoginAges(db: ReadDb, organisationId: number | null): Promise<LoginAges | null> {
  const [row] = await db.rows<{ [Name in keyof LoginAges]: number | null }>(sql`
    select sum(f.within_30)::int as "within30", sum(f.within_90)::int as "within90", sum(f.within_180)::int as "within180",
      sum(f.within_365)::int as "within365", sum(f.longer)::int as longer, sum(f.never)::int as never
    from login_age_figure f where ${of(organisationId)}`);
  if (row === undefined || row.never === null) return null;
  const { within30, within90, within180, within365, longer, never } = row;
  return {
    within30: within30 ?? 0,
    within90: within90 ?? 0,
    within180: within180 ?? 0,
    within365: within365 ?? 0,
    longer: longer ?? 0,
    never,
  };
}
