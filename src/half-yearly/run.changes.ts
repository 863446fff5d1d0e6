import { event } from '../audit/events.ts';
import type { Change, Changes } from '../audit/record-change.ts';
import type { SystemChange } from '../audit/record-system-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import type { Tx } from '../db/access.ts';
import { readPage } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { Conflict } from '../shared/errors.ts';
import type { MailSetting } from '../users/users.changes.ts';
import { activeAdministrators } from './active-administrators.queries.ts';
import { halfYearlyMail } from './half-yearly.mail.ts';
import type { Plan } from './plan.ts';
import { dueDay } from './plan.ts';
import { listFigures, listNext } from './recipients.queries.ts';

/** So many mails are one transaction: killed in between, the next run of the job goes on with the next of them. */
export const portionSize = 25;

type OpenRun = { id: number; dormantDays: number };

/**
 * Begins the run that the plan wants now, if it is not there yet, and carries what is begun on to its end. Safe to do twice: a day
 * of the plan has one run, a run has each person once, and a person is marked in the transaction that writes the mail. Returns
 * how many mails were written.
 */
export async function runHalfYearly(
  changes: Changes,
  mailing: MailSetting,
  plan: Plan | null,
  now: Date = new Date(),
): Promise<number> {
  const day = plan === null ? null : dueDay(plan, now);
  if (plan !== null && day !== null && (await isMissing(changes, day)))
    await recordSystemChange(changes, null, (tx) => begin(tx, { plannedFor: day, dormantDays: plan.dormantDays }));
  const [open] = await readPage(changes.database, 'all', (db) =>
    db.rows<OpenRun>(sql`select id, dormant_days as "dormantDays" from half_yearly_run where ended_at is null`),
  );
  if (open === undefined) return 0;
  let written = 0;
  for (;;) {
    const portion = await recordSystemChange(changes, null, (tx) => writePortion(tx, open, mailing));
    written += portion.mails;
    if (portion.isOver) return written;
  }
}

async function isMissing({ database }: Changes, day: string): Promise<boolean> {
  const rows = await readPage(database, 'all', (db) =>
    db.rows(sql`select 1 from half_yearly_run where planned_for = ${day}::text::date or ended_at is null`),
  );
  return rows.length === 0;
}

/** False when another process was first. */
async function begin(
  tx: Tx,
  { plannedFor, dormantDays }: { plannedFor: string; dormantDays: number },
): Promise<SystemChange<boolean>> {
  const [run] = await tx.rows<{ id: number }>(sql`
    insert into half_yearly_run (planned_for, dormant_days) select ${plannedFor}::text::date, ${dormantDays}::int
    where not exists (select from half_yearly_run where ended_at is null)
    on conflict (planned_for) do nothing returning id`);
  if (run === undefined) return { outcome: false, events: [] };
  return { outcome: true, events: [await started(tx, run.id, plannedFor)] };
}

/** A run that the system owner begins, for as many as the page had told; the job carries it out within a minute. */
export async function beginByHand(
  tx: Tx,
  actor: Actor,
  { dormantDays, expected }: { dormantDays: number; expected: number },
): Promise<Change<{ runId: number }>> {
  const as = ensureEverywhere(actor, 'halfYearlyRun.manage');
  const [run] = await tx.rows<{ id: number }>(sql`
    insert into half_yearly_run (started_by_id, dormant_days) select ${actor.userId}::int, ${dormantDays}::int
    where not exists (select from half_yearly_run where ended_at is null) returning id`);
  if (run === undefined)
    throw new Conflict('En udsendelse er allerede i gang. Vent, til den er færdig, og se så, om en til er nødvendig.');
  const begun = await started(tx, run.id, null);
  if (begun.detail.recipients !== expected)
    throw new Conflict('Antallet af modtagere er ændret, siden du åbnede siden. Intet er sendt. Åbn siden igen.');
  return { outcome: { runId: run.id }, as, events: [begun] };
}

async function started(tx: Tx, runId: number, plannedFor: string | null) {
  const recipients = await tx.rows(sql`
    insert into half_yearly_recipient (run_id, user_id)
    select distinct ${runId}::int, a.user_id from (${activeAdministrators}) a returning user_id`);
  const detail = { runId, plannedFor, recipients: recipients.length };
  return event('halfYearly.started', { organisation: null, target: null }, detail);
}

type Portion = { mails: number; isOver: boolean };

async function writePortion(tx: Tx, run: OpenRun, mailing: MailSetting): Promise<SystemChange<Portion>> {
  const people = await listNext(tx, run.id, portionSize);
  if (people.length === 0) return end(tx, run.id);
  const figures = await listFigures(
    tx,
    people.map(({ userId }) => userId),
    run.dormantDays,
  );
  const mails = people.flatMap((person) => {
    const own = figures.filter(({ userId }) => userId === person.userId);
    return own.length === 0
      ? []
      : [{ userId: person.userId, ...halfYearlyMail(mailing, person, own, run.dormantDays) }];
  });
  const rows = mails.map(({ userId, kind, to, subject, text, html }) => ({ userId, kind, ...to, subject, text, html }));
  const written = await tx.rows<{ id: number }>(sql`
    with given as (
      select '<' || gen_random_uuid() || '@seb>' as message_id, g.*
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as g ("userId" int, kind text, name text, address text, subject text, text text, html text)),
    written as (
      insert into mail_outbox (message_id, kind, to_name, to_address, subject, text, html)
      select message_id, kind, name, address, subject, text, html from given returning id, message_id),
    done as (
      update half_yearly_recipient r set done_at = now(), mail_id = w.id
      from unnest(${people.map(({ userId }) => userId)}::int[]) as turn (user_id)
        left join given g on g."userId" = turn.user_id left join written w on w.message_id = g.message_id
      where r.run_id = ${run.id}::int and r.user_id = turn.user_id)
    select id from written`);
  return { outcome: { mails: mails.length, isOver: false }, events: [], written: written.map(({ id }) => id) };
}

/** Another process may have ended it meanwhile. */
async function end(tx: Tx, runId: number): Promise<SystemChange<Portion>> {
  const outcome = { mails: 0, isOver: true };
  const ended = await tx.rows(
    sql`update half_yearly_run set ended_at = now() where id = ${runId}::int and ended_at is null returning id`,
  );
  const [counts] = await tx.rows<{ mails: number; leftOut: number }>(sql`
    select count(mail_id)::int as mails, (count(*) filter (where mail_id is null))::int as "leftOut"
    from half_yearly_recipient where run_id = ${runId}::int`);
  if (ended.length === 0 || counts === undefined) return { outcome, events: [] };
  const over = event('halfYearly.ended', { organisation: null, target: null }, { runId, ...counts });
  return { outcome, events: [over] };
}
