import { z } from 'zod';
import { endOfDay } from '../../db/moments.ts';
import { joinSql, sql } from '../../db/sql.ts';
import { dayInDenmark, danishDay } from '../../shared/dates.ts';
import { likeAnywhere, searchWords } from '../../shared/text.ts';
import type { AssignmentCells } from '../assignment-columns.queries.ts';
import { placeColumns, roleColumns } from '../assignment-columns.queries.ts';
import { differenceSelect, accessSource, isDifferent } from '../access-columns.queries.ts';
import { ofService, serviceField } from '../filter-choices.queries.ts';
import { chosenId, pastDay, searchField, searchText } from '../filter-field.ts';
import { defineReport } from '../report.ts';
import type { UserCells } from '../user-columns.queries.ts';
import { userColumns } from '../user-columns.queries.ts';

const filter = z
  .object({ fra: pastDay('den første dag'), til: pastDay('den anden dag'), soeg: searchText, service: chosenId })
  .refine(({ fra, til }) => fra < til, { path: ['til'], message: 'Skriv en anden dag, der ligger efter den første' });

type Difference = UserCells &
  Pick<AssignmentCells, 'serviceName' | 'serviceCode' | 'roleName' | 'roleCode' | 'sorCode' | 'unitName' | 'scope'> & {
    isNew: boolean;
    changedAt: string;
  };

/** What users have at the end of one day that they had not at the end of an earlier one, and the other way round. */
export const differences = defineReport<Difference, typeof filter>({
  id: 'forskelle',
  title: 'Forskelle mellem to datoer',
  description:
    'Hvilke roller der er kommet til, og hvilke der er gået fra, fra udgangen af én dag til udgangen af en anden.',
  group: 'Ændringer og historik',
  access: 'report.other',
  reach: 'organisation',
  fields: [
    {
      kind: 'day',
      name: 'fra',
      label: 'Fra udgangen af',
      isRequired: true,
      start: () => danishDay(dayInDenmark(new Date(Date.now() - 30 * 86_400_000))),
    },
    { kind: 'day', name: 'til', label: 'Til udgangen af', isRequired: true, start: () => danishDay(dayInDenmark()) },
    searchField,
    serviceField,
  ],
  filter,
  columns: [
    {
      id: 'forskel',
      label: 'Forskel',
      width: 12,
      format: 'text',
      value: (row) => (row.isNew ? 'Kommet til' : 'Gået fra'),
      isShown: true,
    },
    {
      id: 'tidspunkt',
      label: 'Tidspunkt',
      width: 16,
      format: 'dateTime',
      value: (row) => row.changedAt,
      isShown: true,
    },
    ...userColumns.map((column) => ({ ...column, isShown: column.isShown && column.id !== 'email' })),
    ...roleColumns,
    ...placeColumns,
  ],
  orders: [
    {
      id: 'efternavn',
      label: 'Efternavn',
      column: 'efternavn',
      keys: [
        { expression: sql`p.last_name`, type: 'text' },
        { expression: sql`p.first_name`, type: 'text' },
        { expression: sql`p.user_id`, type: 'number' },
        { expression: sql`g.assignment_id`, type: 'number' },
        { expression: sql`g.valid_from`, type: 'moment' },
      ],
      indexed: 3,
    },
  ],
  select: ({ fra, til, soeg, service }, { organisationId }) => {
    const days = { before: endOfDay(fra), after: endOfDay(til) };
    return {
      columns: differenceSelect(days),
      from: accessSource,
      where: joinSql(
        [
          sql`p.organisation_id = ${organisationId}::int and p.is_latest and ${isDifferent(days)} and ${ofService(service)}`,
          ...searchWords(soeg).map((word) => sql`u.search like ${likeAnywhere(word)}`),
        ],
        ' and ',
      ),
    };
  },
});
