import { randomBytes } from 'node:crypto';
import type { NameIdKind } from './name-id.ts';
import { namespace, status } from './names.ts';
import { escapeXml } from './xml-tree.ts';

const REQUEST_LIVES_MS = 5 * 60_000;

export type Envelope = { id: string; issuer: string; destination: string; issued: Date };

/** The person and the session as the assertion of the login named them. */
export type LogoutSubject = { nameId: string; nameIdKind: NameIdKind; sessionIndex: string | null };

export type LogoutStatus = 'complete' | 'partial';

export function newMessageId(): string {
  return `_${randomBytes(20).toString('hex')}`;
}

/** The order of the elements is the schema's. */
export function logoutRequestXml(envelope: Envelope, { nameId, nameIdKind, sessionIndex }: LogoutSubject): string {
  const end = new Date(envelope.issued.getTime() + REQUEST_LIVES_MS).toISOString();
  const index = sessionIndex === null ? '' : `<samlp:SessionIndex>${escapeXml(sessionIndex)}</samlp:SessionIndex>`;
  return (
    `${opening('LogoutRequest', envelope)} NotOnOrAfter="${end}">${issuerXml(envelope)}` +
    `<saml:NameID${kindXml(nameIdKind)}>${escapeXml(nameId)}</saml:NameID>${index}</samlp:LogoutRequest>`
  );
}

export function logoutResponseXml(envelope: Envelope, inResponseTo: string, outcome: LogoutStatus): string {
  const second = outcome === 'partial' ? `<samlp:StatusCode Value="${status.partialLogout}"/>` : '';
  const top = outcome === 'partial' ? status.responder : status.success;
  return (
    `${opening('LogoutResponse', envelope)} InResponseTo="${escapeXml(inResponseTo)}">${issuerXml(envelope)}` +
    `<samlp:Status><samlp:StatusCode Value="${top}">${second}</samlp:StatusCode></samlp:Status></samlp:LogoutResponse>`
  );
}

function opening(name: string, { id, destination, issued }: Envelope): string {
  return (
    `<samlp:${name} xmlns:samlp="${namespace.protocol}" xmlns:saml="${namespace.assertion}" ID="${id}" Version="2.0"` +
    ` IssueInstant="${issued.toISOString()}" Destination="${escapeXml(destination)}"`
  );
}

function issuerXml({ issuer }: Envelope): string {
  return `<saml:Issuer>${escapeXml(issuer)}</saml:Issuer>`;
}

function kindXml({ format, nameQualifier, spNameQualifier }: NameIdKind): string {
  const pairs = [
    ['NameQualifier', nameQualifier],
    ['SPNameQualifier', spNameQualifier],
    ['Format', format],
  ] as const;
  return pairs.map(([name, value]) => (value === null ? '' : ` ${name}="${escapeXml(value)}"`)).join('');
}
