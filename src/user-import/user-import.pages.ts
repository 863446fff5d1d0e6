import { batchLink } from '../batches/batch-link.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { formatDateTime } from '../shared/dates.ts';
import { counted, formatNumber } from '../shared/text.ts';
import { errorList, organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import { columns } from './columns.ts';
import { kindNames, kindNamesDone, rowModel } from './import-row.pages.ts';
import { reasonText } from './reasons.ts';
import type { Difference } from './staging.changes.ts';
import { mostRows } from './unreadable-file.ts';
import type { Counts, JudgedRow, RowCursor, RowKind, UserImport } from './user-import.queries.ts';
import { rowsPerPage } from './user-import.queries.ts';

export function importPath(organisation: { cvr: string }, rest = ''): string {
  return usersPath(organisation, `/indsaet${rest}`);
}

export const mostMegabytes = 10;

const stateNames: Record<UserImport['state'], string> = {
  READY: 'Ikke gennemført',
  QUEUED: 'I gang',
  DONE: 'Gennemført',
  STOPPED: 'Stoppet',
};

/** Indsæt fra Excel: where rows are pasted or a file is chosen. */
export function startPage(
  organisation: AddressedOrganisation,
  { posted, errors, imports }: { posted: Posted; errors: FieldErrors; imports: UserImport[] },
  status = 200,
): Page {
  const shown = page(
    'user-import/start',
    'Indsæt fra Excel',
    {
      organisation: { line: organisationLine(organisation) },
      errors: errorList(errors),
      errorOf: { tekst: errors.tekst ?? null, fil: errors.fil ?? null },
      text: typed(posted, 'tekst'),
      columns: columns.map(({ label }) => label),
      mostRows: formatNumber(mostRows),
      mostMegabytes,
      imports: imports.map((one) => ({
        href: importPath(organisation, `/${one.id}`),
        name: one.sourceName,
        rows: counted(one.rowCount, 'række', 'rækker'),
        state: stateNames[one.state],
        at: formatDateTime(one.createdAt),
      })),
      paths: {
        form: importPath(organisation),
        template: importPath(organisation, '/skabelon'),
        list: usersPath(organisation),
      },
    },
    usersCrumbs(organisation),
  );
  return { ...shown, status };
}

const kindWords: Record<RowKind, string> = { NEW: 'ny', CHANGED: 'aendres', SAME: 'findes', ERROR: 'fejl' };

export type Shown = {
  found: UserImport;
  counts: Counts;
  kind: RowKind | null;
  cursor: RowCursor;
  rows: JudgedRow[];
  differences: Difference[];
};

/** The kind in the URL ("vis=fejl"); all rows for anything else. */
export function kindOf(word: string): RowKind | null {
  return (Object.keys(kindWords) as RowKind[]).find((kind) => kindWords[kind] === word) ?? null;
}

/** What the import would do, does, or has done, row by row. */
export function importPage(organisation: AddressedOrganisation, shown: Shown): Page {
  const { found, counts, differences } = shown;
  const path = importPath(organisation, `/${found.id}`);
  const isUnderWay = found.state === 'QUEUED';
  const isDone = found.state === 'DONE';
  const made = page(
    'user-import/show',
    `Indsæt fra Excel: ${found.sourceName}`,
    {
      organisation: { line: organisationLine(organisation) },
      name: found.sourceName,
      isReady: found.state === 'READY',
      isUnderWay,
      isDone,
      stopReason: found.stopReason,
      judgement: String(found.judgement),
      ignored: found.ignoredColumns.join(', '),
      summary: summaryOf(counts),
      result: resultOf(found, counts),
      progress: { done: counts.done, work: counts.work, text: progressText(counts) },
      hasWork: counts.work > 0,
      batch: found.requestId === null ? null : batchLink(organisation, found.requestId),
      errorCount: counts.rows.ERROR === 0 ? null : counted(counts.rows.ERROR, 'række har fejl', 'rækker har fejl'),
      differences: differencesOf(differences),
      tabs: tabsOf(path, shown),
      rowsHeading: isDone ? 'Hvad skete der' : 'Hvad sker der',
      rows: rowsShown(shown).map((row) => rowModel(organisation, row)),
      pager: pagerOf(path, shown),
      paths: { form: path, errors: `${path}/fejl`, start: importPath(organisation), list: usersPath(organisation) },
    },
    [...usersCrumbs(organisation), { label: 'Indsæt fra Excel', href: importPath(organisation) }],
  );
  const refreshed = isUnderWay ? { ...made, refresh: 5 } : made;
  return differences.length > 0 ? { ...refreshed, status: 409 } : refreshed;
}

function summaryOf({ newUsers, changedUsers, roles, rows }: Counts): { label: string; value: string }[] {
  return [
    { label: 'Brugere oprettes', value: formatNumber(newUsers) },
    { label: 'Brugere ændres', value: formatNumber(changedUsers) },
    { label: 'Roller tildeles', value: formatNumber(roles) },
    { label: 'Rækker, der findes', value: formatNumber(rows.SAME) },
    { label: 'Rækker med fejl', value: formatNumber(rows.ERROR) },
  ];
}

function resultOf(found: UserImport, { rows }: Counts): { label: string; value: string }[] {
  return [
    { label: 'Brugere oprettet', value: formatNumber(found.createdUsers) },
    { label: 'Brugere ændret', value: formatNumber(found.changedUsers) },
    { label: 'Roller tildelt', value: formatNumber(found.assignedRoles) },
    { label: 'Rækker, der fandtes', value: formatNumber(rows.SAME) },
    { label: 'Rækker med fejl', value: formatNumber(rows.ERROR) },
  ];
}

function progressText({ done, work }: Counts): string {
  return `${formatNumber(done)} af ${counted(work, 'række', 'rækker')} er gennemført.`;
}

const shownDifferences = 20;

function differencesOf(differences: Difference[]): { shown: string[]; others: number } {
  const total = differences[0]?.total ?? 0;
  const shown = differences.slice(0, shownDifferences).map(({ line, was, kind, reason, about }) => {
    const why = reasonText(reason, about);
    const how =
      was === kind
        ? `stadig “${kindNames[kind]}”, men med andre oplysninger`
        : `“${kindNames[was]}” er blevet til “${kindNames[kind]}”`;
    return `Række ${line}: ${how}.${why === '' ? '' : ` ${why}`}`;
  });
  return { shown, others: Math.max(0, total - shown.length) };
}

function tabsOf(path: string, { counts, kind, found }: Shown): object[] {
  const all = { label: 'Alle', count: formatNumber(found.rowCount), href: path, isCurrent: kind === null };
  return [
    all,
    ...(Object.keys(kindNames) as RowKind[]).map((one) => ({
      label: found.state === 'DONE' ? kindNamesDone[one] : kindNames[one],
      count: formatNumber(counts.rows[one]),
      href: `${path}?vis=${kindWords[one]}`,
      isCurrent: kind === one,
    })),
  ];
}

/** One more than a page was read: at its end, or at its beginning when read backwards. */
function rowsShown({ rows, cursor }: Shown): JudgedRow[] {
  return 'before' in cursor ? rows.slice(-rowsPerPage) : rows.slice(0, rowsPerPage);
}

function pagerOf(path: string, shown: Shown): object {
  const { rows, cursor, kind } = shown;
  const visible = rowsShown(shown);
  const hasMore = rows.length > rowsPerPage;
  const backwards = 'before' in cursor;
  const hasPrevious = backwards ? hasMore : cursor.after > 0;
  const link = (name: string, line: number | undefined): string =>
    `${path}?${new URLSearchParams({ ...(kind === null ? {} : { vis: kindWords[kind] }), [name]: String(line ?? 0) }).toString()}`;
  return {
    text: visible.length === 0 ? 'Ingen rækker' : `Række ${visible[0]?.line ?? ''}–${visible.at(-1)?.line ?? ''}`,
    first: hasPrevious ? (kind === null ? path : `${path}?vis=${kindWords[kind]}`) : null,
    previous: hasPrevious ? link('foer', visible[0]?.line) : null,
    next: backwards || hasMore ? link('efter', visible.at(-1)?.line) : null,
  };
}
