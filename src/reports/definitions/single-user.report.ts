import { z } from 'zod';
import { sql } from '../../db/sql.ts';
import type { AssignmentCells } from '../assignment-columns.queries.ts';
import { assignmentColumns, assignmentJoins, assignmentSelect } from '../assignment-columns.queries.ts';
import type { FilterField } from '../filter-field.ts';
import { chosenWord, fixed, requiredId } from '../filter-field.ts';
import { userField } from '../person-fields.queries.ts';
import type { Column, Order, Selection } from '../report.ts';
import { defineReport } from '../report.ts';
import type { UserCells } from '../user-columns.queries.ts';
import { nameColumns, userSelect } from '../user-columns.queries.ts';

const shown = { vis: chosenWord(['alle']) };
const filter = z.object({ bruger: requiredId('Vælg en bruger'), ...shown });
const ownFilter = z.object(shown);

type HeldRole = AssignmentCells & { state: string };
type Held = UserCells & HeldRole;

const endedField: FilterField = {
  kind: 'choice',
  name: 'vis',
  label: 'Vis',
  any: 'Gældende og planlagte',
  choices: fixed(['alle', 'Også afsluttede']),
};

const heldColumns: readonly Column<HeldRole>[] = [
  ...assignmentColumns,
  { id: 'tilstand', label: 'Tilstand', width: 12, format: 'text', value: (row) => row.state, isShown: true },
];

// The roles of one user are few.
const heldOrders: [Order, Order] = [
  {
    id: 'service',
    label: 'Service',
    column: 'service',
    keys: [
      { expression: sql`s.name`, type: 'text' },
      { expression: sql`r.name`, type: 'text' },
      { expression: sql`g.id`, type: 'number' },
    ],
  },
  {
    id: 'fra',
    label: 'Fra',
    column: 'fra',
    keys: [
      { expression: sql`g.valid_from`, type: 'moment' },
      { expression: sql`g.id`, type: 'number' },
    ],
  },
];

function heldBy(userId: number, organisationId: number, vis: 'alle' | null): Selection {
  return {
    columns: sql`${userSelect}, ${assignmentSelect}, case when g.withdrawn_at is not null then 'Fjernet'
      when g.valid_to <= now() then 'Udløbet' when g.valid_from > now() then 'Planlagt' else 'Gældende' end as state`,
    from: sql`role_assignment g join app_user u on u.id = g.user_id ${assignmentJoins}`,
    where: sql`g.user_id = ${userId}::int and g.organisation_id = ${organisationId}::int
      and ${vis === 'alle' ? sql`true` : sql`g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now())`}`,
  };
}

/** What one user has, will have and, if asked for, once had. */
export const singleUser = defineReport<Held, typeof filter>({
  id: 'enkelt-bruger',
  title: 'En enkelt bruger',
  description: 'Alle roller, som én bruger har; med “Også afsluttede” også dem, brugeren har haft.',
  group: 'Brugere og roller',
  access: 'report.singleUser',
  reach: 'organisation',
  fields: [userField, endedField],
  filter,
  columns: [...nameColumns.map((column) => ({ ...column, isShown: false })), ...heldColumns],
  orders: heldOrders,
  subject: ({ bruger }) => bruger,
  select: ({ bruger, vis }, { organisationId }) => heldBy(bruger, organisationId, vis),
});

/** The same of oneself, in sebanmod. */
export const ownRoles = defineReport<HeldRole, typeof ownFilter>({
  id: 'mine-roller',
  title: 'Mine roller',
  description: 'Alle roller, som du har; med “Også afsluttede” også dem, du har haft.',
  group: 'Brugere og roller',
  access: 'report.singleUser',
  reach: 'organisation',
  isOwn: true,
  fields: [endedField],
  filter: ownFilter,
  columns: heldColumns,
  orders: heldOrders,
  select: ({ vis }, { organisationId, readerId }) => heldBy(readerId, organisationId, vis),
});
