import { z } from 'zod';
import { sql } from '../../db/sql.ts';
import { endsWithin } from '../../role-assignments/period.queries.ts';
import type { AssignmentCells } from '../assignment-columns.queries.ts';
import { assignmentColumns, assignmentJoins, assignmentSelect } from '../assignment-columns.queries.ts';
import { ofService, serviceField } from '../filter-choices.queries.ts';
import { chosenId, numberBetween } from '../filter-field.ts';
import { defineReport } from '../report.ts';
import type { UserCells } from '../user-columns.queries.ts';
import { userColumns, userSelect } from '../user-columns.queries.ts';

const filter = z.object({ dage: numberBetween(1, 730, 'antal dage'), service: chosenId });

/** Roles that end within some days, the first ones first. */
export const expiring = defineReport<UserCells & AssignmentCells & { daysLeft: number }, typeof filter>({
  id: 'udloeber-snart',
  title: 'Udløber snart',
  description: 'Roller, der udløber inden for et antal dage, de første først.',
  group: 'Oprydning',
  access: 'report.other',
  reach: 'organisation',
  fields: [
    {
      kind: 'number',
      name: 'dage',
      label: 'Udløber inden for (dage)',
      hint: 'Antal dage fra i dag.',
      start: () => '60',
    },
    serviceField,
  ],
  filter,
  columns: [
    ...userColumns.map((column) => ({ ...column, isShown: column.isShown && column.id !== 'email' })),
    ...assignmentColumns.map((column) => ({
      ...column,
      isShown: column.isShown && column.id !== 'fra' && column.id !== 'sor',
    })),
    { id: 'dage', label: 'Dage tilbage', width: 8, format: 'number', value: (row) => row.daysLeft, isShown: true },
  ],
  orders: [
    {
      id: 'til',
      label: 'Til og med',
      column: 'til',
      keys: [
        { expression: sql`g.valid_to`, type: 'moment' },
        { expression: sql`g.id`, type: 'number' },
      ],
    },
  ],
  select: ({ dage, service }, { organisationId }) => ({
    columns: sql`${userSelect}, ${assignmentSelect},
      ((g.valid_to - interval '1 millisecond') at time zone 'Europe/Copenhagen')::date - danish_today() as "daysLeft"`,
    from: sql`role_assignment g join app_user u on u.id = g.user_id ${assignmentJoins}`,
    where: sql`g.organisation_id = ${organisationId}::int and ${endsWithin(dage)}
      and u.deleted_at is null and ${ofService(service)}`,
  }),
});
