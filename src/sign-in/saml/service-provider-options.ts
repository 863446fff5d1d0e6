import type { IdentityProvider } from '../identity-providers.ts';
import type { AssuranceLevel } from './assurance-level.ts';
import type { OwnKeys } from '../own-keys.ts';
import type { OpenResponse } from './open-response.ts';
import type { PendingLogins, Portal } from './pending-logins.ts';

/** Where a portal receives messages about logging out, below its own address. */
export const SLO_PATH = '/saml/slo';

export type ServiceProviderOptions = {
  entityId: string;
  acsUrl: string;
  portal: Portal;
  /** At least one of each kind; the first signs, each of the others is announced, and all that are there decrypt. */
  keys: OwnKeys;
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

export function signingKeyOf({ keys }: Pick<ServiceProviderOptions, 'keys'>): string {
  return keys.signing[0]?.key ?? '';
}

export function logoutUrlOf({ acsUrl }: Pick<ServiceProviderOptions, 'acsUrl'>): string {
  return new URL(SLO_PATH, acsUrl).href;
}
