import type { WaitingCount } from '../access-requests/access-requests.queries.ts';
import { requestsPath } from '../access-requests/requests.pages.ts';
import type { EmergencyLock } from '../emergency-locks/emergency-lock.ts';
import type { Actor } from '../permissions/actor.ts';
import { mayEver } from '../permissions/scope.ts';
import { counted } from '../shared/text.ts';
import { unitsPath, unusableText } from '../repointing/repointing.pages.ts';
import { usersPath } from '../users/users.pages.ts';

/** Something in SEB that waits for a decision; gone by itself when it is made. */
export type Task = { title: string; text: string; link: { label: string; href: string } };

/** Where the actor decides about the servicedesk's emergency locks. */
export function whereMayDecideLocks(actor: Actor): number[] {
  return actor.administrations
    .map((held) => held.organisationId)
    .filter((id) => mayEver(actor, 'emergencyLock.confirm', id));
}

/** The servicedesk's emergency locks that nobody has decided about. */
export function lockTasks(organisation: { id: number; cvr: string }, locks: readonly EmergencyLock[]): Task[] {
  return locks
    .filter((lock) => lock.organisationId === organisation.id)
    .map((lock) => ({
      title: `Servicedesk har nødspærret ${lock.userName}`,
      text: `Sagsnummer ${lock.caseNumber}: ${lock.reason}. Spærringen ophører ${lock.endsAt}, hvis ingen bekræfter den.`,
      link: { label: 'Bekræft eller ophæv', href: usersPath(organisation, `/${lock.userId}/noedspaerring`) },
    }));
}

/** Requests of employees that wait for an answer, those with oneself first. */
export function requestTasks(organisation: { id: number; cvr: string }, counts: readonly WaitingCount[]): Task[] {
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

/** Where the actor may answer employees' requests. */
export function whereMayAnswer(actor: Actor): number[] {
  return actor.administrations.map((held) => held.organisationId).filter((id) => mayEver(actor, 'request.decide', id));
}

/** Where the actor may accept a text for the organisation. */
export function whereMayAccept(actor: Actor): number[] {
  return actor.administrations
    .map((held) => held.organisationId)
    .filter((id) => mayEver(actor, 'agreement.accept', id));
}

/** A new text of the agreement, for the organisations that have not accepted it. */
export function acceptanceTasks(organisation: { id: number; cvr: string }, lacking: readonly number[]): Task[] {
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
      text: 'Eller enheden har fået en anden ejer. Flyt tildelingerne til åbne enheder, eller fjern dem.',
      link: { label: 'Se lukkede enheder', href: unitsPath(organisation) },
    },
  ];
}
