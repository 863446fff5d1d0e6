import { randomUUID } from 'node:crypto';
import type { Changes } from '../audit/record-change.ts';
import { recordChange } from '../audit/record-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import { mayNoLonger, whoOrdered } from '../audit/who-ordered.ts';
import { event } from '../audit/events.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureCan } from '../permissions/can.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { carryOut } from './carry-out.changes.ts';
import type { JudgedImport } from './judgement.queries.ts';
import { reasonText } from './reasons.ts';
import { findDifferences } from './staging.changes.ts';
import { finish } from './user-import.changes.ts';
import type { WaitingImport } from './user-import.queries.ts';
import { countRows, findImport, listWaitingImports } from './user-import.queries.ts';

/** Users of one transaction: some hundred keep it below a second or two, so that pages of the organisation hardly wait. */
export const ridsAtATime = 400;

/**
 * Carries a confirmed import on to its end, batch by batch, each one transaction with its log lines in the name of the person
 * who ordered it. What is done is marked in the same transaction: killed at any moment, it goes on where it stopped, and a
 * second run at the same time finds the organisation locked and the rows done.
 */
export async function runImport(changes: Changes, mailing: MailSetting, importId: number): Promise<void> {
  const waiting = (await listWaitingImports(changes.database)).find((one) => one.id === importId);
  if (waiting === undefined) return;
  const { actor, organisation } = await whoOrdered(changes.database, waiting);
  if (organisation === null) return;
  try {
    while (await runBatch(changes, mailing, waiting, actor, organisation));
  } catch (error) {
    if (!(await mayNoLonger(changes.database, waiting, error))) throw error;
    await stopImport(changes, organisation, importId);
  }
}

/** Whether there is more to do after this one. */
function runBatch(
  changes: Changes,
  mailing: MailSetting,
  { id, requestId, networkAddress }: WaitingImport,
  actor: Actor,
  organisation: AddressedOrganisation,
): Promise<boolean> {
  const once = { key: randomUUID(), action: 'user.import', bodyDigest: `import ${id}` };
  const request = { actor, organisation, requestId: requestId ?? `import-${id}`, networkAddress, once };
  return recordChange(changes, request, async (tx, current, onRecord) => {
    const as = ensureCan(current, 'user.import', { organisationId: organisation.id });
    const found = await findImport(tx, organisation.id, current.userId, id);
    // Another process was quicker.
    if (found?.state !== 'QUEUED') return { outcome: false, as, events: [] };
    const rids = await nextRids(tx, id);
    if (rids.length === 0) return { outcome: false, as, events: [await finish(tx, id, organisation)] };
    await leaveOutChanged(tx, { id, organisationId: organisation.id, cvr: organisation.cvr, rids }, current);
    const { mails } = await carryOut(tx, { actor: current, onRecord, organisation, as, mailing }, id, rids);
    return { outcome: true, as, events: [], mails };
  });
}

async function nextRids(tx: Tx, importId: number): Promise<string[]> {
  const rows = await tx.rows<{ rid: string }>(sql`
    select distinct rid from (
      select rid from user_import_row where import_id = ${importId}::int and done_at is null and kind in ('NEW', 'CHANGED')
      order by line limit ${ridsAtATime}::int) next`);
  return rows.map((row) => row.rid);
}

/** What is no longer as the dry run showed it is not done but told: with all rows of that RID, which belong together. */
async function leaveOutChanged(tx: Tx, judged: JudgedImport, actor: Actor): Promise<void> {
  const differences = await findDifferences(tx, judged, actor, 1_000_000);
  if (differences.length === 0) return;
  const told = differences.map(({ line, reason, about }) => ({ line, about: reasonText(reason, about) }));
  await tx.rows(sql`
    with told as (select * from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as d (line int, about text))
    update user_import_row t set kind = 'ERROR', reason = 'changedMeanwhile', is_leader = false, gives_role = false, person = null,
      about = (select told.about from told where told.line = t.line)
    where t.import_id = ${judged.id}::int and t.kind in ('NEW', 'CHANGED') and t.done_at is null
      and t.rid in (select o.rid from user_import_row o join told on told.line = o.line where o.import_id = ${judged.id}::int)`);
}

/** Whoever ordered it may no longer do it: what is done stays done, the rest is left, and the log says so. */
async function stopImport(changes: Changes, organisation: AddressedOrganisation, importId: number): Promise<void> {
  await recordSystemChange(changes, organisation.id, async (tx) => {
    const [stopped] = await tx.rows<{ created: number; changed: number; assigned: number }>(sql`
      update user_import set state = 'STOPPED', ended_at = now(), stop_reason = 'Den, der gennemførte indsættelsen, har ikke længere ret til det.'
      where id = ${importId}::int and state = 'QUEUED'
      returning created_users as created, changed_users as changed, assigned_roles as assigned`);
    if (stopped === undefined) return { outcome: null, events: [] };
    const { rows, work, done } = await countRows(tx, importId);
    const detail = { importId, ...stopped, errors: rows.ERROR, leftOut: work - done };
    return { outcome: null, events: [event('user.imported', { organisation, target: null }, detail)] };
  });
}
