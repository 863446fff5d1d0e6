import type { IdentityProvider } from '../identity-providers.ts';
import type { AssuranceLevel } from './assurance-level.ts';
import type { OpenResponse } from './open-response.ts';
import type { PendingLogins, Portal } from './pending-logins.ts';

/** Where a portal receives messages about logging out, below its own address. */
export const SLO_PATH = '/saml/slo';

export type ServiceProviderOptions = {
  entityId: string;
  acsUrl: string;
  portal: Portal;
  /** PEM. */
  signingKey: string;
  signingCert: string;
  /** The newest first; the older one of a change of keys stays until no provider uses it. */
  decryptionKeys: readonly { key: string; certificate: string }[];
  /** Those that are trusted now. */
  providers: () => readonly IdentityProvider[];
  minimumLevel: AssuranceLevel;
  pending: PendingLogins;
  /** Named in the metadata. */
  contact: { organisation: string; url: string; email: string };
  /** In a worker thread where many log in; here, unless it is given. */
  openResponse?: OpenResponse;
  now?: () => Date;
};

export function logoutUrlOf({ acsUrl }: Pick<ServiceProviderOptions, 'acsUrl'>): string {
  return new URL(SLO_PATH, acsUrl).href;
}
