import { createVerify } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { algorithm, levelPrefix, namespace } from '../../sign-in/saml/names.ts';
import { isAssuranceLevel } from '../../sign-in/saml/assurance-level.ts';
import type { AssuranceLevel } from '../../sign-in/saml/assurance-level.ts';
import { descendants, isElement, onlyChild, parseXml } from '../../sign-in/saml/xml-tree.ts';
import type { XmlElement } from '../../sign-in/saml/xml-tree.ts';

/** A service that may ask the test identity provider for logins. */
export type KnownService = {
  name: string;
  entityId: string;
  acsUrl: string;
  signingCertificate: string;
  encryptionCertificate: string;
};

export type AuthnRequest = { id: string; service: KnownService; relayState: string; level: AssuranceLevel };

/** A request that cannot be answered; the message is Danish and for the person in front of the page. */
export class UnusableRequest extends Error {}

const LARGEST_REQUEST = 64 * 1024;

/** Reads a redirected AuthnRequest: from a known service, signed by it (RSA-SHA256), for this very provider. */
export function readAuthnRequest(query: string, ssoUrl: string, services: readonly KnownService[]): AuthnRequest {
  const parameters = new URLSearchParams(query);
  const request = inflatedRequest(parameters.get('SAMLRequest') ?? '');
  const issuer = onlyChild(request, namespace.assertion, 'Issuer')?.text.trim();
  const service = services.find(({ entityId }) => entityId === issuer);
  if (!service) throw new UnusableRequest('Forespørgslen kommer fra en tjeneste, som loginudbyderen ikke kender.');
  if (!isSignedBy(query, service)) throw new UnusableRequest('Forespørgslens underskrift er ikke tjenestens.');
  const { attributes } = request;
  if (attributes.get('Destination') !== ssoUrl) throw new UnusableRequest('Forespørgslen er til en anden adresse.');
  const acsUrl = attributes.get('AssertionConsumerServiceURL') ?? service.acsUrl;
  if (acsUrl !== service.acsUrl)
    throw new UnusableRequest('Svaret skulle sendes til en adresse, der ikke er tjenestens.');
  const relayState = parameters.get('RelayState') ?? '';
  return { id: attributes.get('ID') ?? '', service, relayState, level: requestedLevel(request) };
}

function inflatedRequest(base64: string): XmlElement {
  try {
    const xml = inflateRawSync(Buffer.from(base64, 'base64'), { maxOutputLength: LARGEST_REQUEST });
    const request = parseXml(xml.toString('utf8'));
    if (isElement(request, namespace.protocol, 'AuthnRequest')) return request;
  } catch (error) {
    throw new UnusableRequest('Forespørgslen kan ikke læses.', { cause: error });
  }
  throw new UnusableRequest('Forespørgslen er ikke en forespørgsel om login.');
}

/** The signature covers the query as it was sent, so it is checked on that text and not on the decoded values. */
function isSignedBy(query: string, { signingCertificate }: KnownService): boolean {
  const raw = new Map(query.split('&').map((pair) => [pair.slice(0, pair.indexOf('=')), pair]));
  const signedPart = ['SAMLRequest', 'RelayState', 'SigAlg'].flatMap((name) => raw.get(name) ?? []).join('&');
  const parameters = new URLSearchParams(query);
  if (parameters.get('SigAlg') !== algorithm.rsaSha256) return false;
  const signature = parameters.get('Signature') ?? '';
  return createVerify('RSA-SHA256').update(signedPart).verify(signingCertificate, signature, 'base64');
}

function requestedLevel(request: XmlElement): AssuranceLevel {
  const references = [...descendants(request)].filter(({ name }) => name === 'AuthnContextClassRef');
  const levels = references.map(({ text }) => text.trim().replace(levelPrefix, ''));
  return levels.find(isAssuranceLevel) ?? 'Substantial';
}
