import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { noSql, sql } from '../db/sql.ts';
import type { Batch } from './batch.ts';

export const givenKinds = sql`array['role.assigned', 'role.selfAssigned', 'role.namesakeAssigned']`;
/** The events that are rows of a batch. */
export const entryKinds = sql`(${givenKinds} || array['role.withdrawn', 'role.assignmentChanged', 'user.created', 'user.edited'])`;

export const batchesPerPage = 25;

/** The events `e` of requests, one line a request that changed roles or brought users in from Excel. */
function batchesOf(organisationId: number, events: Sql): Sql {
  return sql`
    select b.*, (select coalesce(sum((x.detail ->> 'withdrawn')::int + (x.detail ->> 'assigned')::int + (x.detail ->> 'changedBack')::int), 0)::int
        from audit_event x where x.organisation_id = ${organisationId}::int and x.kind = 'batch.undone'
          and x.detail ->> 'batch' = b.reference) as "undoneRows"
    from (
      select e.request_id as reference, min(e.actor_user_id) as "actorUserId", min(e.actor_name) as "actorName", min(e.at) as at, max(e.at) as "lastAt",
        min(e.id) as first_id, min(e.id)::text as "firstEventId",
        max(e.at) > now() - interval '24 hours' as "isRecent",
        count(*) filter (where e.kind = any (${givenKinds}))::int as given,
        count(*) filter (where e.kind = 'role.withdrawn')::int as withdrawn,
        count(*) filter (where e.kind = 'role.assignmentChanged')::int as changed,
        count(*) filter (where e.kind = 'user.created')::int as created,
        count(*) filter (where e.kind = 'user.edited')::int as edited,
        count(distinct e.target_user_id) filter (where e.kind = any (${entryKinds}))::int as users,
        case when min(e.detail ->> 'roleName') = max(e.detail ->> 'roleName') then min(e.detail ->> 'roleName') end as "roleName",
        bool_or(e.kind = 'user.cloned') as "isClone", bool_or(e.kind in ('user.imported', 'user.created')) as "isImport",
        bool_or(e.kind = 'user.deleted') as "isDeletion",
        min(e.detail ->> 'batch') filter (where e.kind = 'batch.undone') as undid
      from audit_event e where e.organisation_id = ${organisationId}::int and e.actor_kind = 'PERSON' and ${events}
      group by e.request_id
      having bool_or(e.kind like 'role.%' or e.kind = 'user.imported')) b`;
}

/** A request's changes here by its reference; null for one that is not of this organisation or changed no role. */
export async function findBatch(db: ReadDb, organisationId: number, reference: string): Promise<Batch | null> {
  const [batch] = await db.rows<Batch>(batchesOf(organisationId, sql`e.request_id = ${reference}::text`));
  return batch ?? null;
}

/** The person's changes here in the last 24 hours, newest first; one more than a page. `before` is an event's id. */
export function listBatches(
  db: ReadDb,
  organisationId: number,
  actorUserId: number,
  before: string | null,
): Promise<Batch[]> {
  // The newest older event is found at once by walking the person's events backwards; what is after it is all there is to read.
  const recent = sql`e.actor_user_id = ${actorUserId}::int and e.request_id is not null
    and e.id > coalesce((select max(o.id) from audit_event o
      where o.actor_user_id = ${actorUserId}::int and o.at <= now() - interval '24 hours'), 0)`;
  return db.rows<Batch>(sql`
    ${batchesOf(organisationId, recent)} ${before === null ? noSql : sql`where b.first_id < ${before}::bigint`}
    order by b.first_id desc limit ${batchesPerPage + 1}::int`);
}

export type Undoing = { reference: string; at: Date };

/** When the batch was undone, and by which requests; newest first. */
export function listUndoings(db: ReadDb, organisationId: number, reference: string): Promise<Undoing[]> {
  return db.rows<Undoing>(sql`
    select request_id as reference, at from audit_event
    where organisation_id = ${organisationId}::int and kind = 'batch.undone' and detail ->> 'batch' = ${reference}::text
    order by audit_event.id desc limit 20`);
}

/** Whether a job still carries the request on: more of its changes are to come. */
export async function isUnderWay(db: ReadDb, organisationId: number, reference: string): Promise<boolean> {
  const [row] = await db.rows<{ underWay: boolean }>(sql`
    select exists (select from user_import where organisation_id = ${organisationId}::int and request_id = ${reference}::text
        and state = 'QUEUED')
      or exists (select from bulk_order where organisation_id = ${organisationId}::int and request_id = ${reference}::text
        and state = 'QUEUED') as "underWay"`);
  return row?.underWay === true;
}
