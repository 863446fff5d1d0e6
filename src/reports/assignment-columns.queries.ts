import { secondsOf } from '../db/moments.ts';
import { sql } from '../db/sql.ts';
import type { AssignmentScope } from '../role-assignments/assignment.ts';
import { notRelevant, scopeNames } from '../role-assignments/assignment.ts';
import { dayAt, lastDayBefore } from './cells.ts';
import type { Column } from './report.ts';
import { field, reading } from './report.ts';

// The columns that reports about assignments share. In SQL: assignment `g`, role `r`, service `s`, unit `su`, giver `c`.

/** All null for a user without a role. */
export type AssignmentCells = {
  roleCode: string | null;
  roleName: string | null;
  serviceCode: string | null;
  serviceName: string | null;
  sorCode: string | null;
  unitName: string | null;
  scope: AssignmentScope | null;
  startsAt: number | null;
  endsAt: number | null;
  reason: string | null;
  caseNumber: string | null;
  givenBy: string | null;
};

export const periodSelect = sql`${secondsOf(sql`g.valid_from`)} as "startsAt", ${secondsOf(sql`g.valid_to`)} as "endsAt"`;

export const assignmentSelect = sql`r.code as "roleCode", r.name as "roleName", s.code as "serviceCode", s.name as "serviceName",
  g.sor_code as "sorCode", su.name as "unitName", g.scope, ${periodSelect},
  g.reason, g.case_number as "caseNumber", c.first_name || ' ' || c.last_name as "givenBy"`;

/** Names are there for every assignment but the giver's, who may be a user of another organisation. */
export const assignmentJoins = sql`left join role r on r.id = g.role_id left join service s on s.id = r.service_id
  left join sor_unit su on su.code = g.sor_code left join app_user c on c.id = g.created_by_id`;

export const isInForce = sql`g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())`;

export const assignmentKey = { expression: sql`coalesce(g.id, 0)`, type: 'number' } as const;

export const roleColumns: readonly Column<
  Pick<AssignmentCells, 'serviceName' | 'serviceCode' | 'roleName' | 'roleCode'>
>[] = [
  { id: 'service', label: 'Service', width: 26, format: 'text', ...field('serviceName'), isShown: true },
  {
    id: 'servicekode',
    label: 'Servicekode',
    width: 14,
    format: 'code',
    ...field('serviceCode'),
    isShown: false,
  },
  { id: 'rolle', label: 'Rolle', width: 28, format: 'text', ...field('roleName'), isShown: true },
  { id: 'rollekode', label: 'Rollekode', width: 20, format: 'code', ...field('roleCode'), isShown: false },
];

export const placeColumns: readonly Column<Pick<AssignmentCells, 'roleCode' | 'sorCode' | 'unitName' | 'scope'>>[] = [
  {
    id: 'enhed',
    label: 'SOR-enhed',
    width: 28,
    format: 'text',
    ...reading({ roleCode: true, sorCode: true, unitName: true }, unitText),
    isShown: true,
  },
  { id: 'sor', label: 'SOR-kode', width: 19, format: 'code', ...field('sorCode'), isShown: true },
  {
    id: 'omfang',
    label: 'Omfang',
    width: 24,
    format: 'text',
    ...reading<Pick<AssignmentCells, 'scope' | 'sorCode'>>({ scope: true, sorCode: true }, (row) =>
      row.scope === null || row.sorCode === null ? null : scopeNames[row.scope],
    ),
    isShown: false,
  },
];

function unitText({
  roleCode,
  sorCode,
  unitName,
}: Pick<AssignmentCells, 'roleCode' | 'sorCode' | 'unitName'>): string | null {
  if (roleCode === null) return null;
  return sorCode === null ? notRelevant : unitName;
}

export const periodColumns: readonly Column<Pick<AssignmentCells, 'startsAt' | 'endsAt'>>[] = [
  {
    id: 'fra',
    label: 'Fra',
    width: 12,
    format: 'date',
    ...reading<Pick<AssignmentCells, 'startsAt'>>({ startsAt: true }, ({ startsAt }) =>
      startsAt === null ? null : dayAt(startsAt),
    ),
    isShown: true,
  },
  {
    id: 'til',
    label: 'Til og med',
    width: 12,
    format: 'date',
    ...reading<Pick<AssignmentCells, 'endsAt'>>({ endsAt: true }, ({ endsAt }) =>
      endsAt === null ? null : lastDayBefore(endsAt),
    ),
    isShown: true,
  },
];

export const assignmentColumns: readonly Column<AssignmentCells>[] = [
  ...roleColumns,
  ...placeColumns,
  ...periodColumns,
  { id: 'begrundelse', label: 'Begrundelse', width: 30, format: 'text', ...field('reason'), isShown: false },
  { id: 'sagsnummer', label: 'Sagsnummer', width: 16, format: 'code', ...field('caseNumber'), isShown: false },
  { id: 'tildelt-af', label: 'Tildelt af', width: 24, format: 'text', ...field('givenBy'), isShown: false },
];
