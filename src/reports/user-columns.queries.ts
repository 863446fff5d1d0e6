import { isoDay, isoMoment, lastIsoDay } from '../db/moments.ts';
import { sql } from '../db/sql.ts';
import type { AdministratorKind } from '../permissions/actor.ts';
import { administratorNames } from '../users/user.ts';
import { isLockedNow } from '../users/users.queries.ts';
import type { Column, Order } from './report.ts';
import { field, reading } from './report.ts';

// The columns that reports about users share. In SQL the user is `u`, the login `l`, the administration here `a`.

export type UserCells = {
  userId: number;
  firstName: string;
  lastName: string;
  email: string;
  rid: string;
  username: string;
};

export const userSelect = sql`u.id as "userId", u.first_name as "firstName", u.last_name as "lastName", u.email, u.rid, u.username`;

const userPath = ({ userId }: { userId: number }): string => `/brugere/${userId}`;

export const nameColumns: readonly Column<UserCells>[] = [
  { id: 'fornavn', label: 'Fornavn', width: 16, format: 'text', ...field('firstName'), isShown: true },
  {
    id: 'efternavn',
    label: 'Efternavn',
    width: 18,
    format: 'text',
    ...field('lastName'),
    isShown: true,
    path: userPath,
  },
];
export const userColumns: readonly Column<UserCells>[] = [
  ...nameColumns,
  { id: 'email', label: 'E-mail', width: 30, format: 'text', ...field('email'), isShown: true },
  { id: 'rid', label: 'RID', width: 14, format: 'code', ...field('rid'), isShown: true },
  {
    id: 'brugernavn',
    label: 'SEB-brugernavn',
    width: 14,
    format: 'code',
    ...field('username'),
    isShown: false,
  },
];

export type StateCells = {
  isLocked: boolean;
  lockedUntil: string | null;
  kind: AdministratorKind | null;
  lastLogin: string | null;
  createdOn: string;
};

export const stateSelect = sql`${isLockedNow} as "isLocked", ${lastIsoDay(sql`u.locked_until`)} as "lockedUntil", a.kind,
  ${isoMoment(sql`l.last_login_at`)} as "lastLogin", ${isoDay(sql`u.created_at`)} as "createdOn"`;

export const stateColumns: readonly Column<StateCells>[] = [
  {
    id: 'status',
    label: 'Status',
    width: 10,
    format: 'text',
    ...reading<Pick<StateCells, 'isLocked'>>({ isLocked: true }, (row) => (row.isLocked ? 'Spærret' : 'Aktiv')),
    isShown: true,
  },
  {
    id: 'spaerret-til',
    label: 'Spærret til og med',
    width: 12,
    format: 'date',
    ...reading<Pick<StateCells, 'isLocked' | 'lockedUntil'>>({ isLocked: true, lockedUntil: true }, (row) =>
      row.isLocked ? row.lockedUntil : null,
    ),
    isShown: false,
  },
  {
    id: 'administrator',
    label: 'Administrator',
    width: 20,
    format: 'text',
    ...reading<Pick<StateCells, 'kind'>>({ kind: true }, (row) =>
      row.kind === null ? null : administratorNames[row.kind],
    ),
    isShown: false,
  },
  {
    id: 'sidste-login',
    label: 'Sidst logget på',
    width: 16,
    format: 'dateTime',
    ...field('lastLogin'),
    isShown: false,
  },
  { id: 'oprettet', label: 'Oprettet', width: 12, format: 'date', ...field('createdOn'), isShown: false },
];

/** Joins login and administration to the user. */
export const stateJoins = sql`left join user_login l on l.user_id = u.id
  left join administrator a on a.user_id = u.id and a.organisation_id = u.organisation_id
    and a.valid_from <= now() and (a.valid_to is null or a.valid_to > now())`;

/** How many roles a user holds now. */
export const heldRoles = sql`(select count(*)::int from role_assignment g where g.user_id = u.id
  and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now()))`;

const last = { expression: sql`u.last_name`, type: 'text' } as const;
const first = { expression: sql`u.first_name`, type: 'text' } as const;
const user = { expression: sql`u.id`, type: 'number' } as const;

/** The orders that the indexes of users carry; `further` tells apart the rows of one user. */
export function userOrders(...further: Order['keys']): [Order, ...Order[]] {
  return [
    { id: 'efternavn', label: 'Efternavn', column: 'efternavn', keys: [last, first, user, ...further], indexed: 3 },
    { id: 'fornavn', label: 'Fornavn', column: 'fornavn', keys: [first, last, user, ...further], indexed: 3 },
    {
      id: 'email',
      label: 'E-mail',
      column: 'email',
      keys: [{ expression: sql`u.email`, type: 'text' }, user, ...further],
      indexed: 2,
    },
  ];
}
