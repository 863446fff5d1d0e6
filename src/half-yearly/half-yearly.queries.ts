import type { ReadDb } from '../db/access.ts';
import { noSql, sql } from '../db/sql.ts';
import { activeAdministrators } from './active-administrators.queries.ts';

export const runsPerPage = 10;
export const recipientsPerPage = 50;

/** A run and how far it has come: written, taken by the mail server, failed; the rest waits. */
export type Run = {
  id: number;
  plannedFor: string | null;
  startedAt: Date;
  startedBy: string | null;
  endedAt: Date | null;
  recipients: number;
  written: number;
  sent: number;
  failed: number;
  leftOut: number;
};

// What became of a mail stands in the outbox, and beside the recipient when the mail itself was removed.
const wasSent = sql`(coalesce(m.sent_at, r.sent_at) is not null and coalesce(m.failed_at, r.failed_at) is null)`;
const hasFailed = sql`(coalesce(m.failed_at, r.failed_at) is not null)`;
const wasLeftOut = sql`(r.done_at is not null and r.mail_id is null and r.sent_at is null and r.failed_at is null)`;

/** The latest first; one more than a page. `before` is the id of the last one seen, `only` a single run. */
export function listRuns(db: ReadDb, { before, only }: { before?: number | null; only?: number }): Promise<Run[]> {
  return db.rows<Run>(sql`
    select h.id, h.planned_for::text as "plannedFor", h.started_at as "startedAt", u.first_name || ' ' || u.last_name as "startedBy",
      h.ended_at as "endedAt", c.*
    from half_yearly_run h left join app_user u on u.id = h.started_by_id
      cross join lateral (
        select count(*)::int as recipients, (count(*) filter (where r.done_at is not null and not ${wasLeftOut}))::int as written,
          (count(*) filter (where ${wasSent}))::int as sent, (count(*) filter (where ${hasFailed}))::int as failed,
          (count(*) filter (where ${wasLeftOut}))::int as "leftOut"
        from half_yearly_recipient r left join mail_outbox m on m.id = r.mail_id where r.run_id = h.id) c
    where true ${only === undefined ? noSql : sql`and h.id = ${only}::int`}
      ${before === undefined || before === null ? noSql : sql`and h.id < ${before}::int`}
    order by h.id desc limit ${runsPerPage + 1}::int`);
}

export const recipientStates = ['SENT', 'FAILED', 'WAITING', 'LEFT_OUT'] as const;
export type RecipientState = (typeof recipientStates)[number];

export type RunRecipient = {
  userId: number;
  name: string;
  email: string;
  organisationName: string;
  state: RecipientState;
  at: Date | null;
};

/** Who gets it, by user number; one more than a page. */
export function listRecipients(
  db: ReadDb,
  runId: number,
  state: RecipientState | null,
  after: number | null,
): Promise<RunRecipient[]> {
  return db.rows<RunRecipient>(sql`
    select * from (
      select r.user_id as "userId", u.first_name || ' ' || u.last_name as name, coalesce(m.to_address, u.email) as email,
        o.name as "organisationName", coalesce(m.failed_at, r.failed_at, m.sent_at, r.sent_at) as at,
        case when ${hasFailed} then 'FAILED' when ${wasSent} then 'SENT' when ${wasLeftOut} then 'LEFT_OUT' else 'WAITING' end as state
      from half_yearly_recipient r join app_user u on u.id = r.user_id join organisation o on o.id = u.organisation_id
        left join mail_outbox m on m.id = r.mail_id
      where r.run_id = ${runId}::int) one
    where true ${state === null ? noSql : sql`and state = ${state}::text`} ${after === null ? noSql : sql`and "userId" > ${after}::int`}
    order by "userId" limit ${recipientsPerPage + 1}::int`);
}

/** How many a run that began now would reach, and in how many organisations. */
export async function countReach(db: ReadDb): Promise<{ people: number; organisations: number }> {
  const [row] = await db.rows<{ people: number; organisations: number }>(sql`
    select count(distinct a.user_id)::int as people, count(distinct a.organisation_id)::int as organisations
    from (${activeAdministrators}) a`);
  return row ?? { people: 0, organisations: 0 };
}
