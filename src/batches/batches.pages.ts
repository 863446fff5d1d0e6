import { encodeCursor } from '../http/keyset.ts';
import type { Cursor } from '../http/keyset.ts';
import type { Crumb, Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { formatDateTime } from '../shared/dates.ts';
import { counted, formatNumber } from '../shared/text.ts';
import { organisationLine, usersPath } from '../users/users.pages.ts';
import type { Batch } from './batch.ts';
import { hoursToUndo, roleRowsOf } from './batch.ts';
import { batchesPath } from './batch-link.ts';
import { batchText, entryText, inverseTexts } from './batch-words.ts';
import type { Undoing } from './batches.queries.ts';
import { batchesPerPage } from './batches.queries.ts';
import { entriesPerPage } from './entries.queries.ts';
import type { Judged } from './undo.ts';

const listTitle = 'Mine seneste ændringer';

/** Mine seneste ændringer: what the person did to roles in the last 24 hours, newest first. */
export function batchesPage(organisation: AddressedOrganisation, rows: Batch[], before: string | null): Page {
  const path = batchesPath(organisation);
  const shown = rows.slice(0, batchesPerPage);
  return page(
    'batches/index',
    listTitle,
    {
      organisation: { line: organisationLine(organisation) },
      hours: hoursToUndo,
      rows: shown.map((batch) => ({
        at: formatDateTime(batch.at),
        text: batchText(batch),
        href: batchesPath(organisation, `/${batch.reference}`),
        reference: batch.reference,
        state: stateText(batch),
      })),
      first: before === null ? null : path,
      next: rows.length > batchesPerPage ? `${path}?foer=${shown.at(-1)?.firstEventId ?? ''}` : null,
    },
    [home],
  );
}

function stateText(batch: Batch): string {
  if (batch.undoneRows > 0) return batch.undoneRows >= roleRowsOf(batch) ? 'Fortrudt' : 'Delvist fortrudt';
  return batch.isDeletion || roleRowsOf(batch) === 0 ? 'Kan ikke fortrydes' : '';
}

export function batchCrumbs(organisation: AddressedOrganisation, batch: Batch | null = null): Crumb[] {
  const list = [home, { label: listTitle, href: batchesPath(organisation) }];
  return batch === null
    ? list
    : [...list, { label: `Ændring ${batch.reference}`, href: batchesPath(organisation, `/${batch.reference}`) }];
}

export type ShownBatch = {
  organisation: AddressedOrganisation;
  batch: Batch;
  isOwn: boolean;
  isUnderWay: boolean;
  undoings: Undoing[];
  cursor: Cursor | null;
  /** One more than a page. */
  rows: Judged[];
  /** The ids of users who have a page. */
  hasPage: (userId: number) => boolean;
};

/** One bulk change: who, when, what, and row by row what has become of it. */
export function batchPage(shown: ShownBatch): Page {
  const { organisation, batch, undoings, isOwn } = shown;
  const path = batchesPath(organisation, `/${batch.reference}`);
  const mayUndo = isUndoable(shown);
  return page(
    'batches/show',
    `Ændring ${batch.reference}`,
    {
      organisation: { line: organisationLine(organisation) },
      text: batchText(batch),
      facts: [
        { label: 'Hvem', value: isOwn ? `${batch.actorName} (dig)` : batch.actorName },
        { label: 'Hvornår', value: formatDateTime(batch.at) },
        { label: 'Referencenummer', value: batch.reference },
      ],
      figures: figuresOf(batch),
      undid:
        batch.undid === null ? null : { reference: batch.undid, href: batchesPath(organisation, `/${batch.undid}`) },
      undoings: undoings.map(({ reference, at }) => ({
        text: `Fortrudt ${formatDateTime(at)}`,
        href: batchesPath(organisation, `/${reference}`),
      })),
      notice: noticeOf(shown),
      undo:
        mayUndo && mayHaveMore(shown)
          ? {
              href: `${path}/fortryd`,
              label: batch.undoneRows > 0 ? 'Fortryd resten' : 'Fortryd ændringen',
              until: formatDateTime(new Date(batch.lastAt.getTime() + hoursToUndo * 3_600_000)),
            }
          : null,
      rows: rowsShown(shown).map((row) => rowModel(shown, row, mayUndo)),
      pager: pagerOf(path, shown),
    },
    batchCrumbs(organisation),
  );
}

function isUndoable({ batch, isOwn, isUnderWay }: ShownBatch): boolean {
  return isOwn && batch.isRecent && !isUnderWay && !batch.isDeletion && roleRowsOf(batch) > batch.undoneRows;
}

/** Whether a row can still be undone, as far as one knows without judging all pages. */
function mayHaveMore({ rows, cursor }: ShownBatch): boolean {
  return cursor !== null || rows.length > entriesPerPage || rows.some(({ verdict }) => verdict.state === 'possible');
}

/** Why there is no button. */
function noticeOf(shown: ShownBatch): string | null {
  const { batch, isOwn, isUnderWay } = shown;
  if (isUnderWay) return 'Ændringen er stadig i gang. Du kan fortryde den, når den er færdig.';
  if (batch.isDeletion) return 'En sletning kan ikke fortrydes. Opret brugeren igen, hvis det var en fejl.';
  if (roleRowsOf(batch) === 0)
    return 'Der er ingen roller at fortryde. Spær eller slet brugerne selv, hvis de ikke skulle være oprettet.';
  if (batch.undoneRows >= roleRowsOf(batch)) return 'Alle roller i ændringen er fortrudt.';
  if (!isOwn) return `Kun ${batch.actorName} kan fortryde ændringen. Du kan rette brugernes roller selv.`;
  if (batch.isRecent)
    return mayHaveMore(shown) ? null : 'Der er ikke mere at fortryde nu. Se hvorfor ud for hver række.';
  return `Ændringen er mere end ${hoursToUndo} timer gammel og kan ikke længere fortrydes.`;
}

function figuresOf(batch: Batch): { label: string; value: string }[] {
  const figures = [
    { label: 'Brugere', count: batch.users },
    { label: 'Oprettet', count: batch.created },
    { label: 'Oplysninger rettet', count: batch.edited },
    { label: 'Roller tildelt', count: batch.given },
    { label: 'Roller fjernet', count: batch.withdrawn },
    { label: 'Tildelinger rettet', count: batch.changed },
    { label: 'Fortrudt', count: batch.undoneRows },
  ];
  return figures.filter(({ count }) => count > 0).map(({ label, count }) => ({ label, value: formatNumber(count) }));
}

type Status = { tone: 'success' | 'warning' | 'info'; word: string; text: string };

function rowModel(shown: ShownBatch, { entry, verdict }: Judged, mayUndo: boolean): object {
  return {
    name: entry.userName,
    href: shown.hasPage(entry.userId) ? usersPath(shown.organisation, `/${entry.userId}`) : null,
    what: entryText(entry),
    status: statusOf({ entry, verdict }, mayUndo),
  };
}

function statusOf({ entry, verdict }: Judged, mayUndo: boolean): Status | null {
  if (verdict.state === 'undone') return { tone: 'info', word: 'Fortrudt', text: '' };
  if (!mayUndo) return null;
  if (verdict.state === 'possible') return { tone: 'success', word: 'Kan fortrydes', text: inverseTexts[entry.kind] };
  return { tone: 'warning', word: 'Kan ikke fortrydes', text: verdict.reason };
}

function rowsShown({ rows, cursor }: ShownBatch): Judged[] {
  return cursor?.direction === 'before' ? rows.slice(-entriesPerPage) : rows.slice(0, entriesPerPage);
}

function pagerOf(path: string, shown: ShownBatch): object {
  const { rows, cursor, batch } = shown;
  const visible = rowsShown(shown);
  const number = cursor?.page ?? 1;
  const hasMore = rows.length > entriesPerPage;
  const backwards = cursor?.direction === 'before';
  const total = roleRowsOf(batch) + batch.created + batch.edited;
  const link = (direction: Cursor['direction'], row: Judged | undefined): string => {
    const { userName = '', eventId = '0' } = row?.entry ?? {};
    const next = {
      direction,
      values: [userName, eventId],
      id: 0,
      page: direction === 'after' ? number + 1 : number - 1,
    };
    return `${path}?side=${encodeCursor(next)}`;
  };
  return {
    text: `Side ${formatNumber(number)} af ${formatNumber(Math.max(1, Math.ceil(total / entriesPerPage)))} (${counted(total, 'række', 'rækker')})`,
    first: cursor === null ? null : path,
    previous: cursor !== null && (!backwards || hasMore) ? link('before', visible[0]) : null,
    next: backwards || hasMore ? link('after', visible.at(-1)) : null,
  };
}
