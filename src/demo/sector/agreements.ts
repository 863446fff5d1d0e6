import type { SecurityPolicy } from '../../agreements/agreement.ts';
import { addDays } from './calendar.ts';
import type { OrganisationKey } from './organisations.ts';

export type DemoAgreement = {
  organisation: OrganisationKey;
  signer: string;
  title: string;
  from: string;
  to: string | null;
  policy: SecurityPolicy;
  policyName: string | null;
  endedOn: string | null;
  /** The organisationsadministrator whom it names, by the key of the user. */
  names: string;
};

/** The signed agreements of the sector; the clinic has none that was registered, and the municipality's runs out soon. */
export function makeAgreements(today: string): DemoAgreement[] {
  return [
    agreement('systemOwner', 'Lone Kjær Madsen', 'vicedirektør', '2019-01-07', 'systemOwner-1'),
    agreement('region', 'Torben Ølgaard', 'regionsdirektør', '2019-03-04', 'region-org-admin', { to: '2029-03-03' }),
    agreement('municipality', 'Grethe Æbelø', 'kommunaldirektør', '2019-05-13', 'municipality-org-admin', {
      to: addDays(today, 25),
      policy: 'DS484',
    }),
    agreement('practice', 'Anders Øland', 'læge', '2021-09-06', 'practice-doctor', {
      policy: 'OTHER',
      policyName: 'Datatilsynets vejledning for små virksomheder',
    }),
    agreement('closed', 'Ejnar Strand', 'speciallæge', '2019-08-12', 'closed-organisation', { endedOn: '2025-06-30' }),
  ];
}

function agreement(
  organisation: OrganisationKey,
  signer: string,
  title: string,
  from: string,
  names: string,
  more: Partial<DemoAgreement> = {},
): DemoAgreement {
  const usual = { to: null, policy: 'ISO27001' as const, policyName: null, endedOn: null };
  return { organisation, signer, title, from, names, ...usual, ...more };
}

export type DemoContact = {
  organisation: OrganisationKey;
  kind: 'SECURITY' | 'CONTACT';
  name: string;
  title: string;
  email: string;
};

export const contacts: DemoContact[] = [
  contact('region', 'SECURITY', 'Rikke Søholm', 'informationssikkerhedschef', 'rikke.soeholm@region-eksempel.example'),
  contact('region', 'CONTACT', 'Jens Åkerlund', 'it-chef', 'jens.aakerlund@region-eksempel.example'),
  contact('municipality', 'SECURITY', 'Dorte Bæk', 'sikkerhedskoordinator', 'dorte.baek@eksempel-kommune.example'),
  contact(
    'municipality',
    'CONTACT',
    'Ivan Krøyer',
    'digitaliseringskonsulent',
    'ivan.kroeyer@eksempel-kommune.example',
  ),
  contact('practice', 'CONTACT', 'Anders Øland', 'læge', 'anders.oeland@laegehuset-proevegade.example'),
];

function contact(
  organisation: OrganisationKey,
  kind: DemoContact['kind'],
  name: string,
  title: string,
  email: string,
): DemoContact {
  return { organisation, kind, name, title, email };
}

export const agreementText = {
  changes: 'Den første tekst, der accepteres i SEB.',
  body: `Organisationen administrerer selv sine brugere i SEB og har det fulde ansvar for at tildele, vedligeholde og fjerne roller og rettigheder.

Organisationen har mindst én organisationsadministrator og helst to. Administratorerne giver kun adgang til medarbejdere, der har brug for den i deres arbejde, og fjerner adgangen senest den sidste arbejdsdag.

Organisationen gennemgår sine brugere og deres roller mindst hvert halve år og følger en sikkerhedspolitik efter DS 484, ISO/IEC 27001 eller en tilsvarende standard.

Alle ændringer i SEB står i ændringsloggen, som organisationen og systemejeren kan se.`,
  publishedOn: '2025-01-06',
  acceptedBy: [
    { organisation: 'systemOwner', user: 'systemOwner-1' },
    { organisation: 'region', user: 'region-org-admin' },
    { organisation: 'municipality', user: 'municipality-org-admin' },
    { organisation: 'clinic', user: 'clinic-1' },
  ],
} as const;
