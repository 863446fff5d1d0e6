import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { pieceBytes } from '../db/pieces.ts';
import { sql } from '../db/sql.ts';
import type { ActorOnRecord } from '../audit/record-change.ts';
import type { ActorKind } from '../permissions/rules.ts';
import type { ReportOrder } from '../reports/prepare-report.ts';
import { Conflict } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import type { ExportForm } from './report-export.ts';
import { daysKept, mostWaiting } from './report-export.ts';

/** A file that is asked for. */
export type NewExport = { reference: string; title: string; form: ExportForm; order: ReportOrder };
export type MadeFile = { content: Buffer; rows: number; sha256: string };
type PlacedBy = { onRecord: ActorOnRecord; as: ActorKind };
type Placed = Change<{ reference: string; exportId: number; isReady: boolean }>;

/** Keeps a small file that was made while its reader waited, with its line in the log. */
export async function keepFile(
  tx: Tx,
  { onRecord, as }: PlacedBy,
  asked: NewExport,
  file: MadeFile,
  made: AuditEvent,
): Promise<Placed> {
  const { order, reference, title, form } = asked;
  const organisationId = order.organisation?.id ?? null;
  const [kept] = await tx.rows<{ id: number }>(sql`
    insert into report_export (reference, organisation_id, ordered_by_id, ordered_by_name, report, title, form, terms, state, attempt,
      rows, bytes, sha256, request_id, network_address, started_at, ended_at, expires_at)
    values (${reference}, ${organisationId}::int, ${onRecord.userId}::int, ${onRecord.name}, ${order.reportId}, ${title}, ${form},
      ${JSON.stringify(order)}::jsonb, 'READY', 1, ${file.rows}::int, ${file.content.length}::bigint, ${file.sha256}, ${onRecord.requestId},
      ${onRecord.networkAddress}, now(), now(), now() + ${daysKept}::int * interval '1 day')
    returning id`);
  if (kept === undefined) throw new Error('a file was not kept');
  for (let number = 0; number * pieceBytes < file.content.length; number += 1) {
    const piece = file.content.subarray(number * pieceBytes, (number + 1) * pieceBytes);
    await tx.rows(sql`
      insert into report_export_piece (export_id, attempt, number, organisation_id, content)
      values (${kept.id}::int, 1, ${number}::int, ${organisationId}::int, ${piece})`);
  }
  return { outcome: { reference, exportId: kept.id, isReady: true }, as, events: [made] };
}

/** Keeps the order of a large one for the job. @throws Conflict when too many of the person's wait already */
export async function placeExport(tx: Tx, { onRecord, as }: PlacedBy, asked: NewExport): Promise<Placed> {
  const { order, reference, title, form } = asked;
  // One's orders come one after the other, so that the count is right when several come at once.
  await tx.rows(sql`select pg_advisory_xact_lock(hashtext('report_export'), ${onRecord.userId}::int)::text`);
  const [waiting] = await tx.rows<{ count: number }>(sql`
    select count(*)::int as count from report_export where ordered_by_id = ${onRecord.userId}::int and state = 'QUEUED'`);
  if ((waiting?.count ?? 0) >= mostWaiting)
    throw new Conflict(
      `Du har allerede ${counted(mostWaiting, 'rapport', 'rapporter')} i gang. Vent, til en af dem er klar, og bestil så igen.`,
    );
  const [placed] = await tx.rows<{ id: number }>(sql`
    insert into report_export (reference, organisation_id, ordered_by_id, ordered_by_name, report, title, form, terms, request_id,
      network_address)
    values (${reference}, ${order.organisation?.id ?? null}::int, ${onRecord.userId}::int, ${onRecord.name}, ${order.reportId}, ${title},
      ${form}, ${JSON.stringify(order)}::jsonb, ${onRecord.requestId}, ${onRecord.networkAddress})
    returning id`);
  if (placed === undefined) throw new Error('an order of a report was not placed');
  const ordered = event(
    'report.ordered',
    { organisation: order.organisation, target: null },
    { report: order.reportId, title, form, reference },
  );
  return { outcome: { reference, exportId: placed.id, isReady: false }, as, events: [ordered] };
}
