import type { Changes } from '../audit/record-change.ts';
import { recordSystemChange } from '../audit/record-system-change.ts';
import { event } from '../audit/events.ts';
import { listSystemOwners } from '../agreements/appointing.queries.ts';
import type { Tx } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import { sql } from '../db/sql.ts';
import type { MailSetting } from '../users/users.changes.ts';
import type { Root } from './root-statement.ts';
import { digestOfStatement, rootWithSignature, statementOf } from './root-statement.ts';
import type { ClosedDay } from './root.mail.ts';
import { rootMails } from './root.mail.ts';
import type { SealKey } from './seal-key.ts';

/** So many events are sealed in one transaction: well below a second of work. */
const portion = 20_000;

export type Sealed = { events: number; days: number };

/**
 * Seals everything that was committed, and closes the days that are over with signed roots, which are mailed to the system
 * owner. Takes no lock that a change waits for; a second run goes on where this one stops.
 */
export async function sealLog(changes: Changes, key: SealKey, mailing: MailSetting | null): Promise<Sealed> {
  const done: Sealed = { events: 0, days: 0 };
  for (;;) {
    const { sealed, isClosable } = await sealPortion(changes.database);
    done.events += sealed;
    if (isClosable) {
      if (await closeDay(changes, key, mailing)) done.days += 1;
      continue;
    }
    if (sealed < portion) return done;
  }
}

/**
 * Behind a log of which much was unsealed, the two passes after it look through all of it once more: some ten seconds for
 * 2.5 million events, which is longer than a page's statement may take.
 */
async function sealPortion({ prisma }: Database): Promise<{ sealed: number; isClosable: boolean }> {
  const [, [row]] = await prisma.$transaction([
    prisma.$queryRaw`select set_config('statement_timeout', '600000', true)`,
    prisma.$queryRaw<{ sealed: number; isClosable: boolean }[]>`
      select sealed, is_closable as "isClosable" from audit_seal(${portion}::int)`,
  ]);
  if (row === undefined) throw new Error('the sealing told nothing');
  return row;
}

/** One day in one transaction: its root, the event that tells of it, and the mails. False when another was first. */
function closeDay(changes: Changes, key: SealKey, mailing: MailSetting | null): Promise<boolean> {
  return recordSystemChange(changes, null, async (tx) => {
    const root = await rootToSign(tx, key.id);
    const statement = statementOf(root);
    const signature = key.sign(statement);
    const [closed] = await tx.rows<{ isClosed: boolean }>(sql`
      select audit_close_day(${root.day}::date, ${root.lastSeq}::bigint, ${statement}, ${signature}::bytea, ${key.id}, ${key.publicKey}) as "isClosed"`);
    if (closed?.isClosed !== true) return { outcome: false, events: [] };
    const told: ClosedDay = { day: root.day, events: root.events, root: rootWithSignature(statement, signature) };
    const detail = { day: root.day, events: Number(root.events), lastNumber: Number(root.lastSeq), keyId: key.id };
    return {
      outcome: true,
      events: [event('auditLog.dayClosed', { organisation: null, target: null }, detail)],
      mails: mailing === null ? [] : rootMails(mailing, await listSystemOwners(tx), told),
    };
  });
}

type ToClose = {
  day: string;
  lastSeq: string;
  lastEventId: string;
  hash: string;
  events: string;
  previous: string | null;
};

async function rootToSign(tx: Tx, keyId: string): Promise<Root> {
  const [row] = await tx.rows<ToClose>(sql`
    select day::text, last_seq::text as "lastSeq", last_event_id::text as "lastEventId", encode(hash, 'hex') as hash, events::text, previous
    from audit_day_to_close()`);
  if (row === undefined) throw new Error('there is no day to close');
  return {
    day: row.day,
    lastSeq: BigInt(row.lastSeq),
    lastEventId: BigInt(row.lastEventId),
    events: BigInt(row.events),
    hash: row.hash,
    previous: row.previous === null ? null : digestOfStatement(row.previous),
    keyId,
  };
}
