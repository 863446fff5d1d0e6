import type { ActorOnRecord } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { sql } from '../db/sql.ts';
import type { ActorKind } from '../permissions/rules.ts';
import { endOf } from '../role-assignments/period.queries.ts';

export type Ending = {
  roleIds: number[];
  organisationIds: number[];
  /** The last day that users keep what they have, yyyy-mm-dd; null ends it at once. */
  lastDay: string | null;
  reason: string;
  as: ActorKind;
  onRecord: ActorOnRecord;
};

export type Ended = { organisationId: number; assignments: number; users: number };

/**
 * Ends what users hold of the roles, in all organisations at once, with a log line for each of them: at once, or with the last
 * day. What would begin after that day never begins. @returns what it meant for each organisation
 */
export async function endAssignments(tx: Tx, ending: Ending): Promise<Ended[]> {
  const { lastDay } = ending;
  const until = endOf({ start: null, stop: lastDay });
  const ended = await tx.rows<Held>(endNow(ending, lastDay === null ? sql`true` : sql`g.valid_from >= ${until}`));
  const shortened = lastDay === null ? [] : await tx.rows<Held>(shorten(ending, until));
  const byOrganisation = Map.groupBy([...ended, ...shortened], (row) => row.organisationId);
  return [...byOrganisation].map(([organisationId, rows]) => ({
    organisationId,
    assignments: rows.length,
    users: new Set(rows.map((row) => row.userId)).size,
  }));
}

type Held = { organisationId: number; userId: number };

const isMeant = ({ roleIds, organisationIds }: Ending): Sql => sql`
  g.organisation_id = any (${organisationIds}::int[]) and g.role_id = any (${roleIds}::int[])
  and g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now())`;

const eventColumns = sql`(kind, organisation_id, organisation_name, actor_kind, actor_user_id, actor_name, actor_role,
  target_user_id, target_name, detail, request_id, network_address)`;

/** What is told of each assignment `e`, whatever happens to it. */
const told = ({ reason }: Ending): Sql => sql`
  jsonb_build_object('assignmentId', e.id, 'role', r.code, 'roleName', r.name, 'service', s.code, 'reason', ${reason}::text)`;

const names = sql`join organisation o on o.id = e.organisation_id join app_user u on u.id = e.user_id
  join role r on r.id = e.role_id join service s on s.id = r.service_id left join sor_unit su on su.code = e.sor_code`;

function author({ onRecord, as }: Ending): Sql {
  return sql`'PERSON', ${onRecord.userId}::int, ${onRecord.name}::text, ${as}::text`;
}

function endNow(ending: Ending, condition: Sql): Sql {
  const { requestId, networkAddress } = ending.onRecord;
  return sql`
    with ended as (
      update role_assignment g set valid_to = greatest(g.valid_from, now()), withdrawn_at = now(), version = g.version + 1
      where ${isMeant(ending)} and ${condition}
      returning g.id, g.organisation_id, g.user_id, g.role_id, g.sor_code, g.scope),
    logged as (
      insert into audit_event ${eventColumns}
      select 'role.withdrawn', o.id, o.name, ${author(ending)}, u.id, u.first_name || ' ' || u.last_name,
        ${told(ending)} || jsonb_build_object('sorCode', e.sor_code, 'unitName', su.name, 'scope', e.scope),
        ${requestId}::text, ${networkAddress}::text
      from ended e ${names})
    select organisation_id as "organisationId", user_id as "userId" from ended`;
}

function shorten(ending: Ending, until: Sql): Sql {
  const { requestId, networkAddress } = ending.onRecord;
  const day = (moment: Sql): Sql => sql`to_char(${moment} at time zone 'Europe/Copenhagen', 'YYYY-MM-DD')`;
  const terms = (end: Sql): Sql => sql`
    jsonb_build_object('sorCode', e.sor_code, 'unitName', su.name, 'scope', e.scope, 'startsOn', ${day(sql`e.valid_from`)},
      'endsOn', ${day(sql`(${end} - interval '1 millisecond')`)})`;
  return sql`
    with ended as (
      update role_assignment g set valid_to = ${until}, version = g.version + 1
      where ${isMeant(ending)} and (g.valid_to is null or g.valid_to > ${until})
      returning g.id, g.organisation_id, g.user_id, g.role_id, g.sor_code, g.scope, g.valid_from, old.valid_to as before, new.valid_to as after),
    logged as (
      insert into audit_event ${eventColumns}
      select 'role.assignmentChanged', o.id, o.name, ${author(ending)}, u.id, u.first_name || ' ' || u.last_name,
        ${told(ending)} || jsonb_build_object('from', ${terms(sql`e.before`)}, 'to', ${terms(sql`e.after`)}),
        ${requestId}::text, ${networkAddress}::text
      from ended e ${names})
    select organisation_id as "organisationId", user_id as "userId" from ended`;
}
