import { z } from 'zod';
import { sql } from '../../db/sql.ts';
import { chosenWord, fixed, numberBetween } from '../filter-field.ts';
import type { OrganisationCells } from '../organisation-columns.queries.ts';
import { organisationColumns } from '../organisation-columns.queries.ts';
import { defineReport } from '../report.ts';

const filter = z.object({ dage: numberBetween(1, 3650, 'antal dage'), fornyet: chosenWord(['med']) });

type Ending = OrganisationCells & {
  signer: string;
  validFrom: string;
  validTo: string;
  daysLeft: number;
  isRenewed: boolean;
  users: number;
};

/** Agreements whose last day is near, the first ones first; also those that ran out without another one following. */
export const endingAgreements = defineReport<Ending, typeof filter>({
  id: 'aftaler-der-udloeber',
  title: 'Aftaler, der udløber',
  description:
    'Aftaler med brugerorganisationer, der udløber inden for et antal dage eller er udløbet uden at være fornyet.',
  group: 'For hele SEB',
  access: 'report.organisations',
  reach: 'everywhere',
  fields: [
    { kind: 'number', name: 'dage', label: 'Udløber inden for (dage)', start: () => '180' },
    {
      kind: 'choice',
      name: 'fornyet',
      label: 'Fornyede aftaler',
      any: 'Vises ikke',
      choices: fixed(['med', 'Vises også']),
    },
  ],
  filter,
  columns: [
    ...organisationColumns.map((column) => ({ ...column, path: ({ cvr }: Ending) => `/organisationer/${cvr}` })),
    { id: 'til', label: 'Sidste dag', width: 12, format: 'date', value: (row) => row.validTo, isShown: true },
    { id: 'dage', label: 'Dage tilbage', width: 10, format: 'number', value: (row) => row.daysLeft, isShown: true },
    { id: 'fra', label: 'Gælder fra', width: 12, format: 'date', value: (row) => row.validFrom, isShown: false },
    {
      id: 'underskriver',
      label: 'Underskrevet af',
      width: 28,
      format: 'text',
      value: (row) => row.signer,
      isShown: true,
    },
    { id: 'fornyet', label: 'Fornyet', width: 8, format: 'yesNo', value: (row) => row.isRenewed, isShown: true },
    { id: 'brugere', label: 'Brugere', width: 10, format: 'number', value: (row) => row.users, isShown: true },
  ],
  orders: [
    {
      id: 'til',
      label: 'Sidste dag',
      column: 'til',
      keys: [
        { expression: sql`g.valid_to`, type: 'day' },
        { expression: sql`g.id`, type: 'number' },
      ],
    },
  ],
  select: ({ dage, fornyet }) => ({
    columns: sql`o.cvr, o.name, g.signer_name as signer, g.valid_from::text as "validFrom", g.valid_to::text as "validTo",
      g.valid_to - danish_today() as "daysLeft", n.id is not null as "isRenewed", t.user_count as users`,
    from: sql`agreement g join organisation o on o.id = g.organisation_id join organisation_state t on t.organisation_id = o.id
      left join agreement n on n.renews_id = g.id and n.ended_on is null`,
    where: sql`g.valid_to is not null and g.ended_on is null and o.closed_at is null and g.valid_to <= danish_today() + ${dage}::int
      and ${fornyet === 'med' ? sql`g.valid_to >= danish_today()` : sql`n.id is null`}`,
  }),
});
