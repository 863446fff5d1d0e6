import { X509Certificate } from 'node:crypto';
import type { IdentityProvider } from '../sign-in/identity-providers.ts';
import { acceptedNameIdFormats, attributeNames, signingCertificate } from '../sign-in/identity-providers.ts';
import type { AddressPolicy } from './address-policy.ts';
import { addressFault } from './address-policy.ts';
import type { ProviderRow } from './identity-providers.queries.ts';
import type { ProviderMetadata } from './provider-metadata.ts';

export type TrustPolicy = AddressPolicy & {
  /** The test identity provider's own rows count only where there is a demo. */
  hasDemo: boolean;
};

/**
 * A row as logins are judged by it, or why it is not trusted here. Each row is judged by itself, so that one provider's trouble
 * never touches the others.
 */
export function trustedProvider(row: ProviderRow, policy: TrustPolicy): IdentityProvider | { fault: string } {
  const { slug: id, name, kind, entityId, ssoUrl, sloUrl, sloResponseUrl, minimumLevel, cbcReason } = row;
  if (row.origin === 'demo' && !policy.hasDemo)
    return { fault: 'the test identity provider is not trusted without a demo' };
  const urls = [ssoUrl, sloUrl, sloResponseUrl].filter((url) => url !== null);
  if (urls.some((url) => addressFault(url, policy) !== null))
    return { fault: 'one of its addresses cannot be used here' };
  const certificates = row.certificates.flatMap((pem) => signingCertificate.safeParse(pem).data ?? []);
  const names = attributeNames.safeParse(row.attributeNames);
  const formats = acceptedNameIdFormats.safeParse(row.nameIdFormats);
  if (certificates.length === 0 || !names.success || !formats.success)
    return { fault: 'its certificates, attribute names or kinds of name cannot be read' };
  return {
    ...{ id, name, kind, entityId, ssoUrl, certificates, minimumLevel, cbcReason },
    ...(sloUrl === null ? {} : { sloUrl }),
    ...(sloResponseUrl === null ? {} : { sloResponseUrl }),
    allowedCvrs: row.allCvrs ? 'all' : row.cvrs,
    attributeNames: names.data,
    nameIdFormats: formats.data,
  };
}

export type CertificateFacts = { subject: string; fingerprint: string; validFrom: Date; validTo: Date };

export function certificateFacts(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem);
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    fingerprint: certificate.fingerprint256,
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
  };
}

const dayMs = 24 * 3600_000;
export const warnDays = 60;

/** How urgent the end of a certificate is: 60, 30 and 7 days before it one must act. */
export function urgencyOf(end: Date, now: Date): 'over' | 'now' | 'soon' | 'warn' | null {
  const days = (end.getTime() - now.getTime()) / dayMs;
  if (days <= 0) return 'over';
  if (days <= 7) return 'now';
  if (days <= 30) return 'soon';
  return days <= warnDays ? 'warn' : null;
}

/** When a provider's signatures can no longer be under a certificate in force: the end of the one that lasts longest. */
export function lastEnd(certificates: readonly string[]): Date {
  return new Date(Math.max(...certificates.map((pem) => certificateFacts(pem).validTo.getTime())));
}

/** Metadata that cannot be fetched is a nuisance for a day or two, and then a danger: its certificates may change. */
export function isFetchOverdue({ failingSince }: Pick<ProviderRow, 'failingSince'>, now: Date): boolean {
  return failingSince !== null && now.getTime() - failingSince.getTime() > 2 * dayMs;
}

type Changeable = Pick<ProviderRow, 'ssoUrl' | 'sloUrl' | 'sloResponseUrl' | 'certificates' | 'metadataValidUntil'>;

export type MetadataDifferences = {
  added: CertificateFacts[];
  removed: CertificateFacts[];
  kept: CertificateFacts[];
  addresses: { label: string; from: string | null; to: string | null }[];
};

/** What taking the metadata would change about the provider. */
export function differencesTo(row: Changeable, metadata: ProviderMetadata): MetadataDifferences {
  const before = row.certificates.map(certificateFacts);
  const after = metadata.certificates.map(certificateFacts);
  const isIn = (list: readonly CertificateFacts[]) => (one: CertificateFacts) =>
    list.some(({ fingerprint }) => fingerprint === one.fingerprint);
  const isNotIn = (list: readonly CertificateFacts[]) => (one: CertificateFacts) => !isIn(list)(one);
  const addresses = [
    { label: 'Login', from: row.ssoUrl, to: metadata.ssoUrl },
    { label: 'Log af', from: row.sloUrl, to: metadata.sloUrl },
    { label: 'Svar på log af', from: row.sloResponseUrl, to: metadata.sloResponseUrl },
  ];
  return {
    added: after.filter(isNotIn(before)),
    removed: before.filter(isNotIn(after)),
    kept: after.filter(isIn(before)),
    addresses: addresses.filter(({ from, to }) => from !== to),
  };
}

export function isSameTrust({ added, removed, addresses }: MetadataDifferences): boolean {
  return added.length + removed.length + addresses.length === 0;
}

const mostRetired = 200;

/** What has been taken away once the metadata are in force; what they bring back is no longer among it. */
export function retiredWith(row: Changeable & Pick<ProviderRow, 'retired'>, metadata: ProviderMetadata): string[] {
  const { removed, addresses } = differencesTo(row, metadata);
  const gone = [...removed.map(({ fingerprint }) => fingerprint), ...addresses.flatMap(({ from }) => from ?? [])];
  const there = inMetadata(metadata);
  return [...new Set([...row.retired, ...gone])].filter((one) => !there.includes(one)).slice(-mostRetired);
}

/**
 * What the metadata bring back that newer ones have taken away. Most metadata tell no day on which they end, so whoever holds
 * the address could send old ones again, with a certificate that was given up because its key is out.
 */
export function broughtBack({ retired }: Pick<ProviderRow, 'retired'>, metadata: ProviderMetadata): string[] {
  return inMetadata(metadata).filter((one) => retired.includes(one));
}

/** Whether they end before those in force, or no longer at all: newer ones end later. */
export function endsEarlier(
  { metadataValidUntil: ours }: Pick<ProviderRow, 'metadataValidUntil'>,
  { validUntil }: ProviderMetadata,
): boolean {
  return ours !== null && (validUntil === null || validUntil < ours);
}

function inMetadata({ certificates, ssoUrl, sloUrl, sloResponseUrl }: ProviderMetadata): string[] {
  const fingerprints = certificates.map((pem) => certificateFacts(pem).fingerprint);
  return [...fingerprints, ...[ssoUrl, sloUrl, sloResponseUrl].flatMap((url) => url ?? [])];
}
