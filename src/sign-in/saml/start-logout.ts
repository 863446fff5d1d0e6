import type { IdentityProvider } from '../identity-providers.ts';
import type { LogoutSubject } from './logout-messages.ts';
import { logoutRequestXml, logoutResponseXml, newMessageId } from './logout-messages.ts';
import { signedRedirect } from './redirect-binding.ts';
import type { LogoutRequest } from './receive-logout.ts';
import type { ServiceProviderOptions } from './service-provider-options.ts';
import { signingKeyOf } from './service-provider-options.ts';

export type StartedLogout = { redirectUrl: string; requestId: string };

/** The signed address that asks the provider to end its session too; null when it takes no such requests. */
export function startLogout(
  options: ServiceProviderOptions,
  { sloUrl }: IdentityProvider,
  subject: LogoutSubject,
): StartedLogout | null {
  if (sloUrl === undefined) return null;
  const envelope = envelopeTo(options, sloUrl);
  const xml = logoutRequestXml(envelope, subject);
  const redirectUrl = signedRedirect(sloUrl, { kind: 'SAMLRequest', xml, relayState: null }, signingKeyOf(options));
  return { redirectUrl, requestId: envelope.id };
}

/** The signed address that tells the provider that its request was met: nobody is left signed in by it. */
export function answerLogout(
  options: ServiceProviderOptions,
  { provider, id, relayState }: LogoutRequest,
): string | null {
  const address = provider.sloResponseUrl ?? provider.sloUrl;
  if (address === undefined) return null;
  const xml = logoutResponseXml(envelopeTo(options, address), id, 'complete');
  return signedRedirect(address, { kind: 'SAMLResponse', xml, relayState }, signingKeyOf(options));
}

function envelopeTo({ entityId, now }: ServiceProviderOptions, destination: string) {
  return { id: newMessageId(), issuer: entityId, destination, issued: now?.() ?? new Date() };
}
