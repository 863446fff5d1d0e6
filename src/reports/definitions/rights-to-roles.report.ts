import { z } from 'zod';
import { isoDay } from '../../db/moments.ts';
import { joinSql, sql } from '../../db/sql.ts';
import type { Sensitivity } from '../../services/service.ts';
import { sensitivityNames } from '../../services/service.ts';
import { likeAnywhere, searchWords } from '../../shared/text.ts';
import type { AssignmentCells } from '../assignment-columns.queries.ts';
import { roleColumns } from '../assignment-columns.queries.ts';
import { ofService, serviceField } from '../filter-choices.queries.ts';
import { chosenId, searchText } from '../filter-field.ts';
import { defineReport } from '../report.ts';

const filter = z.object({ soeg: searchText, service: chosenId });

type Right = Pick<AssignmentCells, 'roleCode' | 'roleName' | 'serviceCode' | 'serviceName'> & {
  roleId: number;
  needsSor: boolean;
  needsCpr: boolean;
  sensitivity: Sensitivity;
  grantedOn: string;
  retiresOn: string | null;
  users: number;
};

/** The roles that the organisation may give, and how many of its users have each. */
export const rightsToRoles = defineReport<Right, typeof filter>({
  id: 'rettigheder-til-roller',
  title: 'Rettigheder til roller',
  description: 'De roller, organisationen kan tildele, med service, krav og hvor mange brugere der har dem nu.',
  group: 'Brugere og roller',
  access: 'report.rightsToRoles',
  reach: 'organisation',
  fields: [
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
  select: ({ soeg, service }, { organisationId }) => ({
    columns: sql`r.id as "roleId", r.code as "roleCode", r.name as "roleName", s.code as "serviceCode", s.name as "serviceName",
      r.needs_sor as "needsSor", r.needs_cpr as "needsCpr", r.sensitivity, ${isoDay(sql`o.granted_at`)} as "grantedOn",
      coalesce(${isoDay(sql`least(r.retired_at, s.retired_at)`)}, least(r.retires_on, s.retires_on)::text) as "retiresOn",
      (select count(distinct g.user_id)::int from role_assignment g where g.organisation_id = o.organisation_id and g.role_id = r.id
        and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())) as users`,
    from: sql`organisation_role o join role r on r.id = o.role_id join service s on s.id = r.service_id`,
    where: joinSql(
      [
        sql`o.organisation_id = ${organisationId}::int and o.withdrawn_at is null and ${ofService(service)}`,
        ...searchWords(soeg).map(
          (word) =>
            sql`search_fold(concat_ws(' ', s.code, s.name, r.code, r.name, array_to_string(r.synonyms, ' '))) like ${likeAnywhere(word)}`,
        ),
      ],
      ' and ',
    ),
  }),
});
