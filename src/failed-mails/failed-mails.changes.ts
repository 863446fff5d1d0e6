import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { noSql, sql } from '../db/sql.ts';
import { mailTitle } from '../mail/templates.ts';
import type { Actor } from '../permissions/actor.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { mostAtOnce } from './failed-mails.queries.ts';

export type Chosen = readonly number[] | 'all';

type Touched = { id: number; kind: string };

/** Sends failed mails again, each under its own Message-ID; those that somebody else took up meanwhile are left out. */
export async function resendMails(tx: Tx, actor: Actor, chosen: Chosen): Promise<Change<{ mails: number }>> {
  const as = ensureEverywhere(actor, 'deadLetter.manage');
  const resent = await tx.rows<Touched>(sql`
    update mail_outbox m set failed_at = null, sent_at = null, bounced_at = null, tried_since = now()
    from (${failed(chosen)}) f where m.id = f.id returning m.id, m.kind`);
  const written = resent.map(({ id }) => id);
  return { outcome: { mails: resent.length }, as, events: eventsOf('mail.resent', resent), written };
}

/** Takes failed mails off the list for good; they go with their text after 90 days. */
export async function giveUpMails(tx: Tx, actor: Actor, chosen: Chosen): Promise<Change<{ mails: number }>> {
  const as = ensureEverywhere(actor, 'deadLetter.manage');
  const givenUp = await tx.rows<Touched>(sql`
    update mail_outbox m set given_up_at = now(), given_up_by_id = ${actor.userId}::int
    from (${failed(chosen)}) f where m.id = f.id returning m.id, m.kind`);
  return { outcome: { mails: givenUp.length }, as, events: eventsOf('mail.givenUp', givenUp) };
}

function failed(chosen: Chosen) {
  return sql`
    select id from mail_outbox where failed_at is not null and given_up_at is null
      ${chosen === 'all' ? noSql : sql`and id = any (${[...chosen]}::int[])`}
    order by id desc limit ${mostAtOnce}::int for update`;
}

function eventsOf(kind: 'mail.resent' | 'mail.givenUp', touched: readonly Touched[]) {
  if (touched.length === 0) return [];
  const titles = [...new Set(touched.map((mail) => mailTitle(mail.kind)))].toSorted();
  return [event(kind, { organisation: null, target: null }, { mails: touched.length, titles })];
}
