import { z } from 'zod';
import { endOfDay, isoDay, lastIsoDay } from '../../db/moments.ts';
import { joinSql, sql } from '../../db/sql.ts';
import type { Sensitivity } from '../../services/service.ts';
import { sensitivityNames } from '../../services/service.ts';
import { danishDay, dayInDenmark } from '../../shared/dates.ts';
import { likeAnywhere, searchWords } from '../../shared/text.ts';
import { countsAt, roleNamesThen } from '../access-columns.queries.ts';
import type { AssignmentCells } from '../assignment-columns.queries.ts';
import { roleColumns } from '../assignment-columns.queries.ts';
import { ofService, serviceField } from '../filter-choices.queries.ts';
import { chosenId, pastDay, searchText } from '../filter-field.ts';
import { defineReport } from '../report.ts';

const filter = z.object({ dag: pastDay('dagen'), soeg: searchText, service: chosenId });

type Right = Pick<AssignmentCells, 'roleCode' | 'roleName' | 'serviceCode' | 'serviceName'> & {
  roleId: number;
  needsSor: boolean;
  needsCpr: boolean;
  sensitivity: Sensitivity;
  grantedOn: string;
  withdrawnOn: string | null;
  retiresOn: string | null;
  users: number;
};

/** The roles that the organisation may give at the end of a day (of today: now), and how many of its users have each. */
export const rightsToRoles = defineReport<Right, typeof filter>({
  id: 'rettigheder-til-roller',
  title: 'Rettigheder til roller',
  description:
    'De roller, organisationen kan tildele, nu eller en tidligere dag, med service, krav og hvor mange brugere der har dem.',
  group: 'Brugere og roller',
  access: 'report.rightsToRoles',
  reach: 'organisation',
  fields: [
    {
      kind: 'day',
      name: 'dag',
      label: 'Dag',
      hint: 'I dag eller tidligere. Vises rettighederne ved dagens udgang.',
      isRequired: true,
      start: () => danishDay(dayInDenmark()),
    },
    { kind: 'search', name: 'soeg', label: 'Søgning', hint: 'Navn eller kode på rolle eller service.' },
    serviceField,
  ],
  filter,
  columns: [
    ...roleColumns.map((column) => ({ ...column, isShown: true })),
    {
      id: 'kraever-sor',
      label: 'Kræver SOR-enhed',
      width: 10,
      format: 'yesNo',
      value: (row) => row.needsSor,
      isShown: true,
    },
    { id: 'kraever-cpr', label: 'Kræver CPR', width: 10, format: 'yesNo', value: (row) => row.needsCpr, isShown: true },
    {
      id: 'foelsomhed',
      label: 'Følsomhed',
      width: 14,
      format: 'text',
      value: (row) => sensitivityNames[row.sensitivity],
      isShown: false,
    },
    { id: 'fra', label: 'Rettighed fra', width: 12, format: 'date', value: (row) => row.grantedOn, isShown: true },
    { id: 'til', label: 'Til og med', width: 12, format: 'date', value: (row) => row.withdrawnOn, isShown: false },
    { id: 'udfases', label: 'Udfases', width: 12, format: 'date', value: (row) => row.retiresOn, isShown: false },
    {
      id: 'brugere',
      label: 'Brugere med rollen',
      width: 10,
      format: 'number',
      value: (row) => row.users,
      isShown: true,
      path: ({ roleId }) => `/roller/${roleId}`,
    },
  ],
  // A few hundred rows at most, sorted as they are read.
  orders: [
    {
      id: 'service',
      label: 'Service',
      column: 'service',
      keys: [
        { expression: sql`s.name`, type: 'text' },
        { expression: sql`r.name`, type: 'text' },
        { expression: sql`r.id`, type: 'number' },
      ],
    },
    {
      id: 'rolle',
      label: 'Rolle',
      column: 'rolle',
      keys: [
        { expression: sql`r.name`, type: 'text' },
        { expression: sql`r.id`, type: 'number' },
      ],
    },
  ],
  select: ({ dag, soeg, service }, { organisationId }) => ({
    columns: sql`r.id as "roleId", ${roleNamesThen(endOfDay(dag))}, r.needs_sor as "needsSor", r.needs_cpr as "needsCpr", r.sensitivity,
      ${isoDay(sql`o.valid_from`)} as "grantedOn", ${lastIsoDay(sql`o.valid_to`)} as "withdrawnOn",
      coalesce(${isoDay(sql`least(r.retired_at, s.retired_at)`)}, least(r.retires_on, s.retires_on)::text) as "retiresOn",
      (select count(distinct g.user_id)::int from role_assignment g where g.organisation_id = o.organisation_id and g.role_id = r.id
        and ${countsAt(sql`g`, endOfDay(dag))}) as users`,
    from: sql`right_period o join role r on r.id = o.role_id join service s on s.id = r.service_id`,
    where: joinSql(
      [
        sql`o.organisation_id = ${organisationId}::int and ${countsAt(sql`o`, endOfDay(dag))} and ${ofService(service)}`,
        ...searchWords(soeg).map(
          (word) =>
            sql`search_fold(concat_ws(' ', s.code, s.name, r.code, r.name, array_to_string(r.synonyms, ' '))) like ${likeAnywhere(word)}`,
        ),
      ],
      ' and ',
    ),
  }),
});
