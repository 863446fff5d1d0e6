import { z } from 'zod';
import { dayInDenmark, danishDay } from '../../shared/dates.ts';
import { joinSql, sql } from '../../db/sql.ts';
import { likeAnywhere, searchWords } from '../../shared/text.ts';
import type { AccessCells } from '../access-columns.queries.ts';
import { accessColumns, accessKeys, accessSelect, accessSource, hadAccess } from '../access-columns.queries.ts';
import { atUnit, ofRole, ofService, roleField, serviceField, unitField } from '../filter-choices.queries.ts';
import { chosenId, optionalUnit, pastDay, searchField, searchText } from '../filter-field.ts';
import { defineReport } from '../report.ts';

const filter = z.object({
  dag: pastDay('dagen'),
  soeg: searchText,
  service: chosenId,
  rolle: chosenId,
  enhed: optionalUnit,
});

/** Who could use which role at some time of a day: by user, role, unit, or in the whole organisation. */
export const accessAsOf = defineReport<AccessCells, typeof filter>({
  id: 'adgang-paa-dato',
  title: 'Hvem havde adgang den …',
  description: 'Hvem der på en bestemt dag havde hvilke roller og ikke var spærret, med navne som de var dengang.',
  group: 'Ændringer og historik',
  access: 'report.asOf',
  reach: 'organisation',
  fields: [
    {
      kind: 'day',
      name: 'dag',
      label: 'Dag',
      hint: 'I dag eller tidligere. Vises den, der havde adgang på et tidspunkt af dagen.',
      isRequired: true,
      start: () => danishDay(dayInDenmark()),
    },
    { ...searchField, label: 'Bruger' },
    serviceField,
    roleField,
    unitField,
  ],
  filter,
  columns: accessColumns,
  orders: [{ id: 'efternavn', label: 'Efternavn', column: 'efternavn', keys: accessKeys, indexed: 3 }],
  select: ({ dag, soeg, service, rolle, enhed }, { organisationId }) => {
    const day = {
      from: sql`(${dag}::text::date)::timestamp at time zone 'Europe/Copenhagen'`,
      to: sql`least((${dag}::text::date + 1)::timestamp at time zone 'Europe/Copenhagen', now())`,
    };
    return {
      columns: accessSelect(day),
      from: accessSource,
      where: joinSql(
        [
          sql`p.organisation_id = ${organisationId}::int and ${hadAccess(day)}`,
          ...searchWords(soeg).map(
            (word) =>
              sql`search_fold(concat_ws(' ', p.first_name, p.last_name, p.email, p.rid, u.username)) like ${likeAnywhere(word)}`,
          ),
          ofService(service),
          ofRole(rolle),
          atUnit(enhed),
        ],
        ' and ',
      ),
    };
  },
});
