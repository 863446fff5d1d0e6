import { createSign, createVerify } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { algorithm, deflateEncoding } from './names.ts';
import { demand } from './refusal.ts';
import { decodeUtf8 } from './response-envelope.ts';

// A signed LogoutRequest is some 2 kB. Limits hold before and after inflating, so that a small message cannot become a big one.
const MAX_QUERY_LENGTH = 32 * 1024;
const MAX_XML_LENGTH = 64 * 1024;
const MAX_RELAY_STATE_LENGTH = 1024;

export type MessageKind = 'SAMLRequest' | 'SAMLResponse';

/** A message as it stood in the address. Nothing in it is verified before `isSignedBy` said so. */
export type RedirectMessage = {
  kind: MessageKind;
  xml: string;
  /** As the sender wrote it, since it goes back unread; null when there was none. */
  relayState: string | null;
  /** The octets that the signature covers. */
  signed: string;
  signature: string;
};

const parameters = ['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature', 'SAMLEncoding'];

/**
 * Reads the query of a redirect (SAML bindings 3.4). The signature covers the parameters as they were percent-encoded by the
 * sender, so they are taken from the raw text; each may stand there once, and nothing beside them.
 */
export function readRedirect(query: string): RedirectMessage {
  demand(query.length <= MAX_QUERY_LENGTH, 'malformed', 'the query is too long');
  const raw = rawParameters(query);
  const kind: MessageKind = raw.has('SAMLRequest') ? 'SAMLRequest' : 'SAMLResponse';
  demand(raw.has('SAMLRequest') !== raw.has('SAMLResponse'), 'malformed', 'not exactly one message');
  demand(raw.has('Signature') && raw.has('SigAlg'), 'not-genuine', 'the message is not signed');
  demand(decoded(raw, 'SigAlg') === algorithm.rsaSha256, 'not-genuine', 'the signature is not RSA-SHA256');
  const isDeflated = !raw.has('SAMLEncoding') || decoded(raw, 'SAMLEncoding') === deflateEncoding;
  demand(isDeflated, 'malformed', 'an unknown encoding');
  const relayState = raw.has('RelayState') ? decoded(raw, 'RelayState') : null;
  demand((relayState?.length ?? 0) <= MAX_RELAY_STATE_LENGTH, 'malformed', 'RelayState is too long');
  const signed = [kind, 'RelayState', 'SigAlg']
    .filter((name) => raw.has(name))
    .map((name) => `${name}=${raw.get(name)}`);
  const signature = base64(decoded(raw, 'Signature'), 'Signature');
  return { kind, xml: inflated(decoded(raw, kind)), relayState, signed: signed.join('&'), signature };
}

export function isSignedBy({ signed, signature }: RedirectMessage, certificates: readonly string[]): boolean {
  return certificates.some((certificate) =>
    createVerify('RSA-SHA256').update(signed).verify(certificate, signature, 'base64'),
  );
}

export type Outgoing = { kind: MessageKind; xml: string; relayState: string | null };

/** The address that carries the message to the other side, signed. */
export function signedRedirect(address: string, { kind, xml, relayState }: Outgoing, privateKey: string): string {
  const message = deflateRawSync(Buffer.from(xml, 'utf8')).toString('base64');
  const pairs = [
    [kind, message],
    ...(relayState === null ? [] : [['RelayState', relayState]]),
    ['SigAlg', algorithm.rsaSha256],
  ];
  const signed = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`).join('&');
  const signature = createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64');
  return `${address}${address.includes('?') ? '&' : '?'}${signed}&Signature=${encodeURIComponent(signature)}`;
}

function rawParameters(query: string): Map<string, string> {
  const raw = new Map<string, string>();
  for (const pair of query.split('&')) {
    const [name = '', ...rest] = pair.split('=');
    demand(parameters.includes(name), 'malformed', 'an unknown parameter beside the message');
    demand(!raw.has(name), 'malformed', 'a parameter stands there twice');
    raw.set(name, rest.join('='));
  }
  return raw;
}

function decoded(raw: ReadonlyMap<string, string>, name: string): string {
  try {
    return decodeURIComponent((raw.get(name) ?? '').replaceAll('+', ' '));
  } catch {
    demand(false, 'malformed', 'a parameter is not percent-encoded UTF-8');
  }
}

function base64(text: string, name: string): string {
  const compact = text.replace(/[\r\n]+/g, '');
  const isBase64 = compact.length > 0 && compact.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(compact);
  demand(isBase64, 'malformed', `${name} is not base64`);
  return compact;
}

function inflated(text: string): string {
  const bytes = Buffer.from(base64(text, 'the message'), 'base64');
  return decodeUtf8(inflateRawSync(bytes, { maxOutputLength: MAX_XML_LENGTH }));
}
