import { z } from 'zod';
import { isoDay } from '../../db/moments.ts';
import { joinSql, sql } from '../../db/sql.ts';
import { likeAnywhere, searchWords } from '../../shared/text.ts';
import { searchText } from '../filter-field.ts';
import { defineReport } from '../report.ts';

const filter = z.object({ soeg: searchText });

type Figures = {
  serviceId: number;
  code: string;
  name: string;
  owner: string;
  roles: number;
  mayGive: number;
  use: number;
  users: number;
  assignments: number;
  retiresOn: string | null;
  countedOn: string | null;
};

/** How far each service is used, as counted last night. */
export const services = defineReport<Figures, typeof filter>({
  id: 'tal-pr-service',
  title: 'Tal pr. service',
  description:
    'For hver service: roller, organisationer, brugere og tildelinger. Brugere og tildelinger er optalt i nat.',
  group: 'For hele SEB',
  access: 'report.organisations',
  reach: 'everywhere',
  fields: [{ kind: 'search', name: 'soeg', label: 'Søgning', hint: 'Navn, kode eller ejer.' }],
  filter,
  columns: [
    { id: 'service', label: 'Service', width: 34, format: 'text', value: (row) => row.name, isShown: true },
    { id: 'kode', label: 'Kode', width: 16, format: 'code', value: (row) => row.code, isShown: true },
    { id: 'ejer', label: 'Ejer', width: 26, format: 'text', value: (row) => row.owner, isShown: true },
    { id: 'roller', label: 'Roller', width: 8, format: 'number', value: (row) => row.roles, isShown: true },
    {
      id: 'kan-tildele',
      label: 'Org. med rettighed',
      width: 14,
      format: 'number',
      value: (row) => row.mayGive,
      isShown: true,
    },
    {
      id: 'bruger',
      label: 'Org. med brugere',
      width: 14,
      format: 'number',
      value: (row) => row.use,
      isShown: true,
    },
    { id: 'brugere', label: 'Brugere', width: 10, format: 'number', value: (row) => row.users, isShown: true },
    {
      id: 'tildelinger',
      label: 'Tildelinger',
      width: 10,
      format: 'number',
      value: (row) => row.assignments,
      isShown: true,
    },
    { id: 'udfases', label: 'Udfases', width: 12, format: 'date', value: (row) => row.retiresOn, isShown: false },
    { id: 'optalt', label: 'Optalt', width: 12, format: 'date', value: (row) => row.countedOn, isShown: false },
  ],
  // Some hundred services, sorted as they are read.
  orders: [
    {
      id: 'service',
      label: 'Service',
      column: 'service',
      keys: [
        { expression: sql`s.name`, type: 'text' },
        { expression: sql`s.id`, type: 'number' },
      ],
    },
    {
      id: 'brugere',
      label: 'Brugere',
      column: 'brugere',
      keys: [
        { expression: sql`f.users`, type: 'number' },
        { expression: sql`s.id`, type: 'number' },
      ],
      isDescending: true,
    },
  ],
  select: ({ soeg }) => ({
    columns: sql`s.id as "serviceId", s.code, s.name, s.owner, (select count(*)::int from role r where r.service_id = s.id) as roles,
      (select count(distinct o.organisation_id)::int from organisation_role o join role r on r.id = o.role_id
        where r.service_id = s.id and o.withdrawn_at is null) as "mayGive",
      f.organisations as use, f.users, f.assignments, coalesce(${isoDay(sql`s.retired_at`)}, s.retires_on::text) as "retiresOn",
      f.counted_on::text as "countedOn"`,
    from: sql`service s cross join lateral (
      select count(*)::int as organisations, coalesce(sum(x.users), 0)::int as users, coalesce(sum(x.assignments), 0)::int as assignments,
        max(x.counted_on) as counted_on
      from service_figure x where x.service_id = s.id) f`,
    where: joinSql(
      [
        sql`true`,
        ...searchWords(soeg).map(
          (word) => sql`search_fold(concat_ws(' ', s.code, s.name, s.owner)) like ${likeAnywhere(word)}`,
        ),
      ],
      ' and ',
    ),
  }),
});
