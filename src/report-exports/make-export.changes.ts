import { whoOrdered } from '../audit/who-ordered.ts';
import type { Connections } from '../db/pool.ts';
import { pieceWriter } from '../db/pieces.ts';
import { sql } from '../db/sql.ts';
import { onWorkingPapers } from '../db/working-papers.ts';
import type { Scope } from '../permissions/scope.ts';
import { openReport } from '../reports/open-report.ts';
import type { Written } from '../reports/write-hashed.ts';
import { exportForms, tapped } from './report-export.ts';
import type { ReportExport } from './report-exports.queries.ts';
import { findWaitingExport } from './report-exports.queries.ts';

/** What one run of the job made; the file is its pieces of that attempt. */
export type MadeExport = Written & { attempt: number };

/** The order ended meanwhile, or another run of the job took it up. */
export class Superseded extends Error {}

/**
 * Makes the file of an order, with the rights that the person has at this moment, and keeps it piece by piece: neither the
 * file nor its rows are ever whole in memory. Null when there is nothing to do any longer.
 */
export async function makeExport(database: Connections, exportId: number): Promise<MadeExport | null> {
  const waiting = await findWaitingExport(database, exportId);
  const attempt = waiting === null ? null : await claim(database, waiting);
  if (waiting === null || attempt === null) return null;
  const { order, form, reference } = waiting;
  const { actor } = await whoOrdered(database, {
    orderedById: waiting.orderedById,
    cvr: order.organisation?.cvr ?? '',
  });
  const document = await openReport(database, actor, order, { at: new Date(), reference });
  const progress = { rows: 0 };
  const rows = tapped(document.rows, (count) => (progress.rows = count));
  // Beside each piece stands how many rows there are by now.
  const out = pieceWriter((number, content) =>
    keepPiece(database, { ...waiting, attempt }, { number, content, rows: progress.rows }),
  );
  return { ...(await exportForms[form].write({ ...document, rows }, out)), attempt };
}

type Claimed = Pick<ReportExport, 'id' | 'organisationId' | 'attempt'>;

/** A new attempt, which puts an end to any before it; their pieces go. */
async function claim(database: Connections, { id, organisationId }: ReportExport): Promise<number | null> {
  return onWorkingPapers(database, scopeOf(organisationId), async (db) => {
    const [claimed] = await db.rows<{ attempt: number }>(sql`
      update report_export set attempt = attempt + 1, rows = 0, started_at = now() where id = ${id}::int and state = 'QUEUED' returning attempt`);
    await db.rows(sql`delete from report_export_piece where export_id = ${id}::int`);
    return claimed?.attempt ?? null;
  });
}

type Piece = { number: number; content: Buffer; rows: number };

async function keepPiece(
  database: Connections,
  { id, attempt, organisationId }: Claimed,
  { number, content, rows }: Piece,
): Promise<void> {
  await onWorkingPapers(database, scopeOf(organisationId), async (db) => {
    const [claimed] = await db.rows(sql`
      update report_export set rows = ${rows}::int where id = ${id}::int and attempt = ${attempt}::int and state = 'QUEUED' returning id`);
    if (claimed === undefined) throw new Superseded();
    await db.rows(sql`
      insert into report_export_piece (export_id, attempt, number, organisation_id, content)
      values (${id}::int, ${attempt}::int, ${number}::int, ${organisationId}::int, ${content}::bytea)`);
  });
}

function scopeOf(organisationId: number | null): Scope {
  return organisationId === null ? 'all' : [organisationId];
}
