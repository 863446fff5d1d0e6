import { whoOrdered } from '../audit/who-ordered.ts';
import type { Database } from '../db/client.ts';
import { connect, wallOf } from '../db/access.ts';
import { pieceWriter } from '../db/pieces.ts';
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
export async function makeExport(database: Database, exportId: number): Promise<MadeExport | null> {
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
async function claim(database: Database, { id, organisationId }: ReportExport): Promise<number | null> {
  return inWall(database, organisationId, async (query) => {
    const { rows } = await query<{ attempt: number }>(
      `update report_export set attempt = attempt + 1, rows = 0, started_at = now() where id = $1 and state = 'QUEUED' returning attempt`,
      [id],
    );
    await query('delete from report_export_piece where export_id = $1', [id]);
    return rows[0]?.attempt ?? null;
  });
}

type Piece = { number: number; content: Buffer; rows: number };

async function keepPiece(database: Database, { id, attempt, organisationId }: Claimed, piece: Piece): Promise<void> {
  await inWall(database, organisationId, async (query) => {
    const { rowCount } = await query(
      `update report_export set rows = $3 where id = $1 and attempt = $2 and state = 'QUEUED'`,
      [id, attempt, piece.rows],
    );
    if (rowCount === 0) throw new Superseded();
    await query(
      'insert into report_export_piece (export_id, attempt, number, organisation_id, content) values ($1, $2, $3, $4, $5)',
      [id, attempt, piece.number, organisationId, piece.content],
    );
  });
}

type Query = <Row extends object>(text: string, values: unknown[]) => Promise<{ rows: Row[]; rowCount: number | null }>;

/** Bytes go by the driver itself: through Prisma they would travel as text. */
async function inWall<T>(
  database: Database,
  organisationId: number | null,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  const client = await connect(database.pool);
  try {
    await client.query(
      `begin; set local seb.organisations = '${wallOf(organisationId === null ? 'all' : [organisationId])}'`,
    );
    const result = await work((text, values) => client.query(text, values));
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    client.release(true); // cut off, and so rolled back
    throw error;
  }
}
