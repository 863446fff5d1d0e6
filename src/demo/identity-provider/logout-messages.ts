import { namespace, persistentFormat, status } from '../../sign-in/saml/names.ts';
import type { LogoutStatus } from '../../sign-in/saml/logout-messages.ts';
import { logoutRequestXml, logoutResponseXml, newMessageId } from '../../sign-in/saml/logout-messages.ts';
import { Refusal } from '../../sign-in/saml/refusal.ts';
import type { RedirectMessage } from '../../sign-in/saml/redirect-binding.ts';
import { isSignedBy, readRedirect, signedRedirect } from '../../sign-in/saml/redirect-binding.ts';
import { logoutUrlOf } from '../../sign-in/saml/service-provider-options.ts';
import type { XmlElement } from '../../sign-in/saml/xml-tree.ts';
import { XmlFault, descendants, onlyChild, parseXml } from '../../sign-in/saml/xml-tree.ts';
import type { KnownService } from './authn-request.ts';
import { UnusableRequest } from './authn-request.ts';
import type { Issuer } from './login-answer.ts';
import type { Login } from './logins.ts';

export type ServiceMessage = { redirect: RedirectMessage; element: XmlElement; service: KnownService };

/** A message about logging out, from a service that is known and has signed it, for this address. */
export function readLogoutMessage(query: string, sloUrl: string, services: readonly KnownService[]): ServiceMessage {
  const { redirect, element } = readable(query);
  const issuer = onlyChild(element, namespace.assertion, 'Issuer')?.text.trim();
  const service = services.find(({ entityId }) => entityId === issuer);
  if (!service) throw new UnusableRequest('Beskeden kommer fra en tjeneste, som loginudbyderen ikke kender.');
  if (!isSignedBy(redirect, [service.signingCertificate]))
    throw new UnusableRequest('Beskedens underskrift er ikke tjenestens.');
  if (element.attributes.get('Destination') !== sloUrl) throw new UnusableRequest('Beskeden er til en anden adresse.');
  return { redirect, element, service };
}

function readable(query: string): Pick<ServiceMessage, 'redirect' | 'element'> {
  try {
    const redirect = readRedirect(query);
    return { redirect, element: parseXml(redirect.xml) };
  } catch (error) {
    const isExpected = error instanceof Refusal || error instanceof XmlFault || error instanceof RangeError;
    const isBrokenDeflate = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
    if (!isExpected && !isBrokenDeflate) throw error;
    throw new UnusableRequest('Beskeden om at logge af kan ikke læses.', { cause: error });
  }
}

export function isSuccess(response: XmlElement): boolean {
  const codes = [...descendants(response)].filter(({ name }) => name === 'StatusCode');
  return codes.length === 1 && codes[0]?.attributes.get('Value') === status.success;
}

/** The address that asks a service to end a login. */
export function logoutRequestTo(login: Login, { entityId, keys }: Issuer, relayState: string): string {
  const destination = logoutUrlOf(login.service);
  const envelope = { id: newMessageId(), issuer: entityId, destination, issued: new Date() };
  const nameIdKind = { format: persistentFormat, nameQualifier: null, spNameQualifier: null };
  const xml = logoutRequestXml(envelope, { nameId: login.nameId, nameIdKind, sessionIndex: login.sessionIndex });
  return signedRedirect(destination, { kind: 'SAMLRequest', xml, relayState }, keys.key);
}

export type Requester = { service: KnownService; requestId: string; relayState: string | null };

/** The address that answers the service which asked. */
export function logoutAnswerTo(
  { service, requestId, relayState }: Requester,
  { entityId, keys }: Issuer,
  outcome: LogoutStatus,
): string {
  const destination = logoutUrlOf(service);
  const envelope = { id: newMessageId(), issuer: entityId, destination, issued: new Date() };
  const xml = logoutResponseXml(envelope, requestId, outcome);
  return signedRedirect(destination, { kind: 'SAMLResponse', xml, relayState }, keys.key);
}
