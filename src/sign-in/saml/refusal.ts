import type { AssuranceLevel } from './assurance-level.ts';

export const refusalReasons = [
  'no-pending-login',
  'other-login',
  'malformed',
  'wrong-provider',
  'provider-off',
  'not-for-us',
  'not-protected',
  'not-genuine',
  'expired',
  'not-yet-valid',
  'replayed',
  'incomplete',
  'not-renewed',
  'too-low-level',
  'cvr-not-allowed',
  'cancelled',
  'level-not-reachable',
  'denied-by-provider',
  'unknown-to-provider',
  'provider-failed',
] as const;

/** Why a login was not accepted: what a person is told about is in refusal-texts.ts. */
export type RefusalReason = (typeof refusalReasons)[number];

/** What is known of a refused login, for its page and for whoever helps. Beyond `providerName` only verified facts. */
export type Arrived = {
  providerName: string;
  requiredLevel: AssuranceLevel;
  level: string;
  cvr: string;
  organisationName: string;
  name: string;
  uuid: string | null;
  rid: string | null;
  carriedCpr: boolean;
};

/** Ends the reading of a response. `detail` goes to the log and never holds a value of the message. */
export class Refusal extends Error {
  readonly reason: RefusalReason;
  readonly detail: string;

  constructor(reason: RefusalReason, detail: string) {
    super(`${reason}: ${detail}`);
    this.reason = reason;
    this.detail = detail;
  }
}

/** Refuses unless the condition holds. */
export function demand(condition: boolean, reason: RefusalReason, detail: string): asserts condition {
  if (!condition) throw new Refusal(reason, detail);
}
