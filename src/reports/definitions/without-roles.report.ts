import { z } from 'zod';
import { sql } from '../../db/sql.ts';
import { isInForce } from '../assignment-columns.queries.ts';
import { chosenWord, fixed } from '../filter-field.ts';
import { defineReport } from '../report.ts';
import type { StateCells, UserCells } from '../user-columns.queries.ts';
import { stateColumns, stateJoins, stateSelect, userColumns, userOrders, userSelect } from '../user-columns.queries.ts';

const filter = z.object({ planlagte: chosenWord(['med']) });

/** Users who hold nothing now: created for nothing, or left behind. */
export const withoutRoles = defineReport<UserCells & StateCells, typeof filter>({
  id: 'uden-roller',
  title: 'Brugere uden roller',
  description: 'Brugere, der ingen roller har nu. Skal de have nogen, eller skal de slettes?',
  group: 'Oprydning',
  access: 'report.other',
  reach: 'organisation',
  fields: [
    {
      kind: 'choice',
      name: 'planlagte',
      label: 'Roller, der begynder senere',
      any: 'Brugere med dem vises ikke',
      choices: fixed(['med', 'Brugere med dem vises også']),
    },
  ],
  filter,
  columns: [
    ...userColumns,
    ...stateColumns.map((column) => ({ ...column, isShown: column.isShown || column.id !== 'spaerret-til' })),
  ],
  orders: userOrders(),
  select: ({ planlagte }, { organisationId }) => ({
    columns: sql`${userSelect}, ${stateSelect}`,
    from: sql`app_user u ${stateJoins}`,
    where: sql`u.organisation_id = ${organisationId}::int and u.deleted_at is null and not exists (
      select from role_assignment g where g.user_id = u.id and g.withdrawn_at is null
        and ${planlagte === 'med' ? isInForce : sql`(g.valid_to is null or g.valid_to > now())`})`,
  }),
});
