import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';

/** So many sealed events are read at a time: some megabytes. */
export const chunkSize = 10_000;

export type SealedEvent = { seq: string; eventId: string; hash: Buffer; content: string | null };

/**
 * The next sealed events with everything that each says today; null where the event is gone. Written out here, and not taken
 * from the database's own function, which somebody who changed the log could have changed too.
 */
export function listSealed(db: ReadDb, after: bigint, upTo: bigint): Promise<SealedEvent[]> {
  return db.rows<SealedEvent>(sql`
    select c.seq::text, c.event_id::text as "eventId", c.hash, case when e.id is not null then
      jsonb_build_array(e.id, (extract(epoch from e.at) * 1000000)::bigint, e.transaction_id::text, e.kind, e.organisation_id,
        e.organisation_name, e.actor_kind, e.actor_user_id, e.actor_name, e.actor_role, e.on_behalf, e.target_user_id, e.target_name,
        e.detail, e.request_id, e.network_address)::text end as content
    from audit_chain c left join audit_event e on e.id = c.event_id
    where c.seq > ${after}::bigint and c.seq <= ${upTo}::bigint
    order by c.seq limit ${chunkSize}::int`);
}

export type StoredRoot = {
  day: string;
  lastSeq: string;
  lastEventId: string;
  hash: string;
  statement: string;
  signature: Buffer;
  keyId: string;
  closedAt: Date;
};

const rootColumns = sql`day::text, last_seq::text as "lastSeq", last_event_id::text as "lastEventId", encode(hash, 'hex') as hash,
  statement, signature, key_id as "keyId", closed_at as "closedAt"`;

/** All roots, the first day first: one a day, so that ten years are few megabytes. */
export function listRoots(db: ReadDb): Promise<StoredRoot[]> {
  return db.rows<StoredRoot>(sql`select ${rootColumns} from audit_root order by audit_root.day`);
}

/** The roots of the last month, the latest first. */
export function listRecentRoots(db: ReadDb): Promise<StoredRoot[]> {
  return db.rows<StoredRoot>(sql`select ${rootColumns} from audit_root order by audit_root.day desc limit 31`);
}

export type SealState = {
  lastSeq: string;
  markId: string;
  /** The first moment of the day that is not closed. */
  openSince: Date;
  lowestId: string;
  highestId: string;
  /** Events that are not sealed yet, counted to a limit. */
  waiting: number;
  oldestWaiting: Date | null;
};

export async function readSealState(db: ReadDb): Promise<SealState> {
  const [state] = await db.rows<SealState>(sql`
    select coalesce((select max(seq) from audit_chain), 0)::text as "lastSeq", s.mark_id::text as "markId",
      case when exists (select from audit_root) then danish_midnight(audit_open_day()) else '-infinity' end as "openSince",
      coalesce((select min(id) from audit_event), 0)::text as "lowestId", coalesce((select max(id) from audit_event), 0)::text as "highestId", w.waiting, w.oldest as "oldestWaiting"
    from audit_seal_state s, (
      select count(*)::int as waiting, min(at) as oldest from (
        select e.at from audit_seal_state t join audit_event e on e.id > t.mark_id
        where not exists (select from audit_chain c where c.event_id = e.id) order by e.id limit 10001) x) w`);
  if (state === undefined) throw new Error('the sealer has no state');
  return state;
}

/** Events of a range of numbers that are in no chain, though their time was sealed. */
export function listSlippedIn(db: ReadDb, after: bigint, upTo: bigint): Promise<{ id: string }[]> {
  return db.rows<{ id: string }>(sql`
    select e.id::text from audit_event e, audit_seal_state s
    where e.id > ${after}::bigint and e.id <= ${upTo}::bigint
      and not exists (select from audit_chain c where c.event_id = e.id)
      and (e.id <= s.mark_id or e.at < s.mark_at - interval '1 hour'
        or (exists (select from audit_root) and e.at < danish_midnight(audit_open_day())))
    order by e.id limit 100`);
}

const appendOnly = ['audit_event', 'audit_chain', 'audit_root'];

/** What the application could do to the log, and must not. */
export function listWrongRights(db: ReadDb): Promise<{ about: string }[]> {
  return db.rows<{ about: string }>(sql`
    select r.privilege || ' ' || t.name as about
    from unnest(${appendOnly}::text[]) t (name), unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) r (privilege)
    where has_table_privilege('seb_app', t.name, r.privilege) or (r.privilege = 'UPDATE' and has_any_column_privilege('seb_app', t.name, 'UPDATE'))
    union all
    select 'INSERT ' || t.name || '.' || t.field from (values ('audit_event', 'id'), ('audit_event', 'at'), ('audit_event', 'transaction_id'),
      ('audit_chain', 'hash'), ('audit_root', 'hash')) t (name, field)
    where has_column_privilege('seb_app', t.name, t.field, 'INSERT')
    union all
    select 'BYPASS' where exists (select from pg_roles where rolname = 'seb_app' and (rolsuper or rolbypassrls or rolreplication))
    order by 1`);
}

/** Guards that are gone, off, or do not refuse any longer. */
export function listBrokenGuards(db: ReadDb): Promise<{ about: string }[]> {
  return db.rows<{ about: string }>(sql`
    select t.name || '_append_only' as about from unnest(${appendOnly}::text[]) t (name)
    where not exists (select from pg_trigger g join pg_proc p on p.oid = g.tgfoid
      where g.tgrelid = t.name::regclass and g.tgname = t.name || '_append_only' and g.tgenabled in ('O', 'A') and p.proname = 'refuse_change'
        -- before (2), delete (8), update (16), truncate (32), for each statement (no 1)
        and g.tgtype = 2 + 8 + 16 + 32)
    union all
    select g.tgrelid::regclass::text || '.' || g.tgname from pg_trigger g
    where g.tgname like 'audit\_%' and not g.tgisinternal and g.tgenabled not in ('O', 'A')
      and not (g.tgname like '%\_append\_only')
    union all
    select 'audit_demand' where not exists (select from pg_trigger where tgname = 'audit_demand' and tgrelid = 'audit_due'::regclass and tgdeferrable)
    union all
    select 'refuse_change' where not exists (select from pg_proc where proname = 'refuse_change' and prosrc like '%raise exception%' and prosrc not like '%return%')
    union all
    select 'audit_event row security' where not (select relrowsecurity from pg_class where oid = 'audit_event'::regclass)
    order by 1`);
}

export type Verification = {
  id: number;
  orderedByName: string;
  outsideRoot: string | null;
  createdAt: Date;
  checkedEvents: string;
  endedAt: Date | null;
  faults: unknown;
};

const verificationColumns = sql`id, ordered_by_name as "orderedByName", outside_root as "outsideRoot", created_at as "createdAt",
  checked_events::text as "checkedEvents", ended_at as "endedAt", faults`;

/** The latest checks. */
export function listVerifications(db: ReadDb, most: number): Promise<Verification[]> {
  return db.rows<Verification>(
    sql`select ${verificationColumns} from audit_verification order by id desc limit ${most}::int`,
  );
}

/** Checks that wait to be made. */
export function listWaitingVerifications(db: ReadDb): Promise<Verification[]> {
  return db.rows<Verification>(
    sql`select ${verificationColumns} from audit_verification where ended_at is null order by audit_verification.id limit 5`,
  );
}

/** Where one event stands in the chain; null while it is not sealed. */
export async function findSeal(db: ReadDb, eventId: string): Promise<{ seq: string; hash: string } | null> {
  const [seal] = await db.rows<{ seq: string; hash: string }>(
    sql`select seq::text, encode(hash, 'hex') as hash from audit_chain where event_id = ${eventId}::bigint`,
  );
  return seal ?? null;
}

/** Which of the given events are not sealed yet. */
export async function listUnsealed(db: ReadDb, eventIds: readonly string[]): Promise<string[]> {
  if (eventIds.length === 0) return [];
  const rows = await db.rows<{ id: string }>(sql`
    select given.id::text from unnest(${[...eventIds]}::bigint[]) as given (id)
    where not exists (select from audit_chain c where c.event_id = given.id)`);
  return rows.map(({ id }) => id);
}
