import type { RefusalReason } from '../../../sign-in/saml/refusal.ts';
import type { Forgery } from '../login-answer.ts';

export type KeyPair = { key: string; certificate: string };

/** Who takes part in a login that is to be forged. */
export type Parties = {
  /** Who answers, and another provider that the service trusts as well. */
  issuer: { entityId: string; keys: KeyPair };
  other: { entityId: string; keys: KeyPair };
  /** Whom nobody trusts. */
  stranger: KeyPair;
  /** The service that asked, with its own key, and the other portal. */
  service: { entityId: string; acsUrl: string; signing: KeyPair; encryptionCertificate: string };
  otherService: { entityId: string; acsUrl: string };
  /** Of the person whose login is forged. */
  cvr: string;
};

export type Cases = Record<string, [reason: RefusalReason, forgery: Forgery]>;
export type Rules = Record<string, Cases>;
