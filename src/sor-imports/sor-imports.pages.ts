import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { danishDay } from '../shared/dates.ts';
import { formatCvr, formatNumber } from '../shared/text.ts';
import { organisationLine } from '../users/users.pages.ts';
import type { ChangeKind, SorChange, SorRun } from './sor-imports.queries.ts';
import { changeKinds, changesPerPage, runsPerPage } from './sor-imports.queries.ts';

export const runsPath = '/sor-indlaesninger';

const kindNames: Record<ChangeKind, string> = {
  CLOSED: 'Lukket',
  REOPENED: 'Åbnet igen',
  MOVED: 'Flyttet i SOR-træet',
  OWNER: 'Ny ejer',
  RENAMED: 'Nyt navn',
  GROWN: 'Nye underenheder',
};

/** SOR-indlæsninger. */
export function runsPage(runs: SorRun[]): Page {
  const shown = runs.slice(0, runsPerPage);
  return page(
    'sor-imports/index',
    'SOR-indlæsninger',
    {
      rows: shown.map((run) => ({ ...runModel(run), href: `${runsPath}/${run.id}` })),
      next: runs.length > runsPerPage ? `${runsPath}?foer=${shown.at(-1)?.id ?? ''}` : null,
    },
    [home],
  );
}

function runModel(run: SorRun): object {
  const { rows, added, changed, closed } = run;
  const numbers = { rows, added, changed, closed };
  return {
    ...run,
    ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, formatNumber(value)])),
  };
}

type RunShown = {
  run: SorRun;
  counts: { kind: ChangeKind; count: number }[];
  kind: ChangeKind | null;
  changes: SorChange[];
  isFirst: boolean;
};

/** What changed with one run. */
export function runPage({ run, counts, kind, changes, isFirst }: RunShown): Page {
  const path = `${runsPath}/${run.id}`;
  const link = (extra: [string, string][]): string =>
    `${path}?${new URLSearchParams([...(kind === null ? [] : [['slags', kind] as [string, string]]), ...extra]).toString()}`;
  return page(
    'sor-imports/run',
    `SOR-indlæsning ${run.importedAt}`,
    {
      run: runModel(run),
      kinds: changeKinds.map((one) => ({
        id: one,
        name: kindNames[one],
        count: formatNumber(counts.find((counted) => counted.kind === one)?.count ?? 0),
        isChosen: one === kind,
      })),
      rows: changes.slice(0, changesPerPage).map(changeModel),
      first: isFirst ? null : link([]),
      next: nextOf(changes, link),
      paths: { form: path },
    },
    [home, { label: 'SOR-indlæsninger', href: runsPath }],
  );
}

/** Ændringer i organisationens SOR-enheder. */
export function ownChangesPage(organisation: AddressedOrganisation, changes: SorChange[], isFirst: boolean): Page {
  const path = `/organisationer/${organisation.cvr}/sor/aendringer`;
  return page(
    'sor-imports/own',
    'Ændringer i SOR-enheder',
    {
      organisation: { line: organisationLine(organisation) },
      rows: changes.slice(0, changesPerPage).map(changeModel),
      first: isFirst ? null : path,
      next: nextOf(changes, (extra) => `${path}?${new URLSearchParams(extra).toString()}`),
      paths: { units: `/organisationer/${organisation.cvr}/sor` },
    },
    [home, { label: 'SOR-enheder', href: `/organisationer/${organisation.cvr}/sor` }],
  );
}

function nextOf(changes: SorChange[], link: (extra: [string, string][]) => string): string | null {
  const last = changes.length > changesPerPage ? changes[changesPerPage - 1] : undefined;
  if (last === undefined) return null;
  return link([
    ['efter', String(last.importId)],
    ['kode', last.code],
    ['art', last.kind],
  ]);
}

function changeModel(change: SorChange): object {
  return {
    importedAt: change.importedAt,
    code: change.code,
    name: change.name,
    owner: change.ownerCvr === '' ? '–' : formatCvr(change.ownerCvr),
    kind: kindNames[change.kind],
    before: valueText(change.kind, change.before, change.beforeName),
    after: valueText(change.kind, change.after, change.afterName),
  };
}

function valueText(kind: ChangeKind, value: string | null, name: string | null): string {
  if (kind === 'MOVED') return value === null ? 'Øverst' : `${name ?? 'Ukendt enhed'} (${value})`;
  if (kind === 'OWNER') return value === null || value === '' ? 'Uden CVR-nummer' : `CVR ${formatCvr(value)}`;
  if (kind === 'CLOSED' || kind === 'REOPENED') return value === null ? 'Åben' : `Lukker ${danishDay(value)}`;
  return value ?? '–';
}
