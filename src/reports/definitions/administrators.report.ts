import { z } from 'zod';
import { isoDay, lastIsoDay } from '../../db/moments.ts';
import { sql } from '../../db/sql.ts';
import type { AdministratorKind } from '../../permissions/actor.ts';
import { administratorNames } from '../../users/user.ts';
import { chosenWord, fixed } from '../filter-field.ts';
import { defineReport } from '../report.ts';

const kinds = ['ORGANISATION', 'USER', 'READ_ONLY'] as const;
const filter = z.object({ rolle: chosenWord(kinds) });

type Administering = {
  administratorId: number;
  homeName: string;
  firstName: string;
  lastName: string;
  email: string;
  rid: string;
  kind: AdministratorKind;
  away: string | null;
  area: string | null;
  services: string | null;
  startsOn: string;
  endsOn: string | null;
  isLocked: boolean;
};

/** The guide's "Lav rapport med brugeradministratorer" (3.2.3): who administers the organisation, substitutes too. */
export const administrators = defineReport<Administering, typeof filter>({
  id: 'brugeradministratorer',
  title: 'Brugeradministratorer',
  description: 'Organisationens administratorer af alle tre slags, og hvem der er vikar for dem.',
  group: 'Brugere og roller',
  access: 'report.administrators',
  reach: 'organisation',
  fields: [
    {
      kind: 'choice',
      name: 'rolle',
      label: 'Rolle',
      any: 'Alle',
      choices: fixed(...kinds.map((kind): [string, string] => [kind, administratorNames[kind]])),
    },
  ],
  filter,
  columns: [
    {
      id: 'organisation',
      label: 'Organisation',
      width: 26,
      format: 'text',
      value: (row) => row.homeName,
      isShown: true,
    },
    {
      id: 'bruger',
      label: 'Bruger',
      width: 26,
      format: 'text',
      value: (row) => `${row.firstName} ${row.lastName}`,
      isShown: true,
    },
    { id: 'email', label: 'Email', width: 30, format: 'text', value: (row) => row.email, isShown: true },
    { id: 'rolle', label: 'Rolle', width: 30, format: 'text', value: roleText, isShown: true },
    { id: 'rid', label: 'RID', width: 14, format: 'code', value: (row) => row.rid, isShown: true },
    {
      id: 'ansvarsomraade',
      label: 'Ansvarsområde',
      width: 26,
      format: 'text',
      value: (row) => row.area,
      isShown: false,
    },
    { id: 'services', label: 'Kun services', width: 30, format: 'text', value: (row) => row.services, isShown: false },
    { id: 'fra', label: 'Fra', width: 12, format: 'date', value: (row) => row.startsOn, isShown: false },
    { id: 'til', label: 'Til og med', width: 12, format: 'date', value: (row) => row.endsOn, isShown: false },
    {
      id: 'status',
      label: 'Status',
      width: 10,
      format: 'text',
      value: (row) => (row.isLocked ? 'Spærret' : 'Aktiv'),
      isShown: true,
    },
  ],
  orders: [
    {
      id: 'rolle',
      label: 'Rolle',
      column: 'rolle',
      keys: [
        { expression: sql`array_position(enum_range(null::administrator_kind), a.kind)`, type: 'number' },
        ...byName(),
      ],
    },
    { id: 'bruger', label: 'Bruger', column: 'bruger', keys: byName() },
  ],
  select: ({ rolle }, { organisationId }) => ({
    columns: sql`a.administrator_id as "administratorId", a.home_name as "homeName", a.first_name as "firstName", a.last_name as "lastName",
      a.email, a.rid, a.kind, a.away, a.area, a.services, ${isoDay(sql`a.valid_from`)} as "startsOn", ${lastIsoDay(sql`a.valid_to`)} as "endsOn",
      a.is_locked as "isLocked"`,
    from: sql`(
      select a.administrator_id, 0 as substitute_id, a.home_name, a.first_name, a.last_name, a.email, a.rid, a.kind, null as away,
        a.responsibility_area as area, case when a.limits_services then coalesce((
          select string_agg(s.name, ', ' order by s.name) from administrator_service x join service s on s.id = x.service_id
          where x.administrator_id = a.administrator_id), 'Ingen') end as services, a.valid_from, a.valid_to, a.is_locked
      from administrators_of(${organisationId}::int) a where a.valid_from <= now()
      union all
      select a.administrator_id, v.id, o.name, u.first_name, u.last_name, u.email, u.rid, a.kind, a.first_name || ' ' || a.last_name,
        a.responsibility_area, null, v.valid_from, v.valid_to,
        u.locked_from is not null and u.locked_from <= now() and (u.locked_until is null or u.locked_until > now())
      from administrator_substitute v join administrators_of(${organisationId}::int) a on a.administrator_id = v.administrator_id
        join app_user u on u.id = v.user_id join organisation o on o.id = u.organisation_id
      where v.valid_from <= now() and v.valid_to > now() and a.valid_from <= now() and u.deleted_at is null) a`,
    where: rolle === null ? sql`true` : sql`a.kind = ${rolle}::text::administrator_kind`,
  }),
});

// Some dozens at most, sorted as they are read.
function byName() {
  return [
    { expression: sql`a.last_name collate "da-x-icu"`, type: 'text' },
    { expression: sql`a.first_name collate "da-x-icu"`, type: 'text' },
    { expression: sql`a.administrator_id`, type: 'number' },
    { expression: sql`a.substitute_id`, type: 'number' },
  ] as const;
}

function roleText({ kind, away }: Administering): string {
  return away === null ? administratorNames[kind] : `${administratorNames[kind]} (vikar for ${away})`;
}
