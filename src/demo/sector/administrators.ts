import type { OrganisationKey } from './organisations.ts';

export type DemoAdministrator = {
  user: string;
  organisation: OrganisationKey;
  kind: 'ORGANISATION' | 'USER' | 'READ_ONLY';
  /** SEB Ansvarsområde */
  area: string | null;
  from: string;
  to: string | null;
};

/** Everybody who administers, by the keys of the users; the first of an organisation came with its agreement. */
export const administrators: DemoAdministrator[] = [
  administrator('systemOwner-1', 'systemOwner', 'ORGANISATION', '2019-01-07'),
  administrator('systemOwner-2', 'systemOwner', 'ORGANISATION', '2019-01-09'),

  administrator('region-org-admin', 'region', 'ORGANISATION', '2019-03-04', 'Hele regionen'),
  administrator('region-org-admin-2', 'region', 'ORGANISATION', '2019-03-05', 'Hele regionen'),
  administrator('region-user-admin', 'region', 'USER', '2020-10-20', 'Eksempel Universitetshospital'),
  administrator('two-organisations', 'region', 'USER', '2020-01-13', 'Regionshospitalet Nordfjord'),
  administrator('locked', 'region', 'USER', '2020-08-17', 'Psykiatrisk Afdeling P'),
  administrator('region-1', 'region', 'USER', '2021-04-12', 'Regionshospitalet Nordfjord'),
  administrator('region-2', 'region', 'USER', '2022-09-05', 'Kirurgi og Ortopædkirurgi'),
  administrator('region-3', 'region', 'USER', '2023-11-20', 'Telemedicin (FUT)'),
  administrator('region-4', 'region', 'USER', '2021-01-11', 'Børne- og Ungeafdelingen', '2024-08-31'),
  administrator('region-read-only', 'region', 'READ_ONLY', '2021-02-16', 'Kvalitet og patientsikkerhed'),
  administrator('region-5', 'region', 'READ_ONLY', '2024-03-04', 'Informationssikkerhed'),

  administrator('municipality-org-admin', 'municipality', 'ORGANISATION', '2019-05-13'),
  administrator('municipality-1', 'municipality', 'ORGANISATION', '2020-06-08'),
  administrator('municipality-2', 'municipality', 'USER', '2021-03-15', 'Børn og Skole'),
  administrator('unbound', 'municipality', 'USER', '2026-05-19', 'Hjemmeplejen'),
  administrator('municipality-3', 'municipality', 'USER', '2022-01-17', 'Sundhed og Omsorg'),
  administrator('municipality-4', 'municipality', 'READ_ONLY', '2023-02-06', 'Intern revision'),

  administrator('practice-doctor', 'practice', 'ORGANISATION', '2021-09-06'),

  administrator('clinic-1', 'clinic', 'ORGANISATION', '2020-02-03'),
  administrator('two-organisations', 'clinic', 'ORGANISATION', '2020-02-10'),
  administrator('clinic-2', 'clinic', 'USER', '2022-05-02', 'Sekretariatet'),

  administrator('closed-organisation', 'closed', 'ORGANISATION', '2019-08-12'),
];

/** The day a user first became an administrator, for those who were created to be one; null for all others. */
export function administratesFrom(userKey: string): string | null {
  return (
    administrators
      .filter(({ user }) => user === userKey)
      .map(({ from }) => from)
      .toSorted()[0] ?? null
  );
}

export const systemRoles: { user: string; kind: 'SYSTEM_OWNER' | 'SERVICEDESK' }[] = [
  { user: 'system-owner', kind: 'SYSTEM_OWNER' },
  { user: 'systemOwner-1', kind: 'SYSTEM_OWNER' },
  { user: 'servicedesk', kind: 'SERVICEDESK' },
  { user: 'systemOwner-3', kind: 'SERVICEDESK' },
];

function administrator(
  user: string,
  organisation: OrganisationKey,
  kind: DemoAdministrator['kind'],
  from: string,
  area: string | null = null,
  to: string | null = null,
): DemoAdministrator {
  return { user, organisation, kind, area, from, to };
}
