import type { WaitingCount } from '../access-requests/access-requests.queries.ts';
import { countWaiting } from '../access-requests/access-requests.queries.ts';
import { requestsPath } from '../access-requests/requests.pages.ts';
import { listLackingAcceptance } from '../agreements/agreement-texts.queries.ts';
import type { ReadDb } from '../db/access.ts';
import type { EmergencyLock } from '../emergency-locks/emergency-lock.ts';
import { listOpenEmergencyLocks } from '../emergency-locks/emergency-locks.queries.ts';
import type { Actor } from '../permissions/actor.ts';
import type { Action } from '../permissions/rules.ts';
import { mayEver } from '../permissions/scope.ts';
import { counted } from '../shared/text.ts';
import { unitsPath, unusableText } from '../repointing/repointing.pages.ts';
import { usersPath } from '../users/users.pages.ts';

/** Something in SEB that waits for a decision; gone by itself when it is made. */
export type Task = { title: string; text: string; link: { label: string; href: string } };

type Addressed = { id: number; cvr: string };

/** Reads what waits in these organisations for a decision that the actor may make; to be asked for one of them at a time. */
export async function readTasks(
  db: ReadDb,
  actor: Actor,
  organisationIds: readonly number[],
): Promise<(organisation: Addressed) => Task[]> {
  const whereMay = (action: Action): number[] => organisationIds.filter((id) => mayEver(actor, action, id));
  const answering = whereMay('request.decide');
  const requests = answering.length === 0 ? [] : await countWaiting(db, answering, actor.userId);
  const deciding = whereMay('emergencyLock.confirm');
  const locks = deciding.length === 0 ? [] : await listOpenEmergencyLocks(db, deciding, 50);
  const accepting = whereMay('agreement.accept');
  const lacking = accepting.length === 0 ? [] : await listLackingAcceptance(db, accepting);
  return (organisation) => [
    ...requestTasks(organisation, requests),
    ...lockTasks(organisation, locks),
    ...acceptanceTasks(organisation, lacking),
  ];
}

/** The servicedesk's emergency locks that nobody has decided about. */
function lockTasks(organisation: Addressed, locks: readonly EmergencyLock[]): Task[] {
  return locks
    .filter((lock) => lock.organisationId === organisation.id)
    .map((lock) => ({
      title: `Servicedesk har nødspærret ${lock.userName}`,
      text: `Sagsnummer ${lock.caseNumber}: ${lock.reason}. Spærringen ophører ${lock.endsAt}, hvis ingen bekræfter den.`,
      link: { label: 'Bekræft eller ophæv', href: usersPath(organisation, `/${lock.userId}/noedspaerring`) },
    }));
}

/** Requests of employees that wait for an answer, those with oneself first. */
function requestTasks(organisation: Addressed, counts: readonly WaitingCount[]): Task[] {
  const waiting = counts.find(({ organisationId }) => organisationId === organisation.id);
  if (waiting === undefined) return [];
  const { mine, all } = waiting;
  const link = {
    label: mine > 0 ? 'Se dem, der venter på dig' : 'Se anmodningerne',
    href: requestsPath(organisation, mine > 0 ? '?vis=mine' : ''),
  };
  const title = `${counted(all, 'anmodning', 'anmodninger')} om adgang venter på svar`;
  return [{ title, text: mine === 0 ? 'Ingen af dem er sendt til dig.' : `${mine} af dem venter på dig.`, link }];
}

/** A new text of the agreement, for the organisations that have not accepted it. */
function acceptanceTasks(organisation: Addressed, lacking: readonly number[]): Task[] {
  if (!lacking.includes(organisation.id)) return [];
  return [
    {
      title: 'Ny aftaletekst',
      text: 'Systemejeren har udgivet en aftaletekst, som organisationen skal acceptere.',
      link: { label: 'Læs og acceptér', href: `/organisationer/${organisation.cvr}/aftaletekst` },
    },
  ];
}

/** Assignments that point at units which no role can be given at any longer. */
export function closedUnitTasks(organisation: { cvr: string; onClosedUnits: number }): Task[] {
  if (organisation.onClosedUnits === 0) return [];
  return [
    {
      title: unusableText(organisation.onClosedUnits),
      text: 'Flyt tildelingerne til åbne enheder, eller fjern dem.',
      link: { label: 'Se lukkede enheder', href: unitsPath(organisation) },
    },
  ];
}
