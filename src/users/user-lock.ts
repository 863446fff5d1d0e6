import type { FieldErrors } from '../http/forms.ts';
import type { Actor } from '../permissions/actor.ts';
import type { Target } from '../permissions/can.ts';
import { can, decide, ensureCan } from '../permissions/can.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { Conflict, Forbidden } from '../shared/errors.ts';
import type { User } from './user.ts';

/** What was asked for: at once or from a day on, without end or until the end of a day. Days are yyyy-mm-dd. */
export type Lock = { start: 'nu' | 'dato'; from: string | null; until: string | null; reason: string };

/** What is wrong with the days, by the form's field; empty when the lock can be made today. */
export function faultsOfLock({ start, from, until }: Lock, isLocked: boolean, today: string): FieldErrors {
  const errors: FieldErrors = {};
  const fault = faultOfStart(start, from, isLocked, today);
  if (fault !== null) errors.fra = fault;
  if (until !== null && until < today) errors.til = 'Dagen er gået. Vælg i dag eller en senere dag';
  else if (until !== null && from !== null && until < from)
    errors.til = 'Sidste dag ligger før den første. Vælg den samme dag eller en senere';
  return errors;
}

function faultOfStart(start: Lock['start'], from: string | null, isLocked: boolean, today: string): string | null {
  if (start === 'nu')
    return from === null ? null : 'Du har valgt at spærre nu. Slet datoen her, eller vælg “Fra en dato”';
  if (from === null) return 'Skriv, hvilken dag spærringen begynder';
  if (from < today) return 'Dagen er gået. Vælg i dag eller en senere dag';
  return isLocked && from > today ? 'Brugeren er spærret nu. Lås op først, hvis spærringen skal begynde senere' : null;
}

/** The day that a lock begins on, when that is not today. */
export function laterStart({ start, from }: Lock, today: string): string | null {
  return start === 'dato' && from !== null && from > today ? from : null;
}

// The servicedesk's emergency lock asks for a case number and lifts itself; it is no part of the ordinary page.
const isEmergency = (as: ActorKind): boolean => as === 'servicedesk';

export function mayLock(actor: Actor, target: Target): boolean {
  const decision = decide(actor, 'user.lock', target);
  return decision.allowed && !isEmergency(decision.as);
}

/** As `mayLock`, but refuses; returns the role that was used. */
export function ensureMayLock(actor: Actor, target: Target): ActorKind {
  const as = ensureCan(actor, 'user.lock', target);
  if (isEmergency(as))
    throw new Forbidden(
      'Som servicedesk kan du ikke spærre brugere her. Kontakt organisationens egne administratorer.',
      'user.lock',
    );
  return as;
}

/** The servicedesk's lock has a page of its own, where alone it is decided. @throws Conflict */
export function refuseEmergencyLock({ hasEmergencyLock }: Pick<User, 'hasEmergencyLock'>): void {
  if (hasEmergencyLock)
    throw new Conflict(
      'Brugeren er nødspærret af servicedesk. En organisationsadministrator kan bekræfte eller ophæve det på nødspærringens side.',
    );
}

export type LockActions = { lock: boolean; unlock: boolean; changeLock: boolean };

/** Which of "Spær", "Lås op" and "Ret spærring" a page offers for the user. */
export function lockActions(
  actor: Actor,
  organisationId: number,
  user: Pick<User, 'id' | 'isLocked' | 'isAdministrator' | 'isLastOrganisationAdministrator'> & {
    plannedLockFrom: string | null;
    hasEmergencyLock?: boolean;
  },
): LockActions {
  if (user.hasEmergencyLock === true) return { lock: false, unlock: false, changeLock: false };
  const target = { organisationId, user };
  const hasLock = user.isLocked || user.plannedLockFrom !== null;
  const maySet = mayLock(actor, target);
  return {
    lock: maySet && !hasLock,
    unlock: hasLock && can(actor, 'user.unlock', target),
    changeLock: maySet && hasLock,
  };
}
