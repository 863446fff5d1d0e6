import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { ReportView } from './report-view.ts';

/** The actor's own, of an organisation or of all (null), by name. */
export function listReportViews(db: ReadDb, userId: number, organisationId: number | null): Promise<ReportView[]> {
  return db.rows<ReportView>(sql`
    select v.id, v.report_id as "reportId", v.name, v.choice from report_view v
    where v.user_id = ${userId}::int and v.organisation_id is not distinct from ${organisationId}::int
    order by v.name, v.id limit 200`);
}

export async function findReportView(
  db: ReadDb,
  userId: number,
  organisationId: number | null,
  id: number,
): Promise<ReportView | null> {
  const [view] = await db.rows<ReportView>(sql`
    select v.id, v.report_id as "reportId", v.name, v.choice from report_view v
    where v.id = ${id}::int and v.user_id = ${userId}::int and v.organisation_id is not distinct from ${organisationId}::int`);
  return view ?? null;
}
