import type { SignedIn } from '../http/session.ts';
import type { Visit } from './visit.ts';

/** What is asked for may be done only by somebody who has just proved who they are: the pipeline sends them to do so. */
export class StepUpNeeded extends Error {}

/** Whether the person proved who they are, at the provider itself, so recently that a borrowed screen is unlikely. */
export function isFreshLogin({ authnAt }: Pick<SignedIn, 'authnAt'>, minutes: number, now: number): boolean {
  return authnAt !== undefined && now - authnAt <= minutes * 60_000;
}

/** @throws StepUpNeeded */
export function ensureFreshLogin({ signedIn, services }: Pick<Visit, 'signedIn' | 'services'>): void {
  if (!isFreshLogin(signedIn, services.stepUp.minutes, Date.now())) throw new StepUpNeeded();
}

/**
 * For large changes: said inside the change, when it is known how much it would do, so that nothing of it stays when the login
 * is too old. What is done by a job is large by itself (`Infinity`).
 */
export function freshIfMany<Made extends { outcome: unknown }>(
  visit: Visit,
  sizeOf: (outcome: Made['outcome']) => number,
): (made: Made) => Made {
  return (made) => {
    if (sizeOf(made.outcome) > visit.services.stepUp.bulkSize) ensureFreshLogin(visit);
    return made;
  };
}
