import { event } from '../audit/events.ts';
import type { ReportForm } from '../audit/event-types/reports.ts';
import { recordReading } from '../audit/record-reading.ts';
import type { Where } from '../audit/record-refusal.ts';
import { readPage } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import type { Actor } from '../permissions/actor.ts';
import { describeFilter } from './filter-words.ts';
import type { Question } from './prepare-report.ts';
import { prepareReport } from './prepare-report.ts';

/** Logs that a report was made, with what was asked for and how many rows it had; by the rights of this moment. */
export async function recordReportMade(
  database: Database,
  actor: Actor,
  order: Question,
  made: { form: ReportForm; rows: number; hasMore: boolean },
  where: Where,
): Promise<void> {
  const { report, prepared, within, scope, as } = prepareReport(actor, order);
  const { subject } = prepared;
  const { filters, name } = await readPage(database, scope, async (db) => ({
    filters: await describeFilter(db, report, within, order.filters),
    name: subject === null ? null : await report.nameOf(db, within, subject),
  }));
  const target = subject === null || name === null ? null : { userId: subject, name };
  const told = { report: report.id, title: report.title, ...made, filters };
  const { organisation } = within;
  await recordReading(database, { actor, as }, event('report.made', { organisation, target }, told), where);
}
