import type { Actor } from '../permissions/actor.ts';
import { can, canAs } from '../permissions/can.ts';
import type { User } from '../users/user.ts';

export type Outcome = 'CONFIRMED' | 'LIFTED' | 'EXPIRED';

/** An emergency lock as pages show it; moments as dd-mm-åååå kl. tt.mm. */
export type EmergencyLock = {
  id: number;
  organisationId: number;
  organisationName: string;
  cvr: string;
  userId: number;
  userName: string;
  /** Gone meanwhile: there is no page of the user to lead to. */
  userIsDeleted: boolean;
  caseNumber: string;
  reason: string;
  lockedAt: string;
  endsAt: string;
  /** Null while it is in force; one that has run out and was not closed yet is EXPIRED. */
  outcome: Outcome | null;
  endedAt: string | null;
  endReason: string | null;
  version: number;
};

export const hours = 72;

/** What the user's page and the list give as the lock's reason. */
export function lockReasonOf(caseNumber: string): string {
  return `Nødspærret af servicedesk, sagsnummer ${caseNumber}`;
}

export function confirmedReasonOf(caseNumber: string): string {
  return `Nødspærring bekræftet, sagsnummer ${caseNumber}`;
}

const outcomes: Record<Outcome, string> = {
  CONFIRMED: 'Bekræftet: spærret uden slutdato',
  LIFTED: 'Ophævet',
  EXPIRED: 'Udløbet efter 72 timer',
};

export function outcomeText(outcome: Outcome | null): string {
  return outcome === null ? 'Gælder nu' : outcomes[outcome];
}

export type EmergencyActions = { lock: boolean; view: boolean; confirm: boolean; lift: boolean };

/** What a page offers the actor for this user. */
export function emergencyActions(
  actor: Actor,
  organisationId: number,
  user: Pick<User, 'id' | 'isAdministrator' | 'hasEmergencyLock'>,
): EmergencyActions {
  const target = { organisationId, user };
  const isOpen = user.hasEmergencyLock;
  return {
    lock: !isOpen && canAs(actor, 'servicedesk', 'user.lock', target),
    view: isOpen && can(actor, 'emergencyLock.view', target),
    confirm: isOpen && can(actor, 'emergencyLock.confirm', target),
    lift: isOpen && can(actor, 'emergencyLock.lift', target),
  };
}
