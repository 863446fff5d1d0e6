import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { PortalName, Services } from '../pages/services.ts';
import { formatDate } from '../shared/dates.ts';
import type { IdentityProvider } from '../sign-in/identity-providers.ts';
import type { OwnCertificate } from '../sign-in/own-keys.ts';
import { certificateFacts, lastEnd, urgencyOf } from './identity-provider.ts';
import { certificateModel } from './identity-providers.pages.ts';

export const keysPath = '/system/noegler';

const uses = {
  signing: { first: 'Underskrift, i brug', further: 'Underskrift, kun annonceret' },
  encryption: { first: 'Kryptering, den første', further: 'Kryptering' },
} as const;

type Shown = {
  own: readonly OwnCertificate[];
  providers: readonly IdentityProvider[];
  origins: Services['origins'];
  now: Date;
};

/** Nøgler og certifikater: what SEB signs and decrypts with, and until when each provider's certificates last. */
export function keysPage({ own, providers, origins, now }: Shown): Page {
  const portals: [PortalName, string][] = [
    ['sebadmin', 'Brugeradministration'],
    ['sebanmod', 'SEB for brugere'],
  ];
  const model = {
    warnings: ownWarnings(own, now),
    own: own.map(({ use, isFirst, certificate }) => ({
      ...certificateModel(certificateFacts(certificate), now),
      change: uses[use][isFirst ? 'first' : 'further'],
    })),
    metadata: portals.map(([portal, label]) => ({ label, href: `${origins[portal]}/saml/metadata` })),
    providers: providers
      .map(({ name, certificates }) => ({ name, end: lastEnd(certificates), count: certificates.length }))
      .toSorted((one, other) => one.end.getTime() - other.end.getTime())
      .map(({ name, end, count }) => ({
        name,
        count: String(count),
        end: formatDate(end),
        isSoon: urgencyOf(end, now) !== null,
      })),
  };
  return page('identity-providers/keys', 'Nøgler og certifikater', model, [home]);
}

/** Our own certificates that end within 60 days, unless another of the kind lasts longer and takes over. */
export function ownWarnings(own: readonly OwnCertificate[], now: Date): string[] {
  return (['signing', 'encryption'] as const).flatMap((use) => {
    const certificates = own.filter((one) => one.use === use).map(({ certificate }) => certificate);
    const end = lastEnd(certificates);
    const first = certificateFacts(certificates[0] ?? '').validTo;
    const name = use === 'signing' ? 'underskrift' : 'kryptering';
    if (urgencyOf(end, now) !== null)
      return [
        `SEB’s eget certifikat til ${name} ${end <= now ? 'udløb' : 'udløber'} ${formatDate(end)}, og der er intet nyt.`,
      ];
    return use === 'signing' && urgencyOf(first, now) !== null
      ? [
          `Det certifikat, som SEB underskriver med, udløber ${formatDate(first)}. Det nye er annonceret: sæt det først.`,
        ]
      : [];
  });
}

/** How many certificates and metadata the system owner must see to: our own, and those of providers that are trusted. */
export function countExpiring({ own, providers, now }: Omit<Shown, 'origins'>): { own: number; providers: number } {
  return {
    own: ownWarnings(own, now).length,
    providers: providers.filter(({ certificates }) => urgencyOf(lastEnd(certificates), now) !== null).length,
  };
}
