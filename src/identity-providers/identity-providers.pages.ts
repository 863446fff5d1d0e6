import type { Cursor } from '../http/keyset.ts';
import { encodeCursor } from '../http/keyset.ts';
import type { Crumb, Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import { formatDate, formatDateTime } from '../shared/dates.ts';
import { counted, formatCvr } from '../shared/text.ts';
import type { CertificateFacts } from './identity-provider.ts';
import { certificateFacts, isFetchOverdue, lastEnd, urgencyOf } from './identity-provider.ts';
import type { CvrOfProvider, ProviderRow } from './identity-providers.queries.ts';
import { providersPerPage } from './identity-providers.queries.ts';

export const providersPath = (rest = ''): string => `/system/identitetsudbydere${rest}`;

export function providerCrumbs(row: Pick<ProviderRow, 'id' | 'name'> | null = null): Crumb[] {
  const list = [home, { label: 'Identitetsudbydere', href: providersPath() }];
  return row === null ? list : [...list, { label: row.name, href: providersPath(`/${row.id}`) }];
}

export const kindNames = { 'nemlog-in': 'NemLog-in', local: 'Lokal IdP' } as const;
export const levelNames = { Low: 'Lav', Substantial: 'Betydelig', High: 'Høj' } as const;
/** The kinds of NameID that a provider may send. */
export const nameIdFormatNames = {
  persistent: 'Fast (persistent)',
  transient: 'Nyt ved hvert login (transient)',
  x509: 'Certifikatets navn (X509SubjectName)',
  windows: 'Windows-navn (WindowsDomainQualifiedName)',
  email: 'E-mailadresse (emailAddress)',
  unspecified: 'Uden angivet slags (unspecified)',
} as const;
type Listed = { search: string; isFirstPage: boolean; now: Date };

/** Identitetsudbydere: whom people may log in with. */
export function providersPage(rows: ProviderRow[], { search, isFirstPage, now }: Listed): Page {
  const shown = rows.slice(0, providersPerPage);
  const last = shown.at(-1);
  const link = (more: [string, string][]): string =>
    providersPath(`?${new URLSearchParams([...(search === '' ? [] : [['soeg', search]]), ...more])}`);
  const cursor = (at: ProviderRow): Cursor => ({ direction: 'after', values: [at.name], id: at.id, page: 2 });
  const model = {
    search,
    rows: shown.map((row) => ({
      name: row.name,
      kind: kindNames[row.kind],
      isEnabled: row.isEnabled,
      cvrs: row.allCvrs ? 'Alle' : counted(row.cvrs.length, 'CVR-nummer', 'CVR-numre'),
      expires: formatDate(lastEnd(row.certificates)),
      warning: warningsOf(row, now)[0] ?? null,
      href: providersPath(`/${row.id}`),
    })),
    first: isFirstPage ? null : link([]),
    next: rows.length > providersPerPage && last !== undefined ? link([['fra', encodeCursor(cursor(last))]]) : null,
    paths: { list: providersPath(), create: providersPath('/opret') },
  };
  return page('identity-providers/index', 'Identitetsudbydere', model, [home]);
}

/** What the system owner must look at, most urgent first. */
export function warningsOf(
  row: Pick<ProviderRow, 'certificates' | 'fault' | 'failingSince' | 'metadataValidUntil'>,
  now: Date,
): string[] {
  const end = lastEnd(row.certificates);
  const urgency = urgencyOf(end, now);
  const { metadataValidUntil: valid, failingSince } = row;
  return [
    ...(urgency === null ? [] : [`Certifikatet ${urgency === 'over' ? 'udløb' : 'udløber'} ${formatDate(end)}`]),
    ...(isFetchOverdue(row, now) && failingSince !== null
      ? [`Metadata har ikke kunnet hentes siden ${formatDateTime(failingSince)}`]
      : []),
    ...(valid !== null && valid <= now ? [`Metadata gjaldt til ${formatDateTime(valid)}`] : []),
  ];
}

type Shown = { cvrs: CvrOfProvider[]; isTrusted: boolean; now: Date };

/** One provider: what is trusted about it, and how its metadata come. */
export function providerPage(row: ProviderRow, { cvrs, isTrusted, now }: Shown): Page {
  const path = providersPath(`/${row.id}`);
  const names = Object.entries(row.attributeNames);
  const model = {
    name: row.name,
    isEnabled: row.isEnabled,
    // As soon as another process has changed it, this one needs up to ten seconds.
    isLeftOut: row.isEnabled && !isTrusted,
    warnings: warningsOf(row, now),
    facts: [
      { label: 'Id', value: row.slug },
      { label: 'Fane på login-siden', value: kindNames[row.kind] },
      { label: 'entityID', value: row.entityId },
      { label: 'Login', value: row.ssoUrl },
      { label: 'Log af', value: row.sloUrl ?? 'Ingen: “Log af” slutter kun sessionen i SEB' },
      ...(row.sloResponseUrl === null ? [] : [{ label: 'Svar på log af', value: row.sloResponseUrl }]),
      { label: 'Laveste sikringsniveau', value: levelNames[row.minimumLevel] },
      {
        label: 'Kryptering',
        value: row.cbcReason === null ? 'AES-GCM' : `AES-GCM, og som undtagelse AES-CBC: ${row.cbcReason}`,
      },
      { label: 'Navne (NameID)', value: row.nameIdFormats.map((format) => nameIdFormatNames[format]).join(', ') },
      { label: 'Egne attributnavne', value: names.map(([word, name]) => `${word} = ${name}`).join(', ') || 'Ingen' },
    ],
    certificates: row.certificates.map((pem) => certificateModel(certificateFacts(pem), now)),
    allCvrs: row.allCvrs,
    cvrs: cvrs.map(({ cvr, name }) => ({
      cvr: formatCvr(cvr),
      name: name ?? 'Ikke i SEB',
      href: name === null ? null : `/organisationer/${cvr}`,
    })),
    metadata: metadataFacts(row),
    version: String(row.version),
    paths: {
      edit: `${path}/rediger`,
      metadata: `${path}/metadata`,
      turnOn: `${path}/slaa-til`,
      turnOff: `${path}/slaa-fra`,
    },
  };
  return page('identity-providers/show', row.name, model, providerCrumbs());
}

export function certificateModel({ subject, fingerprint, validFrom, validTo }: CertificateFacts, now: Date) {
  const urgency = urgencyOf(validTo, now);
  return {
    subject,
    fingerprint,
    period: `${formatDate(validFrom)} – ${formatDate(validTo)}`,
    badge: urgency === null ? null : urgency === 'over' ? 'Udløbet' : 'Udløber snart',
  };
}

function metadataFacts(row: ProviderRow): { label: string; value: string }[] {
  if (row.metadataUrl === null)
    return [{ label: 'Kommer fra', value: 'En fil, som systemejeren har valgt. SEB henter dem ikke selv.' }];
  const signer = row.metadataCertificate === null ? 'Intet' : certificateFacts(row.metadataCertificate).fingerprint;
  return [
    { label: 'Hentes hver nat fra', value: row.metadataUrl },
    { label: 'Skal være underskrevet med', value: signer },
    { label: 'Senest forsøgt', value: row.triedAt === null ? 'Ikke endnu' : formatDateTime(row.triedAt) },
    ...(row.fault === null ? [] : [{ label: 'Det gik ikke', value: row.fault }]),
    {
      label: 'Gælder til',
      value:
        row.metadataValidUntil === null
          ? 'Metadata har ingen slutdato (validUntil). Bed udbyderen om en. SEB tager ikke af sig selv et certifikat eller en adresse tilbage, som nyere metadata har fjernet.'
          : formatDateTime(row.metadataValidUntil),
    },
  ];
}
