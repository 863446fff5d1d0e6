import { z } from 'zod';
import { sql } from '../../db/sql.ts';
import { chosenWord, fixed } from '../filter-field.ts';
import { defineReport } from '../report.ts';
import { organisationColumns, organisationOrders } from '../organisation-columns.queries.ts';
import type { OrganisationCells } from '../organisation-columns.queries.ts';

const filter = z.object({ antal: chosenWord(['0', '1']) });

type Few = OrganisationCells & { users: number; administrators: number; names: string | null };

/** Open organisations with none or one organisationsadministrator who can act today. */
export const fewAdministrators = defineReport<Few, typeof filter>({
  id: 'faa-administratorer',
  title: 'Få organisationsadministratorer',
  description:
    'Organisationer med ingen eller kun én organisationsadministrator, der kan handle nu. To anbefales altid.',
  group: 'For hele SEB',
  access: 'report.organisations',
  reach: 'everywhere',
  fields: [
    {
      kind: 'choice',
      name: 'antal',
      label: 'Antal',
      any: 'Ingen eller én',
      choices: fixed(['0', 'Ingen'], ['1', 'Kun én']),
    },
  ],
  filter,
  columns: [
    ...organisationColumns.map((column) => ({
      ...column,
      path: ({ cvr }: Few) => `/organisationer/${cvr}/administratorer`,
    })),
    { id: 'brugere', label: 'Brugere', width: 10, format: 'number', value: (row) => row.users, isShown: true },
    {
      id: 'antal',
      label: 'Organisationsadministratorer',
      width: 12,
      format: 'number',
      value: (row) => row.administrators,
      isShown: true,
    },
    { id: 'hvem', label: 'Hvem', width: 30, format: 'text', value: (row) => row.names, isShown: true },
  ],
  orders: organisationOrders,
  select: ({ antal }) => ({
    columns: sql`o.cvr, o.name, t.user_count as users, c.administrators, (
      select string_agg(a.first_name || ' ' || a.last_name, ', ') from organisation_administrator_addresses(o.id) a) as names`,
    from: sql`organisation o join organisation_state t on t.organisation_id = o.id
      cross join lateral (select count_organisation_administrators(o.id) as administrators) c`,
    where: sql`o.closed_at is null and ${antal === null ? sql`c.administrators < 2` : sql`c.administrators = ${antal}::text::int`}`,
  }),
});
