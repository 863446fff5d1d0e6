import type { IdentityProvider } from '../identity-providers.ts';
import { checkAssertion } from './assertion-checks.ts';
import type { AssertionFacts } from './assertion-checks.ts';
import { readClaims } from './claims.ts';
import type { Claims } from './claims.ts';
import { decryptAssertion } from './decryption.ts';
import { Refusal } from './refusal.ts';
import type { RefusalReason } from './refusal.ts';
import { verifyAssertion } from './signature.ts';
import type { VerifiedAssertion } from './signature.ts';
import { XmlFault } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

/** An encrypted assertion with all that it is judged by: plain data, since a worker thread may do the work. */
export type ResponseToOpen = {
  /** The one EncryptedAssertion of a response whose envelope was checked. */
  encrypted: XmlElement;
  requestId: string;
  provider: Pick<IdentityProvider, 'entityId' | 'certificates' | 'attributeNames' | 'nameIdFormats'> & {
    allowsCbc: boolean;
  };
  entityId: string;
  acsUrl: string;
  /** PEM, the newest first. */
  decryptionKeys: readonly string[];
  now: Date;
};

export type OpenedResponse = {
  outcome: 'opened';
  verified: Omit<VerifiedAssertion, 'element'>;
  facts: Omit<AssertionFacts, 'attributeStatement'>;
  claims: Claims;
};
export type UnopenedResponse = { outcome: 'refused'; reason: RefusalReason; detail: string };

/** Opens a response here or in a worker thread; throws only when that cannot be done at all. */
export type OpenResponse = (response: ResponseToOpen) => Promise<OpenedResponse | UnopenedResponse>;

/** Decrypts, verifies and reads an assertion: all that costs processor time, and nothing that needs the database. */
export async function openResponse(response: ResponseToOpen): Promise<OpenedResponse | UnopenedResponse> {
  const opened = await judged(() => open(response), 'not-genuine');
  if (opened instanceof Refusal) return { outcome: 'refused', reason: opened.reason, detail: opened.detail };
  return opened;
}

async function open(response: ResponseToOpen): Promise<OpenedResponse> {
  const { provider, entityId, acsUrl, requestId, now } = response;
  const decrypted = await decryptAssertion(response.encrypted, response.decryptionKeys, provider.allowsCbc);
  const { element, ...verified } = await verifyAssertion(decrypted, provider.certificates);
  const { entityId: providerEntityId, nameIdFormats } = provider;
  const expected = { providerEntityId, nameIdFormats, entityId, acsUrl, requestId, now };
  const { attributeStatement, ...facts } = checkAssertion(element, expected);
  return { outcome: 'opened', verified, facts, claims: readClaims(attributeStatement, provider.attributeNames) };
}

/** The refusal as a value. Anything else that hostile input sets off in a library is a refusal as well. */
export async function judged<Result>(
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
