import type { IdentityProvider } from '../identity-providers.ts';
import type { LogoutStatus } from './logout-messages.ts';
import type { NameIdKind } from './name-id.ts';
import { kindOfNameId } from './name-id.ts';
import { namespace, status } from './names.ts';
import { judged } from './open-response.ts';
import type { RefusalReason } from './refusal.ts';
import { Refusal, demand } from './refusal.ts';
import type { RedirectMessage } from './redirect-binding.ts';
import { isSignedBy, readRedirect } from './redirect-binding.ts';
import { isIssuer } from './response-envelope.ts';
import { demandFresh, instant, isPast, isSamlId } from './saml-values.ts';
import type { ServiceProviderOptions } from './service-provider-options.ts';
import { logoutUrlOf } from './service-provider-options.ts';
import type { XmlElement } from './xml-tree.ts';
import { childrenNamed, hasUniqueIds, isElement, onlyChild, parseXml } from './xml-tree.ts';

// Longer than any message is fresh, so that none can come back once it is forgotten.
const REMEMBERED_MS = 60 * 60_000;
const MAX_TEXT_LENGTH = 1024;

/** A logout that this browser was sent away with. */
export type PendingLogout = { requestId: string; providerId: string };

export type LogoutRequest = {
  outcome: 'request';
  provider: IdentityProvider;
  id: string;
  relayState: string | null;
  nameId: string;
  nameIdKind: NameIdKind;
  /** Empty: all sessions of the person. */
  sessionIndexes: string[];
};
export type LogoutResponse = { outcome: 'response'; provider: IdentityProvider; ended: LogoutStatus };
export type RefusedLogout = { outcome: 'refused'; reason: RefusalReason; detail: string };
export type ReceivedLogout = LogoutRequest | LogoutResponse | RefusedLogout;

type Message = { element: XmlElement; id: string; provider: IdentityProvider; relayState: string | null };

/** Judges a message about logging out. Whatever it holds, the answer is a value: only a fault of our own storage is thrown. */
export async function receiveLogout(
  options: ServiceProviderOptions,
  query: string,
  pending: PendingLogout | null,
): Promise<ReceivedLogout> {
  const now = options.now?.() ?? new Date();
  const read = await judged(() => {
    const { message, kind } = verified(options, query, now);
    const received = kind === 'SAMLRequest' ? readRequest(message, now) : readResponse(message, pending);
    return { message, received };
  }, 'malformed');
  if (read instanceof Refusal) return refused(read);
  const { message, received } = read;
  const until = new Date(now.getTime() + REMEMBERED_MS);
  const isNew = await options.pending.rememberAssertion(message.provider.id, message.id, until);
  return isNew ? received : refused(new Refusal('replayed', 'the message was used before'));
}

/** The issuer only says whose keys to verify with; nothing else is read before that. */
function verified(options: ServiceProviderOptions, query: string, now: Date) {
  const redirect = readRedirect(query);
  const element = parseXml(redirect.xml);
  const name = redirect.kind === 'SAMLRequest' ? 'LogoutRequest' : 'LogoutResponse';
  demand(isElement(element, namespace.protocol, name), 'malformed', `the message is no ${name}`);
  const provider = issuerOf(element, options.providers());
  demand(isSignedBy(redirect, provider.certificates), 'not-genuine', "the signature is not by the provider's keys");
  return { message: messageOf(element, provider, redirect, logoutUrlOf(options), now), kind: redirect.kind };
}

function issuerOf(element: XmlElement, providers: readonly IdentityProvider[]): IdentityProvider {
  const issuer = onlyChild(element, namespace.assertion, 'Issuer');
  const provider = providers.find(({ entityId }) => issuer !== null && isIssuer(issuer, entityId));
  demand(provider !== undefined, 'wrong-provider', 'the message is from nobody whom we know');
  return provider;
}

function messageOf(
  element: XmlElement,
  provider: IdentityProvider,
  { relayState }: RedirectMessage,
  address: string,
  now: Date,
): Message {
  const { attributes } = element;
  demand(attributes.get('Version') === '2.0', 'malformed', 'the version is not 2.0');
  const id = attributes.get('ID') ?? '';
  demand(isSamlId(id) && hasUniqueIds(element), 'malformed', 'the ids of the message are not usable');
  demand(attributes.get('Destination') === address, 'not-for-us', 'Destination is not our address');
  const issued = instant(attributes.get('IssueInstant'));
  demand(issued !== null, 'malformed', 'IssueInstant is missing or unreadable');
  demandFresh(issued, now, 'message');
  return { element, id, provider, relayState };
}

function readRequest({ element, id, provider, relayState }: Message, now: Date): LogoutRequest {
  if (element.attributes.has('NotOnOrAfter')) {
    const end = instant(element.attributes.get('NotOnOrAfter'));
    demand(end !== null && !isPast(end, now), 'expired', 'the request ended');
  }
  const nameId = onlyChild(element, namespace.assertion, 'NameID');
  demand(nameId !== null && isShort(nameId.text), 'incomplete', 'not exactly one usable NameID');
  const indexes = childrenNamed(element, namespace.protocol, 'SessionIndex').map(({ text }) => text.trim());
  demand(indexes.length <= 100 && indexes.every(isShort), 'incomplete', 'the SessionIndexes are not usable');
  return {
    outcome: 'request',
    provider,
    id,
    relayState,
    nameId: nameId.text.trim(),
    nameIdKind: kindOfNameId(nameId),
    sessionIndexes: indexes,
  };
}

function readResponse({ element, provider }: Message, pending: PendingLogout | null): LogoutResponse {
  demand(pending !== null, 'no-pending-login', 'the browser has no logout under way');
  demand(
    provider.id === pending.providerId,
    'wrong-provider',
    'the answer is from another provider than the one asked',
  );
  const inResponseTo = element.attributes.get('InResponseTo');
  demand(inResponseTo === pending.requestId, 'other-login', 'the answer belongs to another logout');
  const answer = onlyChild(element, namespace.protocol, 'Status');
  const top = answer && onlyChild(answer, namespace.protocol, 'StatusCode');
  demand(top !== null, 'malformed', 'not exactly one status');
  const isComplete = top.attributes.get('Value') === status.success && top.children.length === 0;
  return { outcome: 'response', provider, ended: isComplete ? 'complete' : 'partial' };
}

function isShort(text: string): boolean {
  const { length } = text.trim();
  return length > 0 && length <= MAX_TEXT_LENGTH;
}

function refused({ reason, detail }: Refusal): RefusedLogout {
  return { outcome: 'refused', reason, detail };
}
