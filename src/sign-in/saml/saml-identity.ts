import type { Claims } from './claims.ts';
import type { NameIdKind } from './name-id.ts';

/** What is kept of a login for 180 days: enough to prove it, nothing of the message itself. */
export type LoginEvidence = {
  responseId: string;
  assertionId: string;
  issuer: string;
  issueInstant: Date;
  certificateFingerprint: string;
  signatureValue: string;
  /** SHA-256 of the whole message, in hex. */
  digest: string;
};

/** A person as an identity provider vouched for them. Which user that is, is for others to find. */
export type SamlIdentity = Claims & {
  providerId: string;
  nameId: string;
  nameIdKind: NameIdKind;
  sessionIndex: string | null;
  sessionNotOnOrAfter: Date | null;
  /** When the person proved who they are: after a request with ForceAuthn it must lie after the request. */
  authnInstant: Date;
  assertionId: string;
  evidence: LoginEvidence;
};
