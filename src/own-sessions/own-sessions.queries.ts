import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import { digestOf } from '../http/keys.ts';
import type { SignedIn } from '../http/session.ts';
import { isOver } from '../http/session.ts';
import type { Person } from '../permissions/actor.ts';
import { isUser } from '../permissions/actor.ts';

export type OwnSession = {
  /** The row's key; never shown. */
  row: string;
  /** What a form names it by: nobody finds the row's key in it. */
  reference: string;
  signedIn: SignedIn;
  usedAt: number;
};

export type Now = { absoluteHours: number; moment: number };

/** Which rows of web_session are the person's: a user's by their id, an employee's by the key of their login. */
export function isOwnSession(person: Person): Sql {
  return isUser(person)
    ? sql`sess -> 'signedIn' ->> 'userId' = ${String(person.userId)}::text`
    : sql`sess -> 'signedIn' -> 'employee' ->> 'key' = ${person.key}::text`;
}

/** The person's own living sessions in both portals, the latest used first. */
export async function listOwnSessions(db: ReadDb, person: Person, now: Now): Promise<OwnSession[]> {
  const rows = await db.rows<Omit<OwnSession, 'reference'>>(sql`
    select sid as row, sess -> 'signedIn' as "signedIn", (sess ->> 'touchedAt')::float8 as "usedAt"
    from web_session where ${isOwnSession(person)} and expire >= now()
    order by 3 desc, 1`);
  return rows
    .filter(({ signedIn }) => isAlive(signedIn, person, now))
    .map((found) => ({ ...found, reference: digestOf(found.row) }));
}

// As every request judges it.
function isAlive(signedIn: SignedIn, person: Person, { absoluteHours, moment }: Now): boolean {
  const isOfEpoch = !isUser(person) || signedIn.sessionEpoch === person.sessionEpoch;
  return isOfEpoch && !isOver(signedIn, absoluteHours, moment);
}
