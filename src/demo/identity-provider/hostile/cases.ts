import type { RefusalReason } from '../../../sign-in/saml/refusal.ts';
import type { Forgery } from '../login-answer.ts';
import { assertionRules } from './assertion.ts';
import { encryptionRules } from './encryption.ts';
import { envelopeRules } from './envelope.ts';
import { messageRules } from './message.ts';
import type { Parties } from './parties.ts';
import { personRules } from './person.ts';
import { signatureRules } from './signature.ts';
import { wrappingRules } from './wrapping.ts';

/** A response that must not let anybody in, and as what it is refused. */
export type HostileCase = { rule: string; name: string; reason: RefusalReason; forgery: Forgery };

/**
 * Rule by rule: what a forger tries against it. The one source of the tests, of docs/login-rules.md and of what can be
 * clicked at the test identity provider.
 */
export function hostileCases(parties: Parties): HostileCase[] {
  const rules = {
    ...messageRules(),
    ...envelopeRules(parties),
    ...encryptionRules(parties),
    ...signatureRules(parties),
    ...wrappingRules(parties),
    ...assertionRules(parties),
    ...personRules(parties),
  };
  return Object.entries(rules).flatMap(([rule, cases]) =>
    Object.entries(cases).map(([name, [reason, forgery]]) => ({ rule, name, reason, forgery })),
  );
}
