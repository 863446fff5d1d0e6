import { randomUUID } from 'node:crypto';
import { event } from '../audit/events.ts';
import type { Changes } from '../audit/record-change.ts';
import { recordChange } from '../audit/record-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import { mayNoLonger, whoOrdered } from '../audit/who-ordered.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { prepareReport } from '../reports/prepare-report.ts';
import { madeEvent } from '../reports/record-made.ts';
import { BadRequest } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { MakeFile } from './export-processes.ts';
import type { MadeExport } from './make-export.changes.ts';
import { daysKept } from './report-export.ts';
import { readyMail, stoppedMail } from './report-exports.mail.ts';
import type { ReportExport } from './report-exports.queries.ts';
import { findWaitingExport } from './report-exports.queries.ts';

const mostAttempts = 5;

/**
 * Carries an order of a file to its end: made whole by one run, it becomes ready in one transaction with its line in the log
 * and the mail to the one who ordered it. Killed at any moment, the next run begins anew; what a run left half done belongs
 * to an attempt that no file is made of.
 */
export async function runExport(
  changes: Changes,
  mailing: MailSetting,
  makeFile: MakeFile,
  exportId: number,
): Promise<void> {
  const waiting = await findWaitingExport(changes.database, exportId);
  if (waiting === null) return;
  const ordered = { orderedById: waiting.orderedById, cvr: waiting.order.organisation?.cvr ?? '' };
  const { actor } = await whoOrdered(changes.database, ordered);
  try {
    prepareReport(actor, waiting.order);
    if (waiting.attempt >= mostAttempts) return await stop(changes, mailing, { waiting, actor }, tooManyAttempts);
    const made = await makeFile(exportId);
    if (made !== null) await finish(changes, mailing, { waiting, actor, made });
  } catch (error) {
    const isForGood = error instanceof BadRequest || (await mayNoLonger(changes.database, ordered, error));
    if (!isForGood) throw error;
    await stop(changes, mailing, { waiting, actor }, noLonger);
  }
}

const noLonger = 'Du har ikke længere ret til rapporten, eller det, den handler om, findes ikke mere.';
const tooManyAttempts = 'Rapporten kunne ikke laves. Bestil den igen, eller kontakt servicedesken.';

type Ordered = { waiting: ReportExport; actor: Actor };

async function finish(
  changes: Changes,
  mailing: MailSetting,
  { waiting, actor, made }: Ordered & { made: MadeExport },
): Promise<void> {
  const { id, order, form, reference, requestId, networkAddress } = waiting;
  const once = { key: randomUUID(), action: 'report.export', bodyDigest: `export ${id}` };
  const { as, told } = await madeEvent(changes.database, actor, order, {
    ...{ form, rows: made.rows, hasMore: false, reference, sha256: made.sha256 },
  });
  const request = { actor, organisation: order.organisation, requestId, networkAddress, once };
  await recordChange(changes, request, async (tx, current) => {
    prepareReport(current, order);
    const [ready] = await tx.rows<{ expiresAt: Date }>(sql`
      update report_export set state = 'READY', rows = ${made.rows}::int, bytes = ${made.bytes}::bigint, sha256 = ${made.sha256}, ended_at = now(),
        expires_at = now() + ${daysKept}::int * interval '1 day'
      where id = ${id}::int and state = 'QUEUED' and attempt = ${made.attempt}::int
      returning expires_at as "expiresAt"`);
    // Another run was quicker.
    if (ready === undefined) return { outcome: false, as, events: [] };
    return {
      outcome: true,
      as,
      events: [told],
      mails: [readyMail({ ...waiting, ...made, ...ready }, current, mailing)],
    };
  });
}

async function stop(
  changes: Changes,
  mailing: MailSetting,
  { waiting, actor }: Ordered,
  reason: string,
): Promise<void> {
  const { id, organisationId, order, title, form, reference, report } = waiting;
  await recordSystemChange(changes, organisationId, async (tx) => {
    const [stopped] = await tx.rows<{ id: number }>(sql`
      update report_export set state = 'STOPPED', stop_reason = ${reason}, ended_at = now()
      where id = ${id}::int and state = 'QUEUED' returning id`);
    if (stopped === undefined) return { outcome: null, events: [] };
    await tx.rows(sql`delete from report_export_piece where export_id = ${id}::int`);
    const told = event(
      'report.stopped',
      { organisation: order.organisation, target: null },
      { report, title, form, reference, reason },
    );
    const mails = actor.isActive ? [stoppedMail(waiting, actor, reason, mailing)] : [];
    return { outcome: null, events: [told], mails };
  });
}
