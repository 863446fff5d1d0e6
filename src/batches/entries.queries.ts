import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, noSql, sql } from '../db/sql.ts';
import type { Cursor } from '../http/keyset.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { isLockedNow } from '../users/users.queries.ts';
import type { Entry } from './batch.ts';
import { entryKinds, givenKinds } from './batches.queries.ts';

export const entriesPerPage = 50;

/** One page of a batch's rows by the users' names, one more than shown. */
export async function listEntries(
  db: ReadDb,
  organisation: AddressedOrganisation,
  reference: string,
  cursor: Cursor | null,
): Promise<Entry[]> {
  const backwards = cursor?.direction === 'before';
  const [name = '', eventId = '0'] = cursor?.values ?? [];
  const key = sql`(e.target_name collate "da-x-icu", e.id)`;
  const beyond =
    cursor === null
      ? noSql
      : sql`and ${key} ${backwards ? sql`<` : sql`>`} (${name}::text collate "da-x-icu", ${eventId}::bigint)`;
  const way = backwards ? sql`desc` : sql`asc`;
  const order = sql`order by e.target_name collate "da-x-icu" ${way}, e.id ${way}`;
  const chosen = sql`${beyond} ${order} limit ${entriesPerPage + 1}::int`;
  const entries = await db.rows<Entry>(sql`${entriesOf(organisation, reference, chosen)} ${order}`);
  return backwards ? entries.toReversed() : entries;
}

/** All rows of a batch, without what only a page shows of them: of a large change they are some hundred thousand. */
export function listAllEntries(db: ReadDb, organisation: AddressedOrganisation, reference: string): Promise<Entry[]> {
  return db.rows<Entry>(sql`
    select "eventId", kind, "userId", '' as "userName", "assignmentId", "roleId", "serviceId", null as detail, gives, "isUndone", fault,
      null as "laterKind", null as "laterBy", null as "laterAt"
    from (${entriesOf(organisation, reference, noSql)}) e order by "eventId"::bigint`);
}

/**
 * The rows of a batch with what has become of each since: whether it is undone already, and what stands in the way of
 * undoing it, apart from rights. One statement for thousands of rows; `chosen` narrows the events that are rows.
 */
function entriesOf({ id, cvr }: AddressedOrganisation, reference: string, chosen: Sql): Sql {
  const ofBatch = sql`e.organisation_id = ${id}::int and e.request_id = ${reference}::text and e.actor_kind = 'PERSON'`;
  return sql`
    with events as materialized (
      select e.id, e.target_user_id, e.target_name, e.detail, (e.detail ->> 'assignmentId')::int as assignment_id,
        e.detail -> 'from' as f, e.detail -> 'to' as t,
        case when e.kind = any (${givenKinds}) then 'GIVEN' when e.kind = 'role.withdrawn' then 'WITHDRAWN'
          when e.kind = 'role.assignmentChanged' then 'CHANGED' when e.kind = 'user.created' then 'CREATED' else 'EDITED' end as kind
      from audit_event e where ${ofBatch} and e.kind = any (${entryKinds}) ${chosen}),
    -- What the batch gave and nobody has touched goes when it is undone, and is in nobody's way.
    leaving as materialized (
      select g.id from audit_event e join role_assignment g on g.id = (e.detail ->> 'assignmentId')::int
      where ${ofBatch} and e.kind = any (${givenKinds}) and g.version = 1 and g.withdrawn_at is null),
    undoings as materialized (
      select x.request_id from audit_event x
      where x.organisation_id = ${id}::int and x.kind = 'batch.undone' and x.detail ->> 'batch' = ${reference}::text)
    select e.id::text as "eventId", e.kind, e.target_user_id as "userId", e.target_name as "userName",
      e.assignment_id as "assignmentId", g.role_id as "roleId", r.service_id as "serviceId", e.detail, w.gives,
      case when e.kind = 'WITHDRAWN' then exists (select from role_assignment x where x.restores_id = g.id)
        else coalesce(later.request_id in (select request_id from undoings), false) end as "isUndone",
      later.kind as "laterKind", later.actor_name as "laterBy", later.at as "laterAt", ${faultOf(cvr)} as fault
    from events e
      join app_user u on u.id = e.target_user_id
      left join role_assignment g on g.id = e.assignment_id and g.organisation_id = ${id}::int and g.user_id = u.id
      left join organisation_role o on o.organisation_id = g.organisation_id and o.role_id = g.role_id
      left join role r on r.id = g.role_id
      left join service s on s.id = r.service_id
      left join sor_unit su on su.code = case when e.kind = 'CHANGED' then e.f ->> 'sorCode' else g.sor_code end
      left join lateral (
        select l.id, l.kind, l.actor_name, l.at, l.request_id from audit_event l
        where l.target_user_id = e.target_user_id and l.id > e.id and l.kind in ('role.withdrawn', 'role.assignmentChanged')
          and l.detail ->> 'assignmentId' = e.detail ->> 'assignmentId'
        order by l.id desc limit 1) later on true
      cross join lateral (select ${givesSomething} as gives) w
      cross join lateral (select ${startsAgain} as starts, ${endsAgain} as ends) p`;
}

// As isWider of assignment-terms.forms.ts, from the terms now to those before.
const givesSomething = sql`(e.kind = 'WITHDRAWN' or e.kind = 'CHANGED' and (
  e.f ->> 'sorCode' is distinct from e.t ->> 'sorCode'
  or (e.f ->> 'scope' <> e.t ->> 'scope' and e.f ->> 'scope' = 'UNIT_AND_SUBUNITS')
  or e.f ->> 'startsOn' < e.t ->> 'startsOn'
  or coalesce(e.f ->> 'endsOn', 'never') > coalesce(e.t ->> 'endsOn', 'never')))`;

/** The first moment that the assignment `g` would have again. */
export const startsAgain = sql`(case when e.kind = 'CHANGED' and e.f ->> 'startsOn' = e.t ->> 'startsOn' then g.valid_from
  when e.kind = 'CHANGED' then greatest((e.f ->> 'startsOn')::date::timestamp at time zone 'Europe/Copenhagen', now())
  else greatest(g.valid_from, now()) end)::timestamptz(3)`;

/** The moment after its last one; a date that was not changed keeps its moment, which may lie within a day. */
export const endsAgain = sql`(case when e.kind = 'CHANGED' and e.f ->> 'endsOn' is not distinct from e.t ->> 'endsOn' then g.valid_to
  when e.kind = 'CHANGED' then ((e.f ->> 'endsOn')::date + 1)::timestamp at time zone 'Europe/Copenhagen'
  else nullif(g.end_before, 'infinity') end)::timestamptz(3)`;

const dayOf = (moment: Sql): Sql => sql`to_char(${moment} at time zone 'Europe/Copenhagen', 'YYYY-MM-DD')`;

const isAsChanged = sql`(g.sor_code is not distinct from e.t ->> 'sorCode' and g.scope::text = e.t ->> 'scope'
  and ${dayOf(sql`g.valid_from`)} = e.t ->> 'startsOn'
  and ${dayOf(sql`(g.valid_to - interval '1 millisecond')`)} is not distinct from e.t ->> 'endsOn')`;

const isHeldAgain = sql`exists (select from role_assignment h
  where h.user_id = g.user_id and h.role_id = g.role_id and h.id <> g.id and coalesce(h.sor_code, '0') = coalesce(su.code, '0')
    and (h.valid_to is null or h.valid_to > h.valid_from) and h.valid_from < coalesce(p.ends, 'infinity')
    and coalesce(h.valid_to, 'infinity') > p.starts and h.id not in (select id from leaving))`;

/** The first thing that stands in the way, of what a person would look for first. */
function faultOf(cvr: string): Sql {
  const givingFaults = sql`
    when w.gives and ${isLockedNow} then 'userLocked'
    when w.gives and (o.withdrawn_at is not null or r.retired_at is not null or s.retired_at is not null
      or r.needs_sor <> (su.code is not null)) then 'roleNotGivable'
    when w.gives and su.code is not null and (su.owner_cvr <> ${cvr}::text or coalesce(su.closed_on < danish_today(), false)) then 'unitClosed'
    when ${isHeldAgain} then 'heldAgain'`;
  const parts = [
    sql`when e.kind = 'CREATED' then 'created' when e.kind = 'EDITED' then 'edited'
      when u.deleted_at is not null then 'userDeleted' when g.id is null then 'changed'`,
    sql`when e.kind = 'GIVEN' then case
      when g.withdrawn_at is not null or g.version <> 1 or later.id is not null then 'changed'
      when g.valid_to <= now() then 'over' end`,
    sql`when e.kind = 'CHANGED' then case
      when g.withdrawn_at is not null or later.id is not null or not ${isAsChanged} then 'changed'
      when g.valid_to <= now() then 'over'
      when e.f ->> 'startsOn' <> e.t ->> 'startsOn' and g.valid_from <= now() then 'hasBegun'
      when (e.f ->> 'endsOn')::date < danish_today() then 'oldEndPassed' ${givingFaults} end`,
    sql`else case
      when g.end_before is null then 'endUnknown' when g.end_before <= now() then 'over' ${givingFaults} end`,
  ];
  return sql`case ${joinSql(parts, ' ')} end`;
}
