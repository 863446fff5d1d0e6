import { readPage } from '../db/access.ts';
import type { ReadDb } from '../db/access.ts';
import type { Connections } from '../db/pool.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import type { DocumentHead, ReportDocument } from './document.ts';
import { describeFilter } from './filter-words.ts';
import type { ReportOrder } from './prepare-report.ts';
import { prepareReport } from './prepare-report.ts';
import type { Report, Within } from './report.ts';
import { askedOf } from './report.ts';

export type { ReportOrder } from './prepare-report.ts';

/**
 * Opens a report for a file: its head at once, its rows as they are asked for, each batch out of a cursor behind the wall.
 * Called by the request for small reports, and by the job with the actor read anew.
 */
export async function openReport(
  database: Connections,
  actor: Actor,
  order: ReportOrder,
  made: { at: Date; reference: string },
): Promise<ReportDocument> {
  const { report, prepared, within, scope } = prepareReport(actor, order);
  const asked = askedOf(report, order);
  const head = await readPage(database, scope, (db) =>
    headOf(db, { actor, report, within, filters: order.filters }, made),
  );
  const columns = report.columns.filter(({ id }) => asked.columns.includes(id));
  return {
    head,
    columns: columns.map(({ label, width, format }) => ({ label, width, format })),
    rows: prepared.stream({ database, scope }, within, asked),
  };
}

type Told = { actor: Actor; report: Report; within: Within; filters: Record<string, string> };

async function headOf(
  db: ReadDb,
  { actor, report, within, filters }: Told,
  made: { at: Date; reference: string },
): Promise<DocumentHead> {
  return {
    title: report.title,
    organisation:
      within.organisation === null ? null : { name: within.organisation.name, cvr: within.organisation.cvr },
    filters: await describeFilter(db, report, within, filters),
    madeBy: `${fullName(actor)}, ${actor.organisationName}`,
    madeAt: made.at,
    reference: made.reference,
  };
}
