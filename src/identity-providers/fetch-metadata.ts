import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { BlockList, isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { AddressPolicy } from './address-policy.ts';
import { addressFault } from './address-policy.ts';
import { UnusableMetadata, mostMetadataBytes } from './provider-metadata.ts';

export type FetchPolicy = AddressPolicy & {
  /** Private networks that may be asked all the same, as CIDR: a region's own provider may stand on a closed network. */
  allowedNetworks: readonly string[];
  timeoutMs: number;
};

/**
 * Fetches metadata from an address that a person typed, without letting it reach where only this server may: https alone, no
 * private address but those allowed, judged on the very address that is connected to (a name may answer otherwise a moment
 * later), no redirects, a limit on size and time. @throws UnusableMetadata
 */
export function fetchMetadata(address: string, policy: FetchPolicy): Promise<string> {
  const fault = addressFault(address, policy);
  if (fault !== null) throw new UnusableMetadata(`Adressen kan ikke bruges: ${fault}`);
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayAsk(host, policy)) throw new UnusableMetadata(innerNetwork);
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).get(
      url,
      {
        agent: false,
        lookup: guardedLookup(policy),
        headers: { accept: 'application/samlmetadata+xml, application/xml, text/xml', 'accept-encoding': 'identity' },
        signal: AbortSignal.timeout(policy.timeoutMs),
      },
      (response) => {
        textOf(response).then(resolve, (error: unknown) => reject(told(error)));
      },
    );
    request.on('error', (error) => reject(told(error)));
  });
}

const innerNetwork = 'Adressen ligger på et lukket net, som SEB ikke har lov til at hente fra';

async function textOf(response: IncomingMessage): Promise<string> {
  if (response.statusCode !== 200) {
    response.destroy();
    throw new UnusableMetadata(`Adressen svarer ${response.statusCode ?? 'intet'} i stedet for 200`);
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.byteLength;
    if (bytes > mostMetadataBytes) {
      response.destroy();
      throw new UnusableMetadata('Metadata fylder mere end 1 MB');
    }
    pieces.push(piece);
  }
  return decoded(Buffer.concat(pieces));
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnusableMetadata('Metadata er ikke UTF-8');
  }
}

/** A cause in words; never the text of the other side. */
function told(error: unknown): UnusableMetadata {
  if (error instanceof UnusableMetadata) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isLate = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
  const cause = isLate
    ? 'den svarede ikke i tide'
    : (causes[code] ?? `forbindelsen kunne ikke oprettes (${code || 'ukendt fejl'})`);
  return new UnusableMetadata(`Metadata kunne ikke hentes: ${cause}`, { cause: error });
}

const causes: Record<string, string> = {
  ENOTFOUND: 'navnet findes ikke',
  EAI_AGAIN: 'navnet kan ikke slås op lige nu',
  ECONNREFUSED: 'den tager ikke imod forbindelser',
  ECONNRESET: 'forbindelsen blev afbrudt',
  CERT_HAS_EXPIRED: 'dens TLS-certifikat er udløbet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'dens TLS-certifikat er ikke udstedt af nogen, som SEB kender',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'dens TLS-certifikat er ikke udstedt af nogen, som SEB kender',
  ERR_TLS_CERT_ALTNAME_INVALID: 'dens TLS-certifikat er til et andet navn',
};

/** The names's addresses are judged where they are used: of several, those that may be asked are left. */
function guardedLookup(policy: FetchPolicy): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, '', 0);
      const allowed = found.filter(({ address }) => mayAsk(address, policy));
      const [first] = allowed;
      if (first === undefined) return done(new UnusableMetadata(innerNetwork), '', 0);
      if (options.all === true) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };
}

// What no stranger on the internet can be: this machine, private and shared networks, link-local (cloud metadata services),
// multicast, reserved and documentation ranges, and the IPv6 forms that carry an IPv4 address inside.
const inner = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const;

// One list for each kind: in a common one ::ffff:0:0/96 would stand for every IPv4 address.
const innerAddresses = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [network, bits] of inner) {
  const family = familyOf(network);
  innerAddresses[family].addSubnet(network, bits, family);
}

/** Whether the address is everybody's, or of a network that the operator has allowed. */
export function mayAsk(address: string, { allowedNetworks }: Pick<FetchPolicy, 'allowedNetworks'>): boolean {
  const family = familyOf(address);
  if (!innerAddresses[family].check(address, family)) return true;
  const allowed = new BlockList();
  for (const network of allowedNetworks) {
    const [base = '', bits = ''] = network.split('/');
    if (familyOf(base) === family) allowed.addSubnet(base, Number(bits), family);
  }
  return allowed.check(address, family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 || address.includes(':') ? 'ipv6' : 'ipv4';
}
