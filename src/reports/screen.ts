import type { Posted } from '../http/forms.ts';
import { typed, typedList, typedSearch } from '../http/forms.ts';
import type { Cursor } from '../http/keyset.ts';
import { decodeCursor, encodeCursor } from '../http/keyset.ts';
import type { Asked, Report } from './report.ts';
import { askedOf, withStarts } from './report.ts';
import type { Position } from './statement.queries.ts';
import { fitsKeys } from './statement.queries.ts';

/** What the address of a report's page says, read leniently; only the filter can be at fault, which the report tells. */
export type Screen = {
  /** As typed, with each field's start. */
  filters: Record<string, string>;
  asked: Asked;
  /** The choice of columns and order as it was made; empty where the report's own count. */
  columns: string[];
  sort: string | null;
  isDescending: boolean | null;
  place: Cursor | null;
  /** The last page, read from the end. */
  isLast: boolean;
  find: string;
  /** Where the search goes on: beyond what was found last. */
  after: Cursor | null;
};

export function readScreen(report: Report, query: Posted): Screen {
  const columns = typedList(query, 'kolonne').filter((id) => report.columns.some((column) => column.id === id));
  const falls = typed(query, 'faldende');
  const sort = report.orders.find(({ id }) => id === typed(query, 'sorter'))?.id ?? null;
  const isDescending = falls === '' ? null : falls === '1';
  const asked = askedOf(report, { columns, sort, isDescending });
  return {
    filters: textsOf(withStarts(report.fields, query)),
    asked,
    columns,
    sort,
    isDescending,
    place: cursorIn(query, 'plads', asked),
    isLast: typed(query, 'sidste') === '1',
    find: typedSearch(query, 'find'),
    after: cursorIn(query, 'efter', asked),
  };
}

function textsOf(filters: Posted): Record<string, string> {
  return Object.fromEntries(Object.keys(filters).map((name) => [name, typed(filters, name).slice(0, 300)]));
}

function cursorIn(query: Posted, name: string, { order }: Asked): Cursor | null {
  const cursor = decodeCursor(typed(query, name), order.keys.length);
  return cursor !== null && fitsKeys(order.keys, cursor.values) ? cursor : null;
}

export function positionOf(cursor: Cursor | null): Position | null {
  return cursor === null ? null : { direction: cursor.direction, key: cursor.values };
}

/** Filter, columns and order as fields: of an address, of a form beside it, of a saved view. */
export function choiceFields({ filters, columns, sort, isDescending }: Screen): [name: string, value: string][] {
  return [
    ...Object.entries(filters),
    ...columns.map((id): [string, string] => ['kolonne', id]),
    ...(sort === null ? [] : [['sorter', sort] satisfies [string, string]]),
    ...(isDescending === null ? [] : [['faldende', isDescending ? '1' : '0'] satisfies [string, string]]),
  ];
}

/** The same report elsewhere: on another page of it, in another order, at another find. */
export function addressOf(path: string, screen: Screen, more: [name: string, value: string][] = []): string {
  return `${path}?${new URLSearchParams([...choiceFields(screen), ...more]).toString()}`;
}

export function placeText(direction: Cursor['direction'], key: readonly string[], page: number): string {
  return encodeCursor({ direction, values: [...key], id: 0, page });
}
