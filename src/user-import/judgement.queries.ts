import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { noSql, sql } from '../db/sql.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { decide } from '../permissions/can.ts';
import { serviceLimit } from '../permissions/service-limit.ts';
import { isOfServices } from '../role-assignments/service-limit.queries.ts';
import { isAdministratorAnywhere, isLockedNow } from '../users/users.queries.ts';
import type { KnownRole, TypedRole } from './roles-typed.ts';
import { resolveRoles } from './roles-typed.ts';

/** The rows of some RIDs, or all. */
export type JudgedImport = { id: number; organisationId: number; cvr: string; rids: string[] | null };

/** What the texts in the column Rolle mean in this organisation now, to this administrator. */
export async function listTypedRoles(
  db: ReadDb,
  { id, organisationId, rids }: JudgedImport,
  actor: Actor,
): Promise<TypedRole[]> {
  const texts = await db.rows<{ text: string }>(sql`
    select distinct role_text as text from user_import_row
    where import_id = ${id}::int and role_text is not null ${ofRids(sql`rid`, rids)}`);
  const roles = await db.rows<KnownRole>(sql`
    select r.id, r.code, r.name, s.code as service, s.name as "serviceName",
      ${isOfServices(serviceLimit(actor, organisationId), sql`s.id`)} as "isWithinArea"
    from organisation_role o join role r on r.id = o.role_id join service s on s.id = r.service_id
    where o.organisation_id = ${organisationId}::int and o.withdrawn_at is null and r.retired_at is null and s.retired_at is null`);
  return resolveRoles(
    texts.map((row) => row.text),
    roles,
  );
}

/** Narrows a statement to the RIDs of one portion. */
export function ofRids(rid: Sql, rids: string[] | null): Sql {
  return rids === null ? noSql : sql`and ${rid} = any (${rids}::text[])`;
}

/** Why this actor may change no administrator by an import; null when nothing is in the way (permissions, condition 1). */
function reasonAgainstAdministrators(actor: Actor, organisationId: number): string | null {
  const decision = decide(actor, 'user.import', { organisationId, user: { id: 0, isAdministrator: true } });
  return decision.allowed ? null : decision.reason;
}

/** Of one role at one place; each is given in a round of its own. */
export const mostPeriods = 20;

const midnight = (day: Sql): Sql => sql`(${day}::timestamp at time zone 'Europe/Copenhagen')`;

/**
 * What each row would do now, in one statement for all rows (or those of some RIDs): line, kind, reason, about, user_id,
 * role_id, gives_role, is_leader, person, changes, and what `notedRows` reads. Rows of one RID are judged together: the first
 * good one is the leader and carries the user, each one carries its own role.
 */
export function judgedRows({ id, organisationId, cvr, rids }: JudgedImport, roles: TypedRole[], actor: Actor): Sql {
  const refusal = reasonAgainstAdministrators(actor, organisationId);
  // With the RIDs named once more the index finds their users, where else all of the organisation would be gone through.
  const isUserOf = (rid: Sql): Sql =>
    sql`u.organisation_id = ${organisationId}::int and u.rid = ${rid} and u.deleted_at is null ${ofRids(sql`u.rid`, rids)}`;
  return sql`
    with given as materialized (
      select t.line, t.rid, t.first_name, t.last_name, t.email, t.address, t.postcode, t.city, t.phone, t.remark, t.role_text,
        t.sor_code, t.scope, t.starts_on, t.ends_on, t.fault, typed.id as wanted_role, typed.fault as role_fault, u.id as found_id, ${isLockedNow} as is_locked,
        ${isAdministratorAnywhere} as is_administrator, r.needs_sor, su.name as unit_name,
        su.code is not null and su.owner_cvr = ${cvr} as unit_is_own, coalesce(su.closed_on < danish_today(), false) as unit_is_closed,
        coalesce(t.ends_on < danish_today(), false) as is_past,
        case when t.ends_on < danish_today() then coalesce(${midnight(sql`t.starts_on`)}, '-infinity')
          when t.starts_on > danish_today() then ${midnight(sql`t.starts_on`)} else now() end as begins,
        ${midnight(sql`(t.ends_on + 1)`)} as ends
      from user_import_row t
        left join jsonb_to_recordset(${JSON.stringify(roles)}::jsonb) as typed (text text, id int, fault text) on typed.text = t.role_text
        left join role r on r.id = typed.id
        left join sor_unit su on su.code = t.sor_code
        left join app_user u on ${isUserOf(sql`t.rid`)}
      where t.import_id = ${id}::int ${ofRids(sql`t.rid`, rids)}),
    -- The same role at the same place for the same RID, earlier in the file and at the same time.
    compared as materialized (
      select g.*, first_value(line) over same as first_line, row_number() over same as nth,
        row_number() over same > 1 and coalesce(max(coalesce(ends, 'infinity')) over (same rows between unbounded preceding and 1 preceding) > begins, false) as is_twin,
        (scope, starts_on, ends_on) is not distinct from (first_value(scope) over same, first_value(starts_on) over same, first_value(ends_on) over same) as is_same_twin,
        (select jsonb_build_object('scope', h.scope, 'from', (h.valid_from at time zone 'Europe/Copenhagen')::date,
            'to', ((h.valid_to - interval '1 millisecond') at time zone 'Europe/Copenhagen')::date)
          from role_assignment h
          where h.user_id = g.found_id and h.role_id = g.wanted_role and coalesce(h.sor_code, '0') = coalesce(g.sor_code, '0')
            and tstzrange(h.valid_from, h.valid_to) && tstzrange(g.begins, g.ends)
          order by h.valid_from limit 1) as held
      from given g
      window same as (partition by rid, wanted_role, coalesce(sor_code, '0'), fault is null and role_fault is null and wanted_role is not null order by begins, line)),
    roles_judged as materialized (
      select c.*, case
          when fault is not null then 'typed'
          when role_text is null then null
          when role_fault is not null then 'role'
          when needs_sor and sor_code is null then 'roleNeedsUnit'
          when not needs_sor and sor_code is not null then 'roleWithoutUnit'
          when needs_sor and not unit_is_own then 'unitUnknown'
          when needs_sor and scope is null then 'roleNeedsScope'
          when held is not null and ((needs_sor and held ->> 'scope' <> scope::text)
            or (held ->> 'to')::date is distinct from ends_on
            or (starts_on is not null and (held ->> 'from')::date <> starts_on and starts_on >= danish_today())) then 'thereOtherwise'
          when held is not null then 'there'
          when is_twin and is_same_twin then 'twin'
          when is_twin then 'overlaps'
          when nth > ${mostPeriods}::int then 'tooMany'
          when is_past then 'stopPassed'
          when starts_on < danish_today() then 'startPassed'
          when unit_is_closed then 'unitClosed'
          when found_id = ${actor.userId}::int then 'oneself'
          when is_administrator and ${refusal}::text is not null then 'administrator'
          when is_locked then 'locked'
        end as role_reason
      from compared c),
    parted as materialized (
      select p.*, role_reason is null or role_reason in ('there', 'thereOtherwise', 'twin') as is_good,
        role_reason is null and role_text is not null as gives
      from roles_judged p),
    people as materialized (
      select rid, min(line) as leader, max(found_id) as found_id, bool_or(is_administrator) as is_administrator,
        ${firstTold(sql`first_name`)} as first_name, ${firstTold(sql`last_name`)} as last_name, ${firstTold(sql`email`)} as email,
        ${firstTold(sql`address`)} as address, ${firstTold(sql`postcode`)} as postcode, ${firstTold(sql`city`)} as city,
        ${firstTold(sql`phone`)} as phone, ${firstTold(sql`remark`)} as remark
      from parted where is_good group by rid),
    compared_people as materialized (
      select p.*, coalesce(difference.changes, '{}') as changes,
        case when p.found_id is null and (p.first_name is null or p.last_name is null or p.email is null) then 'incomplete'
          when difference.changes is null then null
          when p.found_id = ${actor.userId}::int then 'oneself'
          when p.is_administrator and ${refusal}::text is not null then 'administrator'
          when p.is_administrator and difference.changes ? 'email' and ${reachesFurther(actor, organisationId)} then 'reachesFurther' end as person_reason,
        jsonb_build_object('rid', p.rid, 'firstName', p.first_name, 'lastName', p.last_name, 'email', p.email, 'address', p.address,
          'postcode', p.postcode, 'city', p.city, 'phone', p.phone, 'remark', p.remark) as person,
        count(*) over (partition by lower(p.email)) > 1 and p.email is not null as shares_in_file,
        p.found_id is distinct from ${actor.userId}::int
          and (search_fold(coalesce(p.first_name, u.first_name::text) || ' ' || coalesce(p.last_name, u.last_name::text)) = search_fold(${fullName(actor)}::text)
            or search_fold(coalesce(p.email, u.email)) = search_fold(${actor.email}::text)) as is_namesake
      from people p
        left join app_user u on ${isUserOf(sql`p.rid`)}
        left join lateral (
          select jsonb_object_agg(f.name, jsonb_build_object('from', f.was, 'to', f.becomes)) as changes
          from (values ('firstName', u.first_name collate "C", p.first_name), ('lastName', u.last_name, p.last_name), ('email', u.email, p.email),
            ('address', u.address, p.address), ('postcode', u.postcode, p.postcode), ('city', u.city, p.city),
            ('phone', u.phone, p.phone), ('remark', u.remark, p.remark)) as f (name, was, becomes)
          where u.id is not null and f.becomes is not null and f.becomes is distinct from f.was) difference on true),
    verdicts as materialized (
      select r.*, p.person, p.changes, p.person_reason, p.shares_in_file, p.leader, p.is_namesake,
        r.is_good and r.line = p.leader as leads,
        case when not r.is_good then 'ERROR'
          when p.person_reason = 'incomplete' then 'ERROR'
          when p.person_reason is not null and r.line = p.leader then 'ERROR'
          when r.found_id is null and (r.line = p.leader or r.gives) then 'NEW'
          when (r.line = p.leader and p.changes <> '{}') or r.gives then 'CHANGED'
          else 'SAME' end as verdict
      from parted r left join compared_people p on p.rid = r.rid)
    select v.line, v.verdict as kind,
      case when v.verdict = 'ERROR' then coalesce(case when v.is_good then v.person_reason end, v.role_reason)
        when not v.leads and v.role_text is null then 'twin' else v.role_reason end as reason,
      case coalesce(case when v.verdict = 'ERROR' and v.is_good then v.person_reason end, v.role_reason)
        when 'typed' then v.fault when 'role' then v.role_fault when 'unitUnknown' then v.sor_code when 'unitClosed' then v.unit_name
        when 'overlaps' then v.first_line::text when 'twin' then v.first_line::text when 'administrator' then ${refusal}::text
        else case when not v.leads and v.role_text is null then v.leader::text end end as about,
      case when v.verdict <> 'ERROR' then v.found_id end as user_id,
      case when v.verdict in ('NEW', 'CHANGED') and v.gives then v.wanted_role end as role_id,
      v.verdict in ('NEW', 'CHANGED') and v.gives as gives_role,
      v.verdict in ('NEW', 'CHANGED') and v.leads and (v.found_id is null or v.changes <> '{}') as is_leader,
      case when v.verdict in ('NEW', 'CHANGED') and v.leads then v.person end as person,
      case when v.verdict = 'CHANGED' and v.leads then v.changes else '{}' end as changes,
      v.shares_in_file, v.is_namesake
    from verdicts v`;
}

/**
 * Runs a statement with `judgedRows` in it. Nothing is known of how many rows were just written, so PostgreSQL would go
 * through all of them once for each; it is told to compare by hashes (20,000 rows: seconds instead of hours).
 */
export async function inOneGo<Result>(db: ReadDb, work: () => Promise<Result>): Promise<Result> {
  await db.rows(sql`select set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)`);
  const result = await work();
  await db.rows(sql`select set_config('enable_nestloop', 'on', true)`);
  return result;
}

/** A new address is a way into all that the account reaches: as `refuseTakingOverMore` judges it where one user is edited. */
function reachesFurther({ systemRoles, administrations }: Actor, organisationId: number): Sql {
  const own = administrations.filter(({ kind }) => kind === 'ORGANISATION').map((held) => held.organisationId);
  return sql`(exists (select from system_role x where x.user_id = p.found_id and not x.kind::text = any (${systemRoles}::text[]))
    or exists (select from administrator x where x.user_id = p.found_id and x.organisation_id <> ${organisationId}::int
      and (x.valid_to is null or x.valid_to > now()) and not x.organisation_id = any (${own}::int[])))`;
}

/** The first row of a RID that tells a field decides; rows that tell it differently were refused as they were read. */
function firstTold(field: Sql): Sql {
  return sql`(array_agg(${field} order by line) filter (where ${field} is not null))[1]`;
}
