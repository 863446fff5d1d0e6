import { sentenceOf } from '../audit/events.ts';
import { notAboutAdministrators } from '../audit/log.queries.ts';
import { isoMoment } from '../db/moments.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, sql } from '../db/sql.ts';
import type { Column, Order, Within } from './report.ts';

// The columns that reports out of the log share. In SQL the event is `e`.

export type EventCells = {
  at: string;
  kind: string;
  detail: unknown;
  actorName: string;
  actorRole: string;
  onBehalf: boolean;
  targetName: string | null;
  reference: string | null;
};

export const eventSelect = sql`${isoMoment(sql`e.at`)} as at, e.kind, e.detail, e.actor_name as "actorName", e.actor_role as "actorRole",
  e.on_behalf as "onBehalf", e.target_name as "targetName", e.request_id as reference`;

export const eventColumns: readonly Column<EventCells>[] = [
  { id: 'tidspunkt', label: 'Tidspunkt', width: 18, format: 'dateTime', value: (row) => row.at, isShown: true },
  { id: 'haendelse', label: 'Hændelse', width: 80, format: 'text', value: sentence, isShown: true },
  { id: 'udfoert-af', label: 'Udført af', width: 24, format: 'text', value: (row) => row.actorName, isShown: true },
  { id: 'i-rollen', label: 'I rollen', width: 24, format: 'text', value: roleText, isShown: false },
  { id: 'paa', label: 'På', width: 24, format: 'text', value: (row) => row.targetName, isShown: true },
  { id: 'slags', label: 'Slags', width: 22, format: 'code', value: (row) => row.kind, isShown: false },
  {
    id: 'reference',
    label: 'Referencenummer',
    width: 16,
    format: 'code',
    value: (row) => row.reference,
    isShown: false,
  },
];

function sentence(row: EventCells): string {
  const actor = row.onBehalf ? `${row.actorName} (på organisationens vegne)` : row.actorName;
  return sentenceOf(row.kind, row.detail, { actor, target: row.targetName ?? 'ukendt' });
}

const roleWords: Record<string, string> = {
  systemOwner: 'Systemejer',
  servicedesk: 'Servicedesk',
  organisationAdministrator: 'Organisationsadministrator',
  userAdministrator: 'Brugeradministrator',
  readOnlyAdministrator: 'Read-only administrator',
  user: 'Bruger',
  system: 'SEB',
};

function roleText({ actorRole }: EventCells): string {
  return roleWords[actorRole] ?? actorRole;
}

/** Newest first; the log's own order is that of its numbers. */
export const eventOrders: readonly [Order] = [
  {
    id: 'tidspunkt',
    label: 'Tidspunkt',
    column: 'tidspunkt',
    keys: [{ expression: sql`e.id`, type: 'number' }],
    isDescending: true,
  },
];

type Period = { fra: string | null; til: string | null };

/** Changes of the organisation in a period: no logins, no readings, nothing that was refused. */
export function changesWithin(
  { fra, til }: Period,
  { organisationId, limit, readerId }: Within & { organisationId: number },
): Sql {
  return joinSql(
    [
      sql`e.organisation_id = ${organisationId}::int and e.kind not like all (array['signIn.%', 'session.%', 'report.%', 'change.%'])`,
      ...(fra === null ? [] : [sql`e.at >= (${fra}::text::date)::timestamp at time zone 'Europe/Copenhagen'`]),
      ...(til === null ? [] : [sql`e.at < (${til}::text::date + 1)::timestamp at time zone 'Europe/Copenhagen'`]),
      ...(limit === 'withoutAddressesAndAdministrators' ? [notOnAdministrators(readerId)] : []),
    ],
    ' and ',
  );
}

// As the log withholds it; one's own everybody may see.
function notOnAdministrators(readerId: number): Sql {
  return sql`(e.target_user_id = ${readerId}::int or ${notAboutAdministrators})`;
}
