import type { IdentityProvider } from '../identity-providers.ts';
import { higherLevel, reaches } from './assurance-level.ts';
import type { AssuranceLevel } from './assurance-level.ts';
import type { Claims } from './claims.ts';
import type { OpenedResponse } from './open-response.ts';
import { cvrsInName } from './name-id.ts';
import { judged, openResponse } from './open-response.ts';
import type { PendingLogin } from './pending-logins.ts';
import { Refusal, demand } from './refusal.ts';
import type { Arrived, RefusalReason } from './refusal.ts';
import { checkEnvelope, readEnvelope } from './response-envelope.ts';
import type { ResponseEnvelope } from './response-envelope.ts';
import type { SamlIdentity } from './saml-identity.ts';
import { CLOCK_SKEW_MS, isFuture } from './saml-values.ts';
import type { ServiceProviderOptions } from './service-provider-options.ts';

export type RefusedLogin = {
  outcome: 'refused';
  reason: RefusalReason;
  detail: string;
  arrived: Partial<Arrived>;
  /** Whether the message was none for the login that this browser has under way: anybody can send that, and it goes on. */
  isStray: boolean;
  /** The request that was answered, where it is one of this browser's. */
  requestId: string | null;
};
export type AcceptedLogin = { outcome: 'accepted'; identity: SamlIdentity; pending: PendingLogin };
export type FinishedLogin = AcceptedLogin | RefusedLogin;

type Answer = { samlResponse: unknown; pendingRequestIds: readonly string[] };

/**
 * Judges what a browser brought back from an identity provider. Whatever the message holds, the answer is a value:
 * only a fault of our own storage is thrown.
 */
export async function finishLogin(options: ServiceProviderOptions, answer: Answer): Promise<FinishedLogin> {
  const { pendingRequestIds, samlResponse } = answer;
  if (pendingRequestIds.length === 0)
    return refused(new Refusal('no-pending-login', 'the browser has no login under way'));
  const answered = await judged(() => envelopeFor(pendingRequestIds, samlResponse), 'malformed');
  if (answered instanceof Refusal) return { ...refused(answered), isStray: true };
  const { envelope, requestId } = answered;
  const finished = await finishOwn(options, requestId, envelope);
  return finished.outcome === 'accepted' ? finished : { ...finished, requestId };
}

async function finishOwn(
  options: ServiceProviderOptions,
  requestId: string,
  envelope: ResponseEnvelope,
): Promise<FinishedLogin> {
  const pending = await options.pending.take(requestId);
  if (!pending) return refused(new Refusal('no-pending-login', 'the login was used before or is too old'));
  const provider = options.providers().find(({ id }) => id === pending.providerId);
  if (!provider) return refused(new Refusal('provider-off', 'the provider was turned off during the login'));
  return finishWith(options, provider, pending, envelope);
}

async function finishWith(
  options: ServiceProviderOptions,
  provider: IdentityProvider,
  pending: PendingLogin,
  envelope: ResponseEnvelope,
): Promise<FinishedLogin> {
  const requiredLevel = higherLevel(options.minimumLevel, provider.minimumLevel);
  const opened = await openedBy(options, provider, pending, envelope);
  if (opened instanceof Refusal) return refused(opened, { providerName: provider.name, requiredLevel });
  const arrived = arrivedWith(provider, requiredLevel, opened.claims);
  const verdict = await judged(() => checkClaims(opened, provider, requiredLevel, pending), 'incomplete');
  if (verdict instanceof Refusal) return refused(verdict, arrived);
  const until = new Date(opened.facts.usableUntil.getTime() + CLOCK_SKEW_MS);
  const isNew = await options.pending.rememberAssertion(provider.id, opened.verified.id, until);
  if (!isNew) return refused(new Refusal('replayed', 'the assertion was used before'), arrived);
  return { outcome: 'accepted', identity: identityFrom(opened, envelope, provider), pending };
}

/** The response must answer a request that this very browser was sent away with. */
function envelopeFor(
  requestIds: readonly string[],
  samlResponse: unknown,
): { envelope: ResponseEnvelope; requestId: string } {
  const envelope = readEnvelope(samlResponse);
  const requestId = requestIds.find((id) => id === envelope.inResponseTo);
  demand(requestId !== undefined, 'other-login', 'the response answers another request');
  return { envelope, requestId };
}

async function openedBy(
  options: ServiceProviderOptions,
  { entityId: providerEntityId, certificates, attributeNames, nameIdFormats, cbcReason }: IdentityProvider,
  { requestId }: PendingLogin,
  envelope: ResponseEnvelope,
): Promise<OpenedResponse | Refusal> {
  const { entityId, acsUrl } = options;
  const now = options.now?.() ?? new Date();
  const encrypted = await judged(
    () => checkEnvelope(envelope, { entityId: providerEntityId, acsUrl, now }),
    'not-genuine',
  );
  if (encrypted instanceof Refusal) return encrypted;
  const names = { attributeNames, nameIdFormats };
  const provider = { entityId: providerEntityId, certificates, ...names, allowsCbc: cbcReason !== null };
  const decryptionKeys = options.keys.encryption.map(({ key }) => key);
  const response = { encrypted, requestId, provider, entityId, acsUrl, decryptionKeys, now };
  const opened = await (options.openResponse ?? openResponse)(response);
  return opened.outcome === 'opened' ? opened : new Refusal(opened.reason, opened.detail);
}

function checkClaims(
  { facts, claims }: OpenedResponse,
  provider: IdentityProvider,
  requiredLevel: AssuranceLevel,
  pending: PendingLogin,
): void {
  // First of all: of what else is refused, an organisation is told who the provider says it was.
  const { allowedCvrs } = provider;
  const maySpeak = claims.cvr === null || allowedCvrs === 'all' || allowedCvrs.includes(claims.cvr);
  demand(maySpeak, 'cvr-not-allowed', 'the provider may not speak for this CVR');
  const kind = claims.isPrivatePerson ? 'private' : 'professional';
  demand(facts.personKind === null || facts.personKind === kind, 'incomplete', 'NameID and attributes disagree');
  const isSameCvr = cvrsInName(facts.nameId, facts.nameIdKind).every((cvr) => cvr === claims.cvr);
  demand(isSameCvr, 'incomplete', 'the NameID names another organisation than the attributes');
  // Providers have been seen to ignore ForceAuthn: what counts is when the person proved who they are.
  const isRenewed = !pending.forceAuthn || !isFuture(pending.createdAt, facts.authnInstant);
  demand(isRenewed, 'not-renewed', 'the person did not log in anew');
  demand(reaches(claims.level, requiredLevel), 'too-low-level', `level ${claims.level}, needed ${requiredLevel}`);
}

function identityFrom(
  { verified, facts, claims }: OpenedResponse,
  envelope: ResponseEnvelope,
  provider: IdentityProvider,
): SamlIdentity {
  return {
    ...claims,
    providerId: provider.id,
    nameId: facts.nameId,
    nameIdKind: facts.nameIdKind,
    sessionIndex: facts.sessionIndex,
    sessionNotOnOrAfter: facts.sessionNotOnOrAfter,
    authnInstant: facts.authnInstant,
    assertionId: verified.id,
    evidence: {
      responseId: envelope.id,
      assertionId: verified.id,
      issuer: provider.entityId,
      issueInstant: facts.issueInstant,
      certificateFingerprint: verified.certificateFingerprint,
      signatureValue: verified.signatureValue,
      digest: envelope.digest,
    },
  };
}

function arrivedWith(provider: IdentityProvider, requiredLevel: AssuranceLevel, claims: Claims): Partial<Arrived> {
  const { level, organisationName, fullName: name, uuid, rid, carriedCpr } = claims;
  const cvr = claims.cvr === null ? {} : { cvr: claims.cvr };
  return { providerName: provider.name, requiredLevel, level, organisationName, name, uuid, rid, carriedCpr, ...cvr };
}

function refused({ reason, detail }: Refusal, arrived: Partial<Arrived> = {}): RefusedLogin {
  return { outcome: 'refused', reason, detail, arrived, isStray: reason === 'no-pending-login', requestId: null };
}
