import type { IdentityProvider } from '../identity-providers.ts';
import type { AssuranceLevel } from './assurance-level.ts';
import type { OpenResponse } from './open-response.ts';
import type { PendingLogins, Portal } from './pending-logins.ts';

export type ServiceProviderOptions = {
  entityId: string;
  acsUrl: string;
  portal: Portal;
  /** PEM. */
  signingKey: string;
  signingCert: string;
  /** The newest first; the older one of a change of keys stays until no provider uses it. */
  decryptionKeys: readonly { key: string; certificate: string }[];
  providers: readonly IdentityProvider[];
  minimumLevel: AssuranceLevel;
  pending: PendingLogins;
  /** Named in the metadata. */
  contact: { organisation: string; url: string; email: string };
  /** In a worker thread where many log in; here, unless it is given. */
  openResponse?: OpenResponse;
  now?: () => Date;
};
