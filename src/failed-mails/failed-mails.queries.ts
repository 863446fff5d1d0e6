import type { ReadDb } from '../db/access.ts';
import { noSql, sql } from '../db/sql.ts';

export const failedPerPage = 50;
/** So many at a time, when all are meant: after a long fault the button is pressed again for the rest. */
export const mostAtOnce = 5000;

export const failedStates = ['FAILED', 'GIVEN_UP'] as const;
export type FailedState = (typeof failedStates)[number];

/** A mail that did not get through: whom it was for and why, never what it says. */
export type FailedMail = {
  id: number;
  kind: string;
  toName: string;
  toAddress: string;
  organisationName: string | null;
  createdAt: Date;
  failedAt: Date;
  attempts: number;
  isBounced: boolean;
  lastError: string | null;
  givenUpAt: Date | null;
  givenUpBy: string | null;
};

/** The newest first; one more than a page. `before` is the id of the last one seen. */
export function listFailedMails(db: ReadDb, state: FailedState, before: number | null): Promise<FailedMail[]> {
  const condition =
    state === 'FAILED' ? sql`m.failed_at is not null and m.given_up_at is null` : sql`m.given_up_at is not null`;
  return db.rows<FailedMail>(sql`
    select m.id, m.kind, m.to_name as "toName", m.to_address as "toAddress", o.name as "organisationName", m.created_at as "createdAt",
      m.failed_at as "failedAt", m.attempts, m.bounced_at is not null as "isBounced", m.last_error as "lastError",
      m.given_up_at as "givenUpAt", u.first_name || ' ' || u.last_name as "givenUpBy"
    from mail_outbox m left join organisation o on o.id = m.organisation_id left join app_user u on u.id = m.given_up_by_id
    where ${condition} ${before === null ? noSql : sql`and m.id < ${before}::int`}
    order by m.id desc limit ${failedPerPage + 1}::int`);
}

/** Counting stops here: "mere end 10.000". */
export const waitingLimit = 10_000;

/** What waits to be sent, and why the oldest that was tried has to wait. */
export type Waiting = { count: number; since: Date | null; lastError: string | null };

export async function readWaiting(db: ReadDb): Promise<Waiting> {
  const [row] = await db.rows<Waiting>(sql`
    select (select count(*)::int from (
        select from mail_outbox where sent_at is null and failed_at is null limit ${waitingLimit + 1}::int) w) as count,
      first.created_at as since, first.last_error as "lastError"
    from (select 1) one left join lateral (
      select created_at, last_error from mail_outbox where sent_at is null and failed_at is null order by id limit 1) first on true`);
  return row ?? { count: 0, since: null, lastError: null };
}
