import { z } from 'zod';
import { sql } from '../../db/sql.ts';
import type { AssignmentCells } from '../assignment-columns.queries.ts';
import {
  assignmentColumns,
  assignmentJoins,
  assignmentKey,
  assignmentSelect,
  isInForce,
} from '../assignment-columns.queries.ts';
import { atUnit, roleField, unitField } from '../filter-choices.queries.ts';
import { optionalUnit, requiredId } from '../filter-field.ts';
import { defineReport } from '../report.ts';
import type { StateCells, UserCells } from '../user-columns.queries.ts';
import { stateColumns, stateJoins, stateSelect, userColumns, userOrders, userSelect } from '../user-columns.queries.ts';

const filter = z.object({ rolle: requiredId('Vælg en rolle'), enhed: optionalUnit });

/** Who has one role now, wherever; it stands in the menu in the place of the old report "En enkelt gruppe". */
export const roleHolders = defineReport<UserCells & StateCells & AssignmentCells, typeof filter>({
  id: 'brugere-med-rolle',
  title: 'Brugere med en bestemt rolle',
  description: 'Alle, der har én rolle nu, og hvor de har den. Hed før “En enkelt gruppe”.',
  group: 'Brugere og roller',
  access: 'roleHolders.view',
  reach: 'organisation',
  fields: [{ ...roleField, isRequired: true }, unitField],
  filter,
  columns: [
    ...userColumns,
    ...stateColumns,
    ...assignmentColumns.map((column) => ({
      ...column,
      isShown: column.isShown && column.id !== 'service' && column.id !== 'rolle',
    })),
  ],
  orders: userOrders(assignmentKey),
  select: ({ rolle, enhed }, { organisationId }) => ({
    columns: sql`${userSelect}, ${stateSelect}, ${assignmentSelect}`,
    from: sql`role_assignment g join app_user u on u.id = g.user_id ${stateJoins} ${assignmentJoins}`,
    where: sql`u.organisation_id = ${organisationId}::int and g.organisation_id = u.organisation_id and g.role_id = ${rolle}::int and u.deleted_at is null and ${isInForce}
      and ${atUnit(enhed)}`,
  }),
});
