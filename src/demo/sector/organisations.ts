import { demoOrganisations } from '../demo-people.ts';

export type OrganisationKey = keyof typeof demoOrganisations;

export const organisationKeys = Object.keys(demoOrganisations) as OrganisationKey[];

export type Address = { street: string; postcode: string; city: string };

type OrganisationFacts = {
  /** Where mails of its people go. */
  mailDomain: string;
  /** The day its agreement began. */
  since: string;
  closedOn?: string;
  selfAssignmentAllowed?: boolean;
  address: Address;
  /** How many made-up users it has besides the demo people. */
  users: number;
};

export const organisationFacts: Record<OrganisationKey, OrganisationFacts> = {
  systemOwner: {
    mailDomain: 'sds-demo.example',
    since: '2019-01-07',
    address: { street: 'Prøve Boulevard 5', postcode: '2300', city: 'København S' },
    users: 10,
  },
  region: {
    mailDomain: 'region-eksempel.example',
    since: '2019-03-04',
    address: { street: 'Regionshusvej 1', postcode: '8800', city: 'Viborg' },
    users: 158,
  },
  municipality: {
    mailDomain: 'eksempel-kommune.example',
    since: '2019-05-13',
    address: { street: 'Rådhuspladsen 1', postcode: '8543', city: 'Hornslet' },
    users: 88,
  },
  practice: {
    mailDomain: 'laegehuset-proevegade.example',
    since: '2021-09-06',
    // Too small for a second administrator, so the doctor may give roles to herself or himself, with a reason.
    selfAssignmentAllowed: true,
    address: { street: 'Prøvegade 12, st.', postcode: '8900', city: 'Randers C' },
    users: 4,
  },
  clinic: {
    mailDomain: 'klinik-fjordblik.example',
    since: '2020-02-03',
    address: { street: 'Fjordvej 40', postcode: '8500', city: 'Grenaa' },
    users: 17,
  },
  closed: {
    mailDomain: 'oereklinikken-strandvejen.example',
    since: '2019-08-12',
    closedOn: '2025-06-30',
    address: { street: 'Strandvejen 210', postcode: '2900', city: 'Hellerup' },
    users: 4,
  },
};

const institutionAddresses: Record<string, Address> = {
  'Eksempel Universitetshospital': { street: 'Hospitalsparken 99', postcode: '8900', city: 'Randers C' },
  'Regionshospitalet Nordfjord': { street: 'Nordfjordvej 15', postcode: '8500', city: 'Grenaa' },
  'Børn og Skole': { street: 'Skolegade 8', postcode: '8410', city: 'Rønde' },
};

/** Where an institution of an organisation lies. */
export function addressOf(organisation: OrganisationKey, institution: string): Address {
  return institutionAddresses[institution] ?? organisationFacts[organisation].address;
}
