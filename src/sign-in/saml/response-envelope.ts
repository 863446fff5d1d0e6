import { createHash } from 'node:crypto';
import { entityFormat, failures, namespace, status } from './names.ts';
import { Refusal, demand } from './refusal.ts';
import type { RefusalReason } from './refusal.ts';
import { hasUniqueIds, isElement, onlyChild, childrenNamed, parseXml } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';
import { instant, demandFresh, isSamlId } from './saml-values.ts';

// Base64 of some 380 kB of XML: the largest privilege lists seen are a tenth of that.
const MAX_BASE64_LENGTH = 512 * 1024;

const statusReasons = new Map<string, RefusalReason>([
  [status.authnFailed, 'cancelled'],
  [status.noAuthnContext, 'level-not-reachable'],
  [status.requestDenied, 'denied-by-provider'],
  [status.unknownPrincipal, 'unknown-to-provider'],
]);

/** A Response whose shape is right. Nothing in it is verified yet. */
export type ResponseEnvelope = {
  element: XmlElement;
  id: string;
  inResponseTo: string | null;
  /** SHA-256 of the message as it arrived, in hex: evidence that keeps no personal data. */
  digest: string;
};

/** Reads the form field SAMLResponse: size, alphabet and character set first, then the outer element. */
export function readEnvelope(samlResponse: unknown): ResponseEnvelope {
  const bytes = decodeBase64(samlResponse);
  const element = parseXml(decodeUtf8(bytes));
  demand(isElement(element, namespace.protocol, 'Response'), 'malformed', 'the root is not a Response');
  demand(element.attributes.get('Version') === '2.0', 'malformed', 'the version is not 2.0');
  demand(hasUniqueIds(element), 'malformed', 'an id occurs twice');
  const id = element.attributes.get('ID') ?? '';
  demand(isSamlId(id), 'malformed', 'the Response has no usable ID');
  const inResponseTo = element.attributes.get('InResponseTo') ?? null;
  return { element, id, inResponseTo, digest: createHash('sha256').update(bytes).digest('hex') };
}

/** Checks what the envelope says about itself; returns its one EncryptedAssertion. */
export function checkEnvelope(
  { element }: ResponseEnvelope,
  expected: { entityId: string; acsUrl: string; now: Date },
): XmlElement {
  checkIssuer(element, expected.entityId);
  demand(element.attributes.get('Destination') === expected.acsUrl, 'not-for-us', 'Destination is not our address');
  const issued = instant(element.attributes.get('IssueInstant'));
  demand(issued !== null, 'malformed', 'IssueInstant of the Response is missing or unreadable');
  demandFresh(issued, expected.now, 'Response');
  checkStatus(element);
  return encryptedAssertion(element);
}

function decodeBase64(field: unknown): Buffer {
  demand(typeof field === 'string', 'malformed', 'SAMLResponse is not one text field');
  demand(field.length <= MAX_BASE64_LENGTH, 'malformed', 'SAMLResponse is too large');
  const compact = field.replace(/[\r\n\t ]+/g, '');
  const isBase64 = compact.length > 0 && compact.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(compact);
  demand(isBase64, 'malformed', 'SAMLResponse is not base64');
  return Buffer.from(compact, 'base64');
}

export function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal('malformed', 'the message is not UTF-8');
  }
}

function checkIssuer(response: XmlElement, entityId: string): void {
  const issuers = childrenNamed(response, namespace.assertion, 'Issuer');
  demand(issuers.length <= 1, 'malformed', 'the Response has several issuers');
  const [issuer] = issuers;
  if (issuer) demand(isIssuer(issuer, entityId), 'wrong-provider', 'the Response is not from the provider asked');
}

export function isIssuer(issuer: XmlElement, entityId: string): boolean {
  const format = issuer.attributes.get('Format') ?? entityFormat;
  return format === entityFormat && issuer.text.trim() === entityId && issuer.children.length === 0;
}

function checkStatus(response: XmlElement): void {
  const code = onlyChild(
    onlyChild(response, namespace.protocol, 'Status') ?? fail('no single Status'),
    namespace.protocol,
    'StatusCode',
  );
  const value = code?.attributes.get('Value') ?? fail('no status code');
  if (value === status.success) return;
  const second = code && onlyChild(code, namespace.protocol, 'StatusCode')?.attributes.get('Value');
  const codes = [second, value].filter((text) => text !== undefined && text !== null);
  const known = codes.find((text) => statusReasons.has(text)) ?? '';
  // Only names of the standard go into the log: whatever else is said there is the message's own.
  const named = codes.flatMap((text) => failures.get(text) ?? []);
  const detail = `status ${named.join(' of ') || 'of another kind than Success'}`;
  throw new Refusal(statusReasons.get(known) ?? 'provider-failed', detail);
}

function encryptedAssertion(response: XmlElement): XmlElement {
  const assertions = childrenNamed(response, namespace.assertion, 'Assertion');
  demand(assertions.length === 0, 'not-protected', 'the assertion is not encrypted');
  const unknown = response.children.find((child) => !isEnvelopeChild(child));
  demand(unknown === undefined, 'malformed', 'the Response holds an element that does not belong there');
  const encrypted = onlyChild(response, namespace.assertion, 'EncryptedAssertion');
  return encrypted ?? fail('not exactly one EncryptedAssertion');
}

function isEnvelopeChild(child: XmlElement): boolean {
  if (child.namespace === namespace.signature) return child.name === 'Signature';
  if (child.namespace === namespace.protocol) return child.name === 'Status' || child.name === 'Extensions';
  return child.namespace === namespace.assertion && ['Issuer', 'EncryptedAssertion'].includes(child.name);
}

function fail(detail: string): never {
  throw new Refusal('malformed', detail);
}
