import { randomBytes } from 'node:crypto';
import { bearer, entityFormat, namespace, persistentFormat, status, uriNameFormat } from '../../sign-in/saml/names.ts';
import { escapeXml } from '../../sign-in/saml/xml-tree.ts';

export type AssertionContent = {
  id: string;
  issuer: string;
  audience: string;
  recipient: string;
  inResponseTo: string;
  nameId: string;
  attributes: [string, string][];
  issued: Date;
  sessionIndex?: string;
};

const MINUTE = 60_000;
const CONFIRMATION_MINUTES = 5;
const CONDITIONS_MINUTES = 10;
const SESSION_MINUTES = 12 * 60;

export function newSamlId(): string {
  return `_${randomBytes(16).toString('hex')}`;
}

/** An assertion of OIOSAML 3, not signed yet. */
export function assertionXml(content: AssertionContent): string {
  const { issued } = content;
  return (
    `<saml:Assertion xmlns:saml="${namespace.assertion}" ID="${content.id}" Version="2.0" IssueInstant="${at(issued)}">` +
    `<saml:Issuer Format="${entityFormat}">${escapeXml(content.issuer)}</saml:Issuer>` +
    `<saml:Subject><saml:NameID Format="${persistentFormat}">${escapeXml(content.nameId)}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="${bearer}"><saml:SubjectConfirmationData` +
    ` NotOnOrAfter="${at(issued, CONFIRMATION_MINUTES)}" Recipient="${escapeXml(content.recipient)}"` +
    ` InResponseTo="${escapeXml(content.inResponseTo)}"/></saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${at(issued)}" NotOnOrAfter="${at(issued, CONDITIONS_MINUTES)}">` +
    `<saml:AudienceRestriction><saml:Audience>${escapeXml(content.audience)}</saml:Audience>` +
    `</saml:AudienceRestriction></saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${at(issued)}" SessionIndex="${content.sessionIndex ?? newSamlId()}"` +
    ` SessionNotOnOrAfter="${at(issued, SESSION_MINUTES)}"><saml:AuthnContext><saml:AuthnContextClassRef>` +
    `https://data.gov.dk/concept/core/nsis</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
    `<saml:AttributeStatement>${content.attributes.map(attributeXml).join('')}</saml:AttributeStatement>` +
    `</saml:Assertion>`
  );
}

export type ResponseContent = {
  id: string;
  issuer: string;
  destination: string;
  inResponseTo: string;
  issued: Date;
  /** `Success` with content, or another status without. */
  status: string;
  /** An EncryptedAssertion, or nothing. */
  content: string;
};

export function responseXml(response: ResponseContent): string {
  return (
    `<samlp:Response xmlns:samlp="${namespace.protocol}" xmlns:saml="${namespace.assertion}" ID="${response.id}"` +
    ` Version="2.0" IssueInstant="${at(response.issued)}" Destination="${escapeXml(response.destination)}"` +
    ` InResponseTo="${escapeXml(response.inResponseTo)}">` +
    `<saml:Issuer>${escapeXml(response.issuer)}</saml:Issuer>` +
    `<samlp:Status>${statusCode(response.status)}</samlp:Status>${response.content}</samlp:Response>`
  );
}

/** A failure is reported in two steps: who failed, and how. */
function statusCode(value: string): string {
  if (value === status.success) return `<samlp:StatusCode Value="${value}"/>`;
  return `<samlp:StatusCode Value="${status.responder}"><samlp:StatusCode Value="${escapeXml(value)}"/></samlp:StatusCode>`;
}

function attributeXml([name, value]: [string, string]): string {
  return (
    `<saml:Attribute Name="${escapeXml(name)}" NameFormat="${uriNameFormat}">` +
    `<saml:AttributeValue>${escapeXml(value)}</saml:AttributeValue></saml:Attribute>`
  );
}

function at(start: Date, minutes = 0): string {
  return new Date(start.getTime() + minutes * MINUTE).toISOString();
}
