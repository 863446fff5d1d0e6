import { z } from 'zod';
import { sql } from '../../db/sql.ts';
import type { AssignmentCells } from '../assignment-columns.queries.ts';
import { assignmentColumns, assignmentJoins, assignmentSelect } from '../assignment-columns.queries.ts';
import { ofService, serviceField } from '../filter-choices.queries.ts';
import { chosenId } from '../filter-field.ts';
import { defineReport } from '../report.ts';
import type { UserCells } from '../user-columns.queries.ts';
import { userColumns, userSelect } from '../user-columns.queries.ts';

const filter = z.object({ service: chosenId });

type Held = UserCells & AssignmentCells & { closedOn: string | null; isAnothers: boolean };

/** Roles at units that SOR has closed, or that another organisation has taken over. */
export const closedUnits = defineReport<Held, typeof filter>({
  id: 'lukkede-sor-enheder',
  title: 'Roller på lukkede SOR-enheder',
  description:
    'Roller ved enheder, som er lukket i SOR eller hører til en anden organisation nu. De kan flyttes under “Lukkede enheder”.',
  group: 'Oprydning',
  access: 'report.other',
  reach: 'organisation',
  fields: [serviceField],
  filter,
  columns: [
    ...assignmentColumns
      .filter(({ id }) => id === 'enhed' || id === 'sor')
      .map((column) => ({ ...column, path: () => '/lukkede-enheder' })),
    { id: 'lukket', label: 'Lukket', width: 12, format: 'date', value: (row) => row.closedOn, isShown: true },
    {
      id: 'anden',
      label: 'Hører til en anden',
      width: 10,
      format: 'yesNo',
      value: (row) => row.isAnothers,
      isShown: true,
    },
    ...userColumns.map((column) => ({ ...column, isShown: column.isShown && column.id !== 'email' })),
    ...assignmentColumns
      .filter(({ id }) => id !== 'enhed' && id !== 'sor')
      .map((column) => ({ ...column, isShown: column.id === 'rolle' || column.id === 'service' })),
  ],
  orders: [
    {
      id: 'enhed',
      label: 'SOR-enhed',
      column: 'enhed',
      keys: [
        { expression: sql`su.name`, type: 'text' },
        { expression: sql`su.code`, type: 'text' },
        { expression: sql`u.last_name`, type: 'text' },
        { expression: sql`u.first_name`, type: 'text' },
        { expression: sql`g.id`, type: 'number' },
      ],
    },
  ],
  select: ({ service }, { organisationId }) => ({
    columns: sql`${userSelect}, ${assignmentSelect}, case when su.closed_on < danish_today() then su.closed_on::text end as "closedOn",
      su.owner_cvr <> o.cvr as "isAnothers"`,
    from: sql`role_assignment g join app_user u on u.id = g.user_id join organisation o on o.id = g.organisation_id ${assignmentJoins}`,
    where: sql`g.organisation_id = ${organisationId}::int and g.sor_code is not null and g.withdrawn_at is null
      and (g.valid_to is null or g.valid_to > now()) and (su.closed_on < danish_today() or su.owner_cvr <> o.cvr) and ${ofService(service)}`,
  }),
});
