import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { organisationLine, usersPath } from '../users/users.pages.ts';
import type { PlannedChange, PlannedKind } from './planned-changes.queries.ts';
import { changesPerPage, daysAhead, plannedKinds } from './planned-changes.queries.ts';

export function plannedChangesPath({ cvr }: { cvr: string }): string {
  return `/organisationer/${cvr}/planlagte-aendringer`;
}

const kindNames: Record<PlannedKind, string> = {
  departure: 'Sidste arbejdsdag',
  lockBegins: 'Spærring begynder',
  lockEnds: 'Spærring slutter',
  roleBegins: 'Rolle begynder',
  roleEnds: 'Rolle slutter',
};

type Listed = {
  organisation: AddressedOrganisation;
  kind: PlannedKind | null;
  pageNumber: number;
  rows: PlannedChange[];
};

/** Planlagte ændringer: what will happen by itself in the next 90 days. */
export function plannedChangesPage({ organisation, kind, pageNumber, rows }: Listed): Page {
  const link = (number: number): string =>
    `${plannedChangesPath(organisation)}?${new URLSearchParams([
      ...(kind === null ? [] : [['slags', kind]]),
      ['side', String(number)],
    ]).toString()}`;
  return page(
    'planned-changes/index',
    'Planlagte ændringer',
    {
      organisation: { line: organisationLine(organisation) },
      days: daysAhead,
      kinds: plannedKinds.map((value) => ({ value, label: kindNames[value], isChosen: value === kind })),
      isFiltered: kind !== null,
      rows: rows.slice(0, changesPerPage).map((row) => ({
        day: row.day,
        kind: kindNames[row.kind],
        name: fullName(row),
        path: usersPath(organisation, `/${row.userId}`),
        about: row.sorCode === null ? row.about : `${row.about}, ${row.unitName ?? 'SOR-enhed'} (${row.sorCode})`,
      })),
      pager: {
        text: `Side ${pageNumber}`,
        previous: pageNumber > 1 ? link(pageNumber - 1) : null,
        next: rows.length > changesPerPage ? link(pageNumber + 1) : null,
      },
      paths: { page: plannedChangesPath(organisation) },
    },
    [home],
  );
}
