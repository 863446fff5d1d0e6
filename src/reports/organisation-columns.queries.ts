import { sql } from '../db/sql.ts';
import type { Column, Order } from './report.ts';

// The columns that reports about organisations share; in SQL the organisation is `o`.

export type OrganisationCells = { cvr: string; name: string };

export const organisationColumns: readonly Column<OrganisationCells>[] = [
  { id: 'organisation', label: 'Organisation', width: 34, format: 'text', value: (row) => row.name, isShown: true },
  { id: 'cvr', label: 'CVR', width: 10, format: 'code', value: (row) => row.cvr, isShown: true },
];

export const organisationOrders: readonly [Order] = [
  {
    id: 'organisation',
    label: 'Organisation',
    column: 'organisation',
    keys: [
      { expression: sql`o.name`, type: 'text' },
      { expression: sql`o.id`, type: 'number' },
    ],
  },
];
