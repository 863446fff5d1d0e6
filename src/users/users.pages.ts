import { batchesPath } from '../batches/batch-link.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { encodeCursor } from '../http/keyset.ts';
import type { Crumb, Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { can } from '../permissions/can.ts';
import { mayEver } from '../permissions/scope.ts';
import { counted, formatCvr, formatNumber } from '../shared/text.ts';
import type { User, UserField, UserRow } from './user.ts';
import { administratorNames, lockEndText, statusText, userFields } from './user.ts';
import { lockActions } from './user-lock.ts';
import type { UserListQuery, UserSort } from './user-list.ts';
import { filterFields, isFiltered, noRoles } from './user-list.ts';
import { asTyped, fieldModels, labelOf } from './users.forms.ts';
import type { ServiceChoice } from './users.queries.ts';
import { countLimit, pageSize } from './users.queries.ts';

export function usersPath({ cvr }: { cvr: string }, rest = ''): string {
  return `/organisationer/${cvr}/brugere${rest}`;
}

export function organisationLine({ name, cvr }: { name: string; cvr: string }): string {
  return `${name}, CVR ${formatCvr(cvr)}`;
}

export function usersCrumbs(
  organisation: { cvr: string },
  user: { id: number; firstName: string; lastName: string } | null = null,
): Crumb[] {
  const list = { label: 'Brugeroversigt', href: usersPath(organisation) };
  return user === null
    ? [home, list]
    : [home, list, { label: fullName(user), href: usersPath(organisation, `/${user.id}`) }];
}

type List = {
  organisation: AddressedOrganisation;
  actor: Actor;
  query: UserListQuery;
  rows: UserRow[];
  count: number;
  services: ServiceChoice[];
};

/** Brugeroversigt. */
export function usersPage(list: List): Page {
  const { organisation, actor, query, services } = list;
  const { shown, pager } = paged(list, usersPath(organisation));
  const rows = shown.map((row) => listRow(organisation, row, actor));
  const may = {
    create: mayEver(actor, 'user.create', organisation.id),
    assign: mayEver(actor, 'role.assign', organisation.id),
    withdraw: mayEver(actor, 'role.withdraw', organisation.id),
    import: mayEver(actor, 'user.import', organisation.id),
    undo: mayEver(actor, 'bulk.undo', organisation.id),
    appoint: mayEver(actor, 'administrator.appoint', organisation.id),
  };
  const crumbs = [home];
  return page(
    'users/index',
    'Brugeroversigt',
    {
      organisation: { ...organisation, line: organisationLine(organisation) },
      hasOtherOrganisations: actor.administrations.length > 1 || actor.systemRoles.length > 0,
      may,
      filter: query.filter,
      isFiltered: isFiltered(query.filter),
      filterFields: filterFields(query.filter),
      noRoles,
      services,
      rows,
      headers: headers(organisation, query),
      rowActions: new Set(rows.flatMap((row) => row.actions)),
      pager,
      countText:
        list.count > countLimit && isFiltered(query.filter)
          ? `mere end ${formatNumber(countLimit)} brugere`
          : counted(list.count, 'bruger', 'brugere'),
      paths: {
        list: usersPath(organisation),
        create: usersPath(organisation, '/opret'),
        import: usersPath(organisation, '/indsaet'),
        batches: batchesPath(organisation),
        assign: `/organisationer/${organisation.cvr}/tildel-roller`,
        withdraw: `/organisationer/${organisation.cvr}/fjern-roller`,
        administrators: `/organisationer/${organisation.cvr}/administratorer`,
      },
    },
    crumbs,
  );
}

/** What a row of the list leads to: the last word of its address, its label, and the id of the label for screen readers. */
const rowActions = {
  edit: { id: 'h1', word: 'rediger', label: 'Rediger' },
  clone: { id: 'h2', word: 'klon', label: 'Klon' },
  lock: { id: 'h3', word: 'spaer', label: 'Spær' },
  unlock: { id: 'h4', word: 'laas-op', label: 'Lås op' },
  remove: { id: 'h5', word: 'slet', label: 'Slet' },
  roles: { id: 'h6', word: 'roller', label: 'Roller' },
};

type ListRow = Record<string, unknown> & { actions: (typeof rowActions)[keyof typeof rowActions][] };

function listRow(organisation: AddressedOrganisation, row: UserRow, actor: Actor): ListRow {
  const { id, isLocked, isLastOrganisationAdministrator } = row;
  const user = { id, isLocked, isLastOrganisationAdministrator, isAdministrator: row.administratorKind !== null };
  const target = { organisationId: organisation.id, user };
  const locking = lockActions(actor, organisation.id, { ...user, plannedLockFrom: null });
  return {
    ...row,
    name: fullName(row),
    administrator: row.administratorKind === null ? null : administratorNames[row.administratorKind],
    status: statusText(row),
    lockEnd: lockEndText(row),
    roles: row.roleCount === 0 ? 'Ingen' : formatNumber(row.roleCount),
    lastLogin: row.lastLogin ?? 'Aldrig',
    // Beside the list's own address: whole addresses, six a row, would be a sixth of the page.
    path: `brugere/${id}`,
    actions: [
      ...(can(actor, 'user.edit', target) ? [rowActions.edit] : []),
      ...(mayEver(actor, 'user.clone', organisation.id) ? [rowActions.clone] : []),
      ...(locking.lock ? [rowActions.lock] : []),
      ...(locking.unlock ? [rowActions.unlock] : []),
      ...(can(actor, 'user.delete', target) ? [rowActions.remove] : []),
      rowActions.roles,
    ],
  };
}

const sortLabels: Record<UserSort['by'], string> = { fornavn: 'Fornavn', efternavn: 'Efternavn', email: 'E-mail' };

function headers(organisation: AddressedOrganisation, { filter, sort }: UserListQuery): object[] {
  return (['fornavn', 'efternavn', 'email'] as const).map((by) => {
    const isSorted = sort.by === by;
    const next = new URLSearchParams([
      ...filterFields(filter),
      ['sorter', by],
      ...(isSorted && !sort.descending ? [['faldende', '1']] : []),
    ]);
    return {
      label: sortLabels[by],
      href: `${usersPath(organisation)}?${next.toString()}`,
      ariaSort: isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none',
      hint: isSorted && !sort.descending ? 'sorter faldende' : 'sorter stigende',
      isSorted,
      isDescending: sort.descending,
    };
  });
}

/** The rows to show and the links around them: "Side 2 af 7 (320 brugere)". */
export function paged(
  { query, rows, count }: Pick<List, 'query' | 'rows' | 'count'>,
  path: string,
): { shown: UserRow[]; pager: object } {
  const { filter, sort, cursor, isLastPage } = query;
  const pages = Math.max(1, Math.ceil(count / pageSize));
  const backwards = isLastPage || cursor?.direction === 'before';
  const hasExtra = rows.length > pageSize;
  const shown = backwards && hasExtra ? rows.slice(1) : rows.slice(0, pageSize);
  const number = isLastPage ? pages : (cursor?.page ?? 1);
  const hasPrevious = backwards ? (isLastPage ? pages > 1 : hasExtra && number > 1) : cursor !== null;
  const hasNext = isLastPage ? false : backwards ? true : hasExtra;
  const link = (extra: [string, string][]): string =>
    `${path}?${new URLSearchParams([...filterFields(filter), ...sortFields(sort), ...extra]).toString()}`;
  const at = (row: UserRow | undefined, direction: 'after' | 'before', page: number): string | null =>
    row === undefined
      ? null
      : link([
          ['fra', encodeCursor({ direction, values: sortValues(row, sort), id: row.id, page: Math.max(1, page) })],
        ]);
  const isCounted = count <= countLimit || !isFiltered(filter);
  return {
    shown,
    pager: {
      text: isCounted
        ? `Side ${formatNumber(number)} af ${formatNumber(Math.max(pages, number))}`
        : `Side ${formatNumber(number)}`,
      first: hasPrevious ? link([]) : null,
      previous: hasPrevious ? (number === 2 ? link([]) : at(shown[0], 'before', number - 1)) : null,
      next: hasNext ? at(shown.at(-1), 'after', number + 1) : null,
      last: hasNext && isCounted ? link([['sidste', '1']]) : null,
    },
  };
}

function sortFields(sort: UserSort): [string, string][] {
  return [
    ...(sort.by === 'efternavn' ? [] : [['sorter', sort.by] as [string, string]]),
    ...(sort.descending ? [['faldende', '1'] as [string, string]] : []),
  ];
}

function sortValues(row: UserRow, sort: UserSort): string[] {
  if (sort.by === 'email') return [row.email];
  return sort.by === 'fornavn' ? [row.firstName, row.lastName] : [row.lastName, row.firstName];
}

type Typed = { posted: Posted; errors: FieldErrors; errorHref?: string | null };

/** Opret bruger. */
export function createUserPage(organisation: AddressedOrganisation, { posted, errors, errorHref = null }: Typed): Page {
  const shown = page(
    'users/create',
    'Opret bruger',
    {
      organisation: { line: organisationLine(organisation) },
      fields: fieldModels(userFields, posted, errors, errorHref),
      errors: errorList(errors),
      onBehalf: null,
      paths: { list: usersPath(organisation), form: usersPath(organisation, '/opret') },
    },
    usersCrumbs(organisation),
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

/** Rediger bruger; `current` is given when somebody else saved meanwhile, to be shown beside what was typed. */
export function editUserPage(
  organisation: AddressedOrganisation,
  user: User,
  { posted, errors, errorHref = null }: Typed,
  isStale = false,
): Page {
  const shown = page(
    'users/edit',
    'Rediger bruger',
    {
      organisation: { line: organisationLine(organisation) },
      user: { name: fullName(user), username: user.username, uuid: user.uuid },
      // A stale form goes on from the version that is there now, once the person has seen what differs.
      version: isStale ? String(user.version) : typed(posted, 'version') || String(user.version),
      fields: fieldModels(userFields, posted, errors, errorHref),
      errors: errorList(errors),
      differences: isStale ? differences(user, posted) : null,
      onBehalf: null,
      paths: { user: usersPath(organisation, `/${user.id}`), form: usersPath(organisation, `/${user.id}/rediger`) },
    },
    usersCrumbs(organisation, user),
  );
  if (isStale) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function differences(user: User, posted: Posted): { label: string; saved: string; yours: string }[] {
  const yours = Object.fromEntries(userFields.map((field) => [field, typed(posted, field)])) as Record<
    UserField,
    string
  >;
  const saved = asTyped(user);
  return userFields
    .filter((field) => typed(saved, field) !== yours[field].trim())
    .map((field) => ({ label: labelOf(field), saved: typed(saved, field), yours: yours[field] }));
}

export function errorList(errors: FieldErrors): { field: string; message: string }[] {
  return Object.entries(errors).map(([field, message]) => ({ field, message }));
}
