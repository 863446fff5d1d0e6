import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Connections } from '../db/pool.ts';
import type { Actor } from '../permissions/actor.ts';
import type { ReportDocument } from '../reports/document.ts';
import { openReport } from '../reports/open-report.ts';
import type { ReportOrder } from '../reports/prepare-report.ts';
import type { ExportForm } from './report-export.ts';
import { exportForms, TooManyRows, upTo } from './report-export.ts';
import type { MadeFile } from './report-exports.changes.ts';

export type AtOnce = { order: ReportOrder; form: ExportForm; reference: string; mostRows: number };

/** The file of a small report; null when it has more rows than are made while somebody waits. */
export async function makeAtOnce(
  database: Connections,
  actor: Actor,
  { order, form, reference, mostRows }: AtOnce,
): Promise<{ head: ReportDocument['head']; file: MadeFile | null }> {
  const document = await openReport(database, actor, order, { at: new Date(), reference });
  const out = new PassThrough();
  try {
    const [content, { rows, sha256 }] = await Promise.all([
      buffer(out),
      exportForms[form].write(upTo(mostRows, document), out),
    ]);
    return { head: document.head, file: { content, rows, sha256 } };
  } catch (error) {
    if (error instanceof TooManyRows) return { head: document.head, file: null };
    throw error;
  }
}
