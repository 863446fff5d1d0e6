import type { IdentityProvider } from '../identity-providers.ts';
import { checkAssertion } from './assertion-checks.ts';
import type { AssertionFacts } from './assertion-checks.ts';
import { higherLevel, reaches } from './assurance-level.ts';
import type { AssuranceLevel } from './assurance-level.ts';
import { readClaims } from './claims.ts';
import type { Claims } from './claims.ts';
import { decryptAssertion } from './decryption.ts';
import type { PendingLogin } from './pending-logins.ts';
import { Refusal, demand } from './refusal.ts';
import type { Arrived, RefusalReason } from './refusal.ts';
import { checkEnvelope, readEnvelope } from './response-envelope.ts';
import type { ResponseEnvelope } from './response-envelope.ts';
import type { SamlIdentity } from './saml-identity.ts';
import { CLOCK_SKEW_MS } from './saml-values.ts';
import type { ServiceProviderOptions } from './service-provider-options.ts';
import { verifyAssertion } from './signature.ts';
import type { VerifiedAssertion } from './signature.ts';
import { XmlFault } from './xml-tree.ts';

export type RefusedLogin = { outcome: 'refused'; reason: RefusalReason; detail: string; arrived: Partial<Arrived> };
export type AcceptedLogin = { outcome: 'accepted'; identity: SamlIdentity; pending: PendingLogin };
export type FinishedLogin = AcceptedLogin | RefusedLogin;

type Answer = { samlResponse: unknown; pendingRequestId: string | null };
type Opened = { envelope: ResponseEnvelope; verified: VerifiedAssertion; facts: AssertionFacts; claims: Claims };

/**
 * Judges what a browser brought back from an identity provider. Whatever the message holds, the answer is a value:
 * only a fault of our own storage is thrown.
 */
export async function finishLogin(options: ServiceProviderOptions, answer: Answer): Promise<FinishedLogin> {
  const { pendingRequestId } = answer;
  if (!pendingRequestId) return refused(new Refusal('no-pending-login', 'the browser has no login under way'));
  const envelope = await judged(() => envelopeFor(pendingRequestId, answer.samlResponse), 'malformed');
  if (envelope instanceof Refusal) return refused(envelope);
  const pending = await options.pending.take(pendingRequestId);
  if (!pending) return refused(new Refusal('no-pending-login', 'the login was used before or is too old'));
  const provider = options.providers.find(({ id }) => id === pending.providerId);
  if (!provider) return refused(new Refusal('wrong-provider', 'the provider was removed during the login'));
  return finishWith(options, provider, pending, envelope);
}

async function finishWith(
  options: ServiceProviderOptions,
  provider: IdentityProvider,
  pending: PendingLogin,
  envelope: ResponseEnvelope,
): Promise<FinishedLogin> {
  const requiredLevel = higherLevel(options.minimumLevel, provider.minimumLevel);
  const opened = await judged(() => open(options, provider, pending, envelope), 'not-genuine');
  if (opened instanceof Refusal) return refused(opened, { providerName: provider.name, requiredLevel });
  const arrived = arrivedWith(provider, requiredLevel, opened.claims);
  const verdict = await judged(() => checkClaims(opened, provider, requiredLevel), 'incomplete');
  if (verdict instanceof Refusal) return refused(verdict, arrived);
  const until = new Date(opened.facts.usableUntil.getTime() + CLOCK_SKEW_MS);
  const isNew = await options.pending.rememberAssertion(provider.id, opened.verified.id, until);
  if (!isNew) return refused(new Refusal('replayed', 'the assertion was used before'), arrived);
  return { outcome: 'accepted', identity: identityFrom(opened, provider), pending };
}

/** The response must answer the request that this very browser was sent away with. */
function envelopeFor(requestId: string, samlResponse: unknown): ResponseEnvelope {
  const envelope = readEnvelope(samlResponse);
  demand(envelope.inResponseTo === requestId, 'other-login', 'the response answers another request');
  return envelope;
}

async function open(
  options: ServiceProviderOptions,
  provider: IdentityProvider,
  pending: PendingLogin,
  envelope: ResponseEnvelope,
): Promise<Opened> {
  const { entityId, acsUrl } = options;
  const now = options.now?.() ?? new Date();
  const encrypted = checkEnvelope(envelope, { entityId: provider.entityId, acsUrl, now });
  const keys = options.decryptionKeys.map(({ key }) => key);
  const verified = await verifyAssertion(await decryptAssertion(encrypted, keys), provider.certificates);
  const { requestId } = pending;
  const expected = { providerEntityId: provider.entityId, entityId, acsUrl, requestId, now };
  const facts = checkAssertion(verified.element, expected);
  return { envelope, verified, facts, claims: readClaims(facts.attributeStatement) };
}

function checkClaims({ facts, claims }: Opened, provider: IdentityProvider, requiredLevel: AssuranceLevel): void {
  const kind = claims.isPrivatePerson ? 'private' : 'professional';
  demand(facts.personKind === null || facts.personKind === kind, 'incomplete', 'NameID and attributes disagree');
  demand(reaches(claims.level, requiredLevel), 'too-low-level', `level ${claims.level}, needed ${requiredLevel}`);
  const { allowedCvrs } = provider;
  const maySpeak = claims.cvr === null || allowedCvrs === 'all' || allowedCvrs.includes(claims.cvr);
  demand(maySpeak, 'cvr-not-allowed', 'the provider may not speak for this CVR');
}

function identityFrom({ envelope, verified, facts, claims }: Opened, provider: IdentityProvider): SamlIdentity {
  return {
    ...claims,
    providerId: provider.id,
    nameId: facts.nameId,
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
  return { outcome: 'refused', reason, detail, arrived };
}

/** The refusal as a value. Anything else that hostile input sets off in a library is a refusal as well. */
async function judged<Result>(
  judge: () => Result | Promise<Result>,
  otherwise: RefusalReason,
): Promise<Result | Refusal> {
  try {
    return await judge();
  } catch (error) {
    if (error instanceof Refusal) return error;
    const cause = error instanceof XmlFault ? `XML: ${error.message}` : `unexpected ${errorName(error)}`;
    return new Refusal(otherwise, cause);
  }
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
