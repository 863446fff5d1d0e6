import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { digestOf } from '../http/keys.ts';
import type { SignedIn } from '../http/session.ts';
import { isOver } from '../http/session.ts';
import type { Actor } from '../permissions/actor.ts';

export type OwnSession = {
  /** The row's key; never shown. */
  row: string;
  /** What a form names it by: nobody finds the row's key in it. */
  reference: string;
  signedIn: SignedIn;
  usedAt: number;
};

export type Now = { absoluteHours: number; moment: number };

/** The actor's own living sessions in both portals, the latest used first. */
export async function listOwnSessions(db: ReadDb, actor: Actor, now: Now): Promise<OwnSession[]> {
  const rows = await db.rows<Omit<OwnSession, 'reference'>>(sql`
    select sid as row, sess -> 'signedIn' as "signedIn", (sess ->> 'touchedAt')::float8 as "usedAt"
    from web_session where sess -> 'signedIn' ->> 'userId' = ${String(actor.userId)}::text and expire >= now()
    order by 3 desc, 1`);
  return rows
    .filter(({ signedIn }) => isAlive(signedIn, actor, now))
    .map((found) => ({ ...found, reference: digestOf(found.row) }));
}

// As every request judges it.
function isAlive(signedIn: SignedIn, { sessionEpoch }: Actor, { absoluteHours, moment }: Now): boolean {
  return signedIn.sessionEpoch === sessionEpoch && !isOver(signedIn, absoluteHours, moment);
}
