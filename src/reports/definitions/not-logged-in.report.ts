import { z } from 'zod';
import { joinSql, sql } from '../../db/sql.ts';
import { isLockedNow } from '../../users/users.queries.ts';
import { chosenWord, fixed, numberBetween } from '../filter-field.ts';
import { defineReport } from '../report.ts';
import type { StateCells, UserCells } from '../user-columns.queries.ts';
import {
  heldRoles,
  stateColumns,
  stateJoins,
  stateSelect,
  userColumns,
  userOrders,
  userSelect,
} from '../user-columns.queries.ts';

const filter = z.object({ dage: numberBetween(1, 3650, 'antal dage'), status: chosenWord(['aktiv', 'spaerret']) });

/** Who has not been here for some days, or never came; who was created since is left out. */
export const notLoggedIn = defineReport<UserCells & StateCells & { days: number | null; roles: number }, typeof filter>(
  {
    id: 'ikke-logget-paa',
    title: 'Ikke logget på i et antal dage',
    description: 'Brugere, der ikke har logget på SEB i et antal dage eller aldrig har gjort det.',
    group: 'Oprydning',
    access: 'report.other',
    reach: 'organisation',
    fields: [
      {
        kind: 'number',
        name: 'dage',
        label: 'Dage uden login',
        hint: 'SEB kender login i SEB, ikke i de enkelte services.',
        start: () => '180',
      },
      {
        kind: 'choice',
        name: 'status',
        label: 'Status',
        any: 'Alle',
        choices: fixed(['aktiv', 'Aktiv'], ['spaerret', 'Spærret']),
        start: () => 'aktiv',
      },
    ],
    filter,
    columns: [
      ...userColumns,
      ...stateColumns.map((column) => ({ ...column, isShown: column.isShown || column.id === 'sidste-login' })),
      { id: 'dage', label: 'Dage siden', width: 8, format: 'number', value: (row) => row.days, isShown: true },
      { id: 'roller', label: 'Roller', width: 8, format: 'number', value: (row) => row.roles, isShown: true },
    ],
    orders: userOrders(),
    select: ({ dage, status }, { organisationId }) => ({
      columns: sql`${userSelect}, ${stateSelect}, ${heldRoles} as roles,
      danish_today() - (l.last_login_at at time zone 'Europe/Copenhagen')::date as days`,
      from: sql`app_user u ${stateJoins}`,
      where: joinSql(
        [
          sql`u.organisation_id = ${organisationId}::int and u.deleted_at is null`,
          sql`coalesce(l.last_login_at, u.created_at) < now() - make_interval(days => ${dage}::int)`,
          ...(status === null ? [] : [status === 'spaerret' ? isLockedNow : sql`not ${isLockedNow}`]),
        ],
        ' and ',
      ),
    }),
  },
);
