import type { Posted } from '../http/forms.ts';
import { typed, typedSearch } from '../http/forms.ts';
import type { Cursor } from '../http/keyset.ts';
import { decodeCursor } from '../http/keyset.ts';

export const userStatuses = ['aktiv', 'spaerret'] as const;
export const administratorFilters = ['alle', 'organisation', 'bruger', 'read-only'] as const;
export const userSorts = ['efternavn', 'fornavn', 'email'] as const;

/** Which users of the organisation; the same filter chooses users for a bulk change. */
export type UserFilter = {
  search: string;
  status: (typeof userStatuses)[number] | null;
  administrator: (typeof administratorFilters)[number] | null;
  /** A service's id: users who hold a role of it now. */
  serviceId: number | null;
  /** Only users who hold no role now; stands in the place of a service. */
  withoutRoles: boolean;
};

export type UserSort = { by: (typeof userSorts)[number]; descending: boolean };

export type UserListQuery = { filter: UserFilter; sort: UserSort; cursor: Cursor | null; isLastPage: boolean };

/** What stands in a service's place for users who hold no role now. */
export const noRoles = 'ingen';

/** A list's URL is typed by people and kept in bookmarks: what it does not mean is left out, never an error. */
export function readFilter(from: Posted): UserFilter {
  return {
    search: typedSearch(from, 'soeg'),
    status: oneOrNull(userStatuses, typed(from, 'status')),
    administrator: oneOrNull(administratorFilters, typed(from, 'administrator')),
    serviceId: /^\d{1,9}$/.test(typed(from, 'service')) ? Number(typed(from, 'service')) : null,
    withoutRoles: typed(from, 'service') === noRoles,
  };
}

export function readListQuery(from: Posted): UserListQuery {
  const sort = {
    by: oneOrNull(userSorts, typed(from, 'sorter')) ?? 'efternavn',
    descending: typed(from, 'faldende') === '1',
  };
  const cursor = decodeCursor(typed(from, 'fra'), sort.by === 'email' ? 1 : 2);
  return { filter: readFilter(from), sort, cursor, isLastPage: typed(from, 'sidste') === '1' };
}

/** The filter as fields of a URL; empty ones are left out. */
export function filterFields(filter: UserFilter): [name: string, value: string][] {
  const fields: [string, string][] = [
    ['soeg', filter.search],
    ['status', filter.status ?? ''],
    ['administrator', filter.administrator ?? ''],
    ['service', filter.withoutRoles ? noRoles : String(filter.serviceId ?? '')],
  ];
  return fields.filter(([, value]) => value !== '');
}

export function isFiltered(filter: UserFilter): boolean {
  return filterFields(filter).length > 0;
}

function oneOrNull<const Word extends string>(words: readonly Word[], text: string): Word | null {
  return words.find((word) => word === text) ?? null;
}
