import type { AuditEvent } from '../audit/events.ts';
import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { Person } from '../permissions/actor.ts';
import { fullName, isUser, organisationOfPerson } from '../permissions/actor.ts';
import { ensureOwn } from '../permissions/can.ts';
import { Conflict } from '../shared/errors.ts';
import { formatDateTime } from '../shared/dates.ts';
import type { Now, OwnSession } from './own-sessions.queries.ts';
import { isOwnSession, listOwnSessions } from './own-sessions.queries.ts';

/** Which of one's own sessions end: all, all but the one that asks, or the one with this reference. */
export type Ending = 'all' | 'others' | { reference: string };

export type Ended = { sessions: number; isHere: boolean };

/** Ends sessions of the person's own; requests of theirs that are running change nothing about it. */
export async function endOwnSessions(
  tx: Tx,
  person: Person,
  { ending, here, now }: { ending: Ending; here: string; now: Now },
): Promise<Change<Ended>> {
  const as = ensureOwn(person, 'ownSessions.end');
  const living = await listOwnSessions(tx, person, now);
  // Ended by another session of the same person meanwhile: whoever was logged off ends nothing more.
  if (!living.some(({ row }) => row === here)) throw new Conflict('Du er logget af imens. Log på igen.');
  const chosen = living.filter((session) => isChosen(session, ending, here));
  await tx.rows(sql`
    delete from web_session where ${isOwnSession(person)}
      and sid = any (${chosen.map(({ row }) => row)}::text[])`);
  const isHere = chosen.some(({ row }) => row === here);
  return { outcome: { sessions: chosen.length, isHere }, as, events: eventsOf(person, ending, chosen) };
}

function isChosen({ row, reference }: OwnSession, ending: Ending, here: string): boolean {
  if (ending === 'all') return true;
  return ending === 'others' ? row !== here : reference === ending.reference;
}

function eventsOf(person: Person, ending: Ending, chosen: OwnSession[]): AuditEvent[] {
  const [first] = chosen;
  if (first === undefined) return [];
  const about = {
    organisation: organisationOfPerson(person),
    target: { userId: isUser(person) ? person.userId : null, name: fullName(person) },
  };
  if (ending === 'all' || ending === 'others')
    return [event('session.endedEverywhere', about, { sessions: chosen.length, isAlsoHere: ending === 'all' })];
  const { portal, browser, loginAt } = first.signedIn;
  const loggedInAt = formatDateTime(new Date(loginAt));
  return [event('session.ended', about, { portal, browser, loggedInAt })];
}
