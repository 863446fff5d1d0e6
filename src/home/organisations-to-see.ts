import { filterNames, organisationFilters } from '../organisations/organisation-list.ts';
import type { OrganisationsToSee } from '../organisations/organisations.queries.ts';
import { formatNumber } from '../shared/text.ts';

/** The organisations that ask something of the system owner, each kind with its list. */
export function organisationsToSee(counts: OrganisationsToSee): { label: string; count: string; href: string }[] {
  return organisationFilters
    .filter((filter): filter is keyof OrganisationsToSee => filter in counts)
    .filter((filter) => counts[filter] > 0)
    .map((filter) => ({
      label: filterNames[filter],
      count: formatNumber(counts[filter]),
      href: `/organisationer?vis=${filter}`,
    }));
}
