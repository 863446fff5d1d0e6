import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { ReportForm } from '../audit/event-types/reports.ts';
import { recordReading } from '../audit/record-reading.ts';
import type { Where } from '../audit/record-refusal.ts';
import { readPage } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import type { Actor } from '../permissions/actor.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { describeFilter } from './filter-words.ts';
import type { Question } from './prepare-report.ts';
import { prepareReport } from './prepare-report.ts';

type Made = {
  form: ReportForm;
  rows: number;
  hasMore: boolean;
  /** Of a file. */
  reference?: string;
  sha256?: string;
};

/** Logs that a report was made, with what was asked for and how many rows it had; by the rights of this moment. */
export async function recordReportMade(
  database: Database,
  actor: Actor,
  order: Question,
  made: Made,
  where: Where,
): Promise<void> {
  const { as, told } = await madeEvent(database, actor, order, made);
  await recordReading(database, { actor, as }, told, where);
}

/** The line of the log for a report that was made, and in which role the actor has it. */
export async function madeEvent(
  database: Database,
  actor: Actor,
  order: Question,
  made: Made,
): Promise<{ as: ActorKind; told: AuditEvent }> {
  const { report, prepared, within, scope, as } = prepareReport(actor, order);
  const { subject } = prepared;
  const { filters, name } = await readPage(database, scope, async (db) => ({
    filters: await describeFilter(db, report, within, order.filters),
    name: subject === null ? null : await report.nameOf(db, within, subject),
  }));
  const target = subject === null || name === null ? null : { userId: subject, name };
  const detail = { report: report.id, title: report.title, ...made, filters };
  return { as, told: event('report.made', { organisation: within.organisation, target }, detail) };
}
