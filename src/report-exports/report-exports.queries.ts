import type { ReadDb } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import type { Connections } from '../db/pool.ts';
import { readPieces } from '../db/pieces.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { ReportOrder } from '../reports/prepare-report.ts';
import { orderShape } from './report-export.ts';
import type { ExportForm } from './report-export.ts';

/** An order of a file, and what came of it. */
export type ReportExport = {
  id: number;
  reference: string;
  organisationId: number | null;
  orderedById: number;
  orderedByName: string;
  report: string;
  title: string;
  form: ExportForm;
  order: ReportOrder;
  state: 'QUEUED' | 'READY' | 'STOPPED';
  attempt: number;
  isStarted: boolean;
  rows: number;
  bytes: number | null;
  sha256: string | null;
  stopReason: string | null;
  requestId: string;
  networkAddress: string | null;
  createdAt: Date;
  endedAt: Date | null;
  expiresAt: Date | null;
  /** Whether the file can still be fetched. */
  isThere: boolean;
};

const columns = sql`e.id, e.reference, e.organisation_id as "organisationId", e.ordered_by_id as "orderedById",
  e.ordered_by_name as "orderedByName", e.report, e.title, e.form, e.terms, e.state, e.attempt, e.started_at is not null as "isStarted",
  e.rows, e.bytes::float8 as bytes, e.sha256, e.stop_reason as "stopReason", e.request_id as "requestId",
  e.network_address as "networkAddress", e.created_at as "createdAt", e.ended_at as "endedAt", e.expires_at as "expiresAt",
  e.state = 'READY' and e.removed_at is null and e.expires_at > now() as "isThere"`;

async function find(db: ReadDb, where: Sql): Promise<ReportExport[]> {
  const rows = await db.rows<Omit<ReportExport, 'order'> & { terms: unknown }>(
    sql`select ${columns} from report_export e where ${where}`,
  );
  return rows.map(({ terms, ...found }) => ({ ...found, order: orderShape.parse(terms) }));
}

/** Only the one who ordered it finds it. */
export async function findOwnExport(db: ReadDb, userId: number, reference: string): Promise<ReportExport | null> {
  const [found] = await find(db, sql`e.reference = ${reference} and e.ordered_by_id = ${userId}::int`);
  return found ?? null;
}

export const exportsPerPage = 50;

/** One's own, the latest first; one more than a page shows. */
export function listOwnExports(db: ReadDb, userId: number, before: number): Promise<ReportExport[]> {
  return find(
    db,
    sql`e.ordered_by_id = ${userId}::int and e.id < ${before}::int order by e.id desc limit ${exportsPerPage + 1}::int`,
  );
}

/** Reports that say the same can be the same to the byte (CSV): the one with the number, else the latest. */
export async function findExportByHash(
  db: ReadDb,
  sha256: string,
  reference: string | null,
): Promise<ReportExport | null> {
  const [found] = await find(
    db,
    sql`e.sha256 = ${sha256} order by e.reference = ${reference}::text desc nulls last, e.id desc limit 1`,
  );
  return found ?? null;
}

export async function findExportByReference(db: ReadDb, reference: string): Promise<ReportExport | null> {
  const [found] = await find(db, sql`e.reference = ${reference} and e.state = 'READY'`);
  return found ?? null;
}

/** For the job: an order that is not done yet. */
export async function findWaitingExport(database: Connections, id: number): Promise<ReportExport | null> {
  const [found] = await readPage(database, 'all', (db) => find(db, sql`e.id = ${id}::int and e.state = 'QUEUED'`));
  return found ?? null;
}

export function listWaitingExports(database: Connections): Promise<{ id: number }[]> {
  return readPage(database, 'all', (db) =>
    db.rows<{ id: number }>(sql`select id from report_export where state = 'QUEUED' order by id limit 1000`),
  );
}

/** The bytes of a file, piece by piece. */
export function piecesOf(
  database: Connections,
  { id, attempt, organisationId }: Pick<ReportExport, 'id' | 'attempt' | 'organisationId'>,
): AsyncGenerator<Buffer> {
  return readPieces(
    database,
    organisationId === null ? 'all' : [organisationId],
    (number) => sql`
      select content from report_export_piece
      where export_id = ${id}::int and attempt = ${attempt}::int and number = ${number}::int`,
  );
}
