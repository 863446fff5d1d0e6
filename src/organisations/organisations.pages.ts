import { home, page } from '../pages/page.ts';
import type { Page } from '../pages/page.ts';
import { formatCvr, formatNumber } from '../shared/text.ts';
import type { OrganisationListQuery } from './organisation-list.ts';
import { filterNames, organisationFilters } from './organisation-list.ts';
import { organisationPath } from './organisation.ts';
import type { OrganisationRow } from './organisations.queries.ts';
import { organisationsPerPage } from './organisations.queries.ts';

type List = {
  rows: OrganisationRow[];
  query: OrganisationListQuery;
  /** The system owner and the servicedesk see all, and may pick. */
  seesAll: boolean;
  mayCreate: boolean;
};

/** Vælg brugerorganisation; for those who see all: Organisationer. */
export function organisationsPage({ rows, query, seesAll, mayCreate }: List): Page {
  const shown = rows.slice(0, organisationsPerPage);
  const title = seesAll ? 'Organisationer' : 'Vælg brugerorganisation';
  const model = {
    title,
    search: query.search,
    filters: seesAll
      ? organisationFilters.map((value) => ({ value, label: filterNames[value], isChosen: value === query.filter }))
      : [],
    seesAll,
    paths: { create: mayCreate ? '/system/organisationer/opret' : null },
    rows: shown.map((row) => ({
      name: row.name,
      cvrText: formatCvr(row.cvr),
      users: formatNumber(row.users),
      administrators: row.administrators,
      hasFewAdministrators: row.administrators < 2 && !row.isClosed,
      agreement: row.hasAgreement ? 'Gælder' : 'Ingen gældende',
      isClosed: row.isClosed,
      isCeased: row.isCeased,
      href: seesAll ? organisationPath(row) : organisationPath(row, '/brugere'),
      usersHref: organisationPath(row, '/brugere'),
    })),
    next: rows.length > organisationsPerPage ? nextPage(query, shown.at(-1)) : null,
  };
  return page('organisations/index', title, model, [home]);
}

function nextPage({ search, filter }: OrganisationListQuery, last: OrganisationRow | undefined): string | null {
  if (last === undefined) return null;
  const next = new URLSearchParams([
    ...(search === '' ? [] : [['soeg', search]]),
    ...(filter === 'alle' ? [] : [['vis', filter]]),
    ['efternavn', last.name],
    ['efterid', String(last.id)],
  ]);
  return `/organisationer?${next.toString()}`;
}
