import type { EmergencyLock } from '../emergency-locks/emergency-lock.ts';
import type { Actor } from '../permissions/actor.ts';
import { mayEver } from '../permissions/scope.ts';
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
