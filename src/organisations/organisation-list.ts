import type { Posted } from '../http/forms.ts';
import { typed, typedSearch } from '../http/forms.ts';

/** What those who see all organisations may pick out of the list. */
export const organisationFilters = [
  'alle',
  'lukkede',
  'uden-aftale',
  'aftale-udloeber',
  'faa-administratorer',
  'ophoert',
  'venter-paa-login',
] as const;
export type OrganisationFilter = (typeof organisationFilters)[number];

export const filterNames: Record<OrganisationFilter, string> = {
  alle: 'Alle organisationer',
  lukkede: 'Lukkede i SEB',
  'uden-aftale': 'Uden gældende aftale',
  'aftale-udloeber': 'Aftalen udløber inden for 90 dage',
  'faa-administratorer': 'Færre end to organisationsadministratorer',
  ophoert: 'Ophørt i CVR',
  'venter-paa-login': 'Første administrator har ikke logget på',
};

export type OrganisationListQuery = {
  search: string;
  filter: OrganisationFilter;
  after: { name: string; id: number } | null;
};

export function organisationListQuery(query: Posted): OrganisationListQuery {
  const id = typed(query, 'efterid');
  const wanted = organisationFilters.find((filter) => filter === typed(query, 'vis'));
  return {
    search: typedSearch(query, 'soeg'),
    filter: wanted ?? 'alle',
    after: /^\d{1,9}$/.test(id)
      ? { name: typed(query, 'efternavn').replace(/\p{C}/gu, ' ').slice(0, 300), id: Number(id) }
      : null,
  };
}
