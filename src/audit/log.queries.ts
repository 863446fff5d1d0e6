import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, noSql, sql } from '../db/sql.ts';
import { likeAnywhere, searchWords } from '../shared/text.ts';

export const eventsPerPage = 50;
/** How many events of each index range one page examines, where a filter has more to ask than the index knows. */
export const windowSize = 5000;
export const mostPeople = 20;

export type LogRow = {
  id: string;
  at: Date;
  kind: string;
  organisationName: string | null;
  actorName: string;
  actorKind: string;
  actorRole: string;
  onBehalf: boolean;
  targetName: string | null;
  targetUserId: number | null;
  detail: unknown;
  requestId: string | null;
  networkAddress: string | null;
};

export type LogFilter = {
  /** Null: all organisations that the transaction sees. */
  organisationId: number | null;
  /** Null: anybody. An empty list: nobody, so nothing. */
  actorIds: number[] | null;
  targetIds: number[] | null;
  kinds: string[] | null;
  /** yyyy-mm-dd in Denmark, both included. */
  from: string | null;
  to: string | null;
  /** As a brugeradministrator sees it: without what is about administrators. */
  withoutAdministrators: boolean;
  before: string | null;
};

/** `resume`: nothing older than this event was examined, though there may be more; null = everything was. */
export type LogPage = { rows: LogRow[]; resume: string | null };

export const logColumns = sql`e.id::text, e.at, e.kind, e.organisation_name as "organisationName", e.actor_name as "actorName",
  e.actor_kind as "actorKind", e.actor_role as "actorRole", e.on_behalf as "onBehalf", e.target_name as "targetName",
  e.target_user_id as "targetUserId", e.detail, e.request_id as "requestId", e.network_address as "networkAddress"`;

/**
 * One page of the log, newest first, one row more than a page. The strongest filter walks its own index; what it does not
 * know is looked at in at most `windowSize` of its events, so that no combination reads the whole log.
 */
export async function listEvents(db: ReadDb, filter: LogFilter): Promise<LogPage> {
  const [rows, [end]] = await Promise.all([
    db.rows<LogRow>(pageStatement(filter)),
    isExact(filter) ? [] : db.rows<{ resume: string | null }>(windowEndStatement(filter)),
  ]);
  const resume = end?.resume ?? null;
  return { rows: resume === null ? rows : rows.filter(({ id }) => BigInt(id) >= BigInt(resume)), resume };
}

/** Exported for the test that reads their plans. */
export function pageStatement(filter: LogFilter): Sql {
  const { range, rest } = partsOf(filter);
  const limit = isExact(filter) ? eventsPerPage + 1 : windowSize;
  return sql`
    select ${logColumns} from ${range.source} cross join lateral (
      select * from audit_event e where ${joinSql(range.conditions, ' and ')} order by e.id desc limit ${limit}::int) e
    ${rest.length === 0 ? noSql : sql`where ${joinSql(rest, ' and ')}`}
    order by e.id desc limit ${eventsPerPage + 1}::int`;
}

export function windowEndStatement(filter: LogFilter): Sql {
  const { range } = partsOf(filter);
  return sql`
    select max(e.id)::text as resume from ${range.source} cross join lateral (
      select e.id from audit_event e where ${joinSql(range.conditions, ' and ')} order by e.id desc offset ${windowSize - 1}::int limit 1) e`;
}

type Range = { source: Sql; conditions: Sql[] };

/** The index that is walked, and what is asked of the events that it gives. */
function partsOf(filter: LogFilter): { range: Range; rest: Sql[] } {
  const { organisationId, actorIds, targetIds, kinds } = filter;
  const walked = walkedBy(filter);
  const ofOrganisation = organisationId === null ? [] : [sql`e.organisation_id = ${organisationId}::int`];
  const rest = [
    ...(walked === 'actor' || actorIds === null ? [] : [sql`e.actor_user_id = any (${actorIds}::int[])`]),
    ...(walked === 'target' || targetIds === null ? [] : [sql`e.target_user_id = any (${targetIds}::int[])`]),
    ...(walked === 'kind' || kinds === null ? [] : [sql`e.kind = any (${kinds}::text[])`]),
    ...(walked === 'actor' || walked === 'target' ? ofOrganisation : []),
    ...(filter.from === null ? [] : [sql`e.at >= ${startOf(filter.from)}`]),
    ...(filter.to === null ? [] : [sql`e.at < ${endOf(filter.to)}`]),
    ...(filter.withoutAdministrators ? [notAboutAdministrators] : []),
  ];
  const key = {
    actor: { source: listed(actorIds, sql`int`), conditions: [sql`e.actor_user_id = one.key`] },
    target: { source: listed(targetIds, sql`int`), conditions: [sql`e.target_user_id = one.key`] },
    kind: { source: listed(kinds, sql`text`), conditions: [...ofOrganisation, sql`e.kind = one.key`] },
    all: { source: sql`(select) one`, conditions: ofOrganisation },
  }[walked];
  return { range: { source: key.source, conditions: [...key.conditions, ...numbersOf(filter)] }, rest };
}

function walkedBy({ actorIds, targetIds, kinds }: LogFilter): 'target' | 'actor' | 'kind' | 'all' {
  if (targetIds !== null) return 'target';
  if (actorIds !== null) return 'actor';
  return kinds === null ? 'all' : 'kind';
}

function listed(keys: readonly (number | string)[] | null, type: Sql): Sql {
  return sql`unnest(${[...(keys ?? [])]}::${type}[]) as one (key)`;
}

/** Whether the walked index answers the whole question. */
function isExact(filter: LogFilter): boolean {
  return partsOf(filter).rest.length === 0;
}

// Always one condition at least, in the order of the index.
function numbersOf({ from, to, before }: LogFilter): Sql[] {
  return [
    before === null ? sql`e.id > 0` : sql`e.id < ${before}::bigint`,
    ...(from === null ? [] : [sql`e.id > (select audit_event_before(${startOf(from)}))`]),
    ...(to === null ? [] : [sql`e.id < (select audit_event_after(${endOf(to)}))`]),
  ];
}

function startOf(day: string): Sql {
  return sql`(${day}::date::timestamp at time zone 'Europe/Copenhagen')`;
}

function endOf(day: string): Sql {
  return sql`((${day}::date + 1)::timestamp at time zone 'Europe/Copenhagen')`;
}

// Whoever administers, or did, also elsewhere; and what names administrators without being about one user.
export const notAboutAdministrators = sql`(
  e.kind !~ '^(administrator|systemRole|agreement|agreementText)[.]'
  and not (e.kind = 'change.refused' and e.detail ->> 'action' ~ '^(administrator|systemRole|agreement)[.]')
  and (e.target_user_id is null or not (
    exists (select from administrator a where a.user_id = e.target_user_id)
    or exists (select from administrator_substitute s where s.user_id = e.target_user_id)
    or exists (select from system_role s where s.user_id = e.target_user_id))))`;

/** One event as far as the actor may see it; null where it is not there or not for them. */
export async function findEvent(
  db: ReadDb,
  id: string,
  { organisationId, withoutAdministrators }: Pick<LogFilter, 'organisationId' | 'withoutAdministrators'>,
): Promise<LogRow | null> {
  const [row] = await db.rows<LogRow>(sql`
    select ${logColumns} from audit_event e where e.id = ${id}::bigint
      ${organisationId === null ? noSql : sql`and e.organisation_id = ${organisationId}::int`}
      ${withoutAdministrators ? sql`and ${notAboutAdministrators}` : noSql}`);
  return row ?? null;
}

/** Whom a typed name may mean in the log; one more than is taken. */
export async function findPeopleOfLog(db: ReadDb, text: string, organisationId: number | null): Promise<number[]> {
  const patterns = searchWords(text).map(likeAnywhere);
  if (patterns.length === 0) return [];
  const rows = await db.rows<{ id: number }>(
    sql`select people_of_log(${patterns}::text[], ${organisationId}::int, ${mostPeople + 1}::int) as id`,
  );
  return rows.map(({ id }) => id);
}

/** A user as the log's own pages name one, also a deleted one. */
export type LoggedUser = {
  id: number;
  firstName: string;
  lastName: string;
  username: string;
  /** dd-mm-åååå, null while the user is there. */
  deletedOn: string | null;
};

export async function findLoggedUser(db: ReadDb, organisationId: number, userId: number): Promise<LoggedUser | null> {
  const [row] = await db.rows<LoggedUser>(sql`
    select id, first_name as "firstName", last_name as "lastName", username,
      to_char(deleted_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as "deletedOn"
    from app_user where id = ${userId}::int and organisation_id = ${organisationId}::int`);
  return row ?? null;
}

/** The organisation of a CVR number, where the transaction sees it. */
export async function findOrganisationOfLog(db: ReadDb, cvr: string): Promise<{ id: number; name: string } | null> {
  const [row] = await db.rows<{ id: number; name: string }>(sql`select id, name from organisation where cvr = ${cvr}`);
  return row ?? null;
}
