import type { ReadDb } from '../db/access.ts';
import { isoDay } from '../db/moments.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, noSql, sql } from '../db/sql.ts';
import type { TargetUser } from '../permissions/can.ts';
import type { ServiceLimit } from '../permissions/service-limit.ts';
import { isOfServices } from '../role-assignments/service-limit.queries.ts';
import { NotFound } from '../shared/errors.ts';
import { likeAnywhere, searchWords } from '../shared/text.ts';
import type { User, UserRow } from './user.ts';
import type { UserFilter, UserListQuery, UserSort } from './user-list.ts';

export const pageSize = 50;
/** Counting stops here when a list is filtered: "mere end 1.000". */
export const countLimit = 1000;

export const isLockedNow = sql`(u.locked_from is not null and u.locked_from <= now() and (u.locked_until is null or u.locked_until > now()))`;
// A lock ends when its last day does, so that day is the one before the moment it ends.
const lastDayLocked = sql`(u.locked_until - interval '1 millisecond')`;
const lockIsPlanned = sql`(u.locked_from > now())`;
const danishDate = (moment: Sql): Sql => sql`to_char(${moment} at time zone 'Europe/Copenhagen', 'DD-MM-YYYY')`;
const danishTime = (moment: Sql): Sql =>
  sql`to_char(${moment} at time zone 'Europe/Copenhagen', 'DD-MM-YYYY "kl." HH24.MI')`;
/** An emergency lock ends 72 hours after it began, at whatever time that is; all others when a day ends. */
const timeLockEnds = sql`case when (u.locked_until at time zone 'Europe/Copenhagen')::time <> '00:00'
  then ${danishTime(sql`u.locked_until`)} end`;

/** Of a user `u`, who may be locked: nothing is held now, whatever begins later. */
export const holdsNoRole = sql`not exists (select from role_assignment g
  where g.user_id = u.id and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now()))`;

const administratorKinds = { organisation: 'ORGANISATION', bruger: 'USER', 'read-only': 'READ_ONLY' } as const;

/** The users of an organisation that a filter means, as a condition on visible_user `u`. */
export function usersThatMatch(organisationId: number, filter: UserFilter): Sql {
  const conditions = [sql`u.organisation_id = ${organisationId}::int`, sql`u.deleted_at is null`];
  for (const word of searchWords(filter.search)) conditions.push(sql`u.search like ${likeAnywhere(word)}`);
  if (filter.status === 'spaerret') conditions.push(isLockedNow);
  if (filter.status === 'aktiv') conditions.push(sql`not ${isLockedNow}`);
  if (filter.administrator !== null) conditions.push(isAdministratorOf(organisationId, filter.administrator));
  if (filter.serviceId !== null) conditions.push(holdsRoleOf(organisationId, filter.serviceId));
  if (filter.withoutRoles) conditions.push(holdsNoRole);
  return joinSql(conditions, ' and ');
}

function isAdministratorOf(organisationId: number, filter: NonNullable<UserFilter['administrator']>): Sql {
  const kind = filter === 'alle' ? noSql : sql`and a.kind = ${administratorKinds[filter]}::administrator_kind`;
  return sql`u.id in (select a.user_id from administrator a where a.organisation_id = ${organisationId}::int ${kind}
    and a.valid_from <= now() and (a.valid_to is null or a.valid_to > now()))`;
}

function holdsRoleOf(organisationId: number, serviceId: number): Sql {
  return sql`exists (select from role_assignment g join role r on r.id = g.role_id
    where g.user_id = u.id and g.organisation_id = ${organisationId}::int and r.service_id = ${serviceId}::int
      and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now()))`;
}

/**
 * One page of users in Danish order, one row more than shown so that "Næste" is known. Rows are found by keyset in an
 * index of that order; role counts are taken for the page's rows only. One statement, since it is the most used page.
 */
export async function listUsers(
  db: ReadDb,
  organisationId: number,
  query: UserListQuery,
  total: number | null,
): Promise<UserRow[]> {
  const { filter, sort, cursor } = query;
  const fromEnd = query.isLastPage && total !== null;
  const backwards = fromEnd || cursor?.direction === 'before';
  const limit = fromEnd ? total % pageSize || pageSize : pageSize + 1;
  const order = orderBy(sort, sort.descending !== backwards);
  const rows = await db.rows<UserRow>(sql`
    select u.id, u.first_name as "firstName", u.last_name as "lastName", u.email, u.rid, ${isLockedNow} as "isLocked",
      ${danishDate(lastDayLocked)} as "lockedUntil", ${timeLockEnds} as "lockEndsAt", a.kind as "administratorKind", ${danishDate(sql`l.last_login_at`)} as "lastLogin",
      (a.kind is not null and is_last_organisation_administrator(u.id)) as "isLastOrganisationAdministrator",
      (select count(*)::int from role_assignment g where g.user_id = u.id and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())) as "roleCount"
    from (
      select * from visible_user u
      where ${usersThatMatch(organisationId, filter)} ${fromEnd || cursor === null ? noSql : beyond(sort, cursor)}
      order by ${order} limit ${limit}::int) u
    left join user_login l on l.user_id = u.id
    left join administrator a on a.user_id = u.id and a.organisation_id = ${organisationId}::int
      and a.valid_from <= now() and (a.valid_to is null or a.valid_to > now())
    order by ${order}`);
  return backwards ? rows.toReversed() : rows;
}

const columns: Record<UserSort['by'], Sql[]> = {
  efternavn: [sql`u.last_name`, sql`u.first_name`],
  fornavn: [sql`u.first_name`, sql`u.last_name`],
  email: [sql`u.email`],
};

function orderBy(sort: UserSort, descending: boolean): Sql {
  const direction = descending ? sql`desc` : sql`asc`;
  return joinSql(
    [...columns[sort.by], sql`u.id`].map((column) => sql`${column} ${direction}`),
    ', ',
  );
}

function beyond(sort: UserSort, cursor: NonNullable<UserListQuery['cursor']>): Sql {
  const names = joinSql([...columns[sort.by], sql`u.id`], ', ');
  const values = joinSql([...cursor.values.map((value) => sql`${value}::text`), sql`${cursor.id}::int`], ', ');
  const rising = sort.descending === (cursor.direction === 'before');
  return rising ? sql`and (${names}) > (${values})` : sql`and (${names}) < (${values})`;
}

/** How many users match, counted to the limit + 1; all users of an organisation are counted by the database as they come and go. */
export async function countUsers(
  db: ReadDb,
  organisationId: number,
  filter: UserFilter,
  filtered: boolean,
): Promise<number> {
  const counting = filtered
    ? sql`select count(*)::int as count from (select from visible_user u where ${usersThatMatch(organisationId, filter)} limit ${countLimit + 1}::int) u`
    : sql`select user_count as count from organisation_state where organisation_id = ${organisationId}::int`;
  const [row] = await db.rows<{ count: number }>(counting);
  return row?.count ?? 0;
}

export type ServiceChoice = { id: number; code: string; name: string };

/** The services of which the organisation may give at least one role; of those that an administrator answers for. */
export function listServices(db: ReadDb, organisationId: number, limit: ServiceLimit = null): Promise<ServiceChoice[]> {
  return db.rows<ServiceChoice>(sql`
    select s.id, s.code, s.name from service s
    where s.retired_at is null and ${isOfServices(limit, sql`s.id`)} and exists (
      select from role r join organisation_role o on o.role_id = r.id
      where r.service_id = s.id and r.retired_at is null and o.organisation_id = ${organisationId}::int and o.withdrawn_at is null)
    order by s.name, s.id`);
}

/** A user of the organisation who is not deleted; null for anything else. */
export async function findUser(db: ReadDb, organisationId: number, userId: number): Promise<User | null> {
  const [row] = await db.rows<User>(sql`
    select u.id, u.first_name as "firstName", u.last_name as "lastName", u.email, u.rid, u.username, u.uuid, u.address, u.postcode,
      u.city, u.phone, u.remark, ${isLockedNow} as "isLocked", ${danishDate(lastDayLocked)} as "lockedUntil", ${timeLockEnds} as "lockEndsAt",
      case when ${lockIsPlanned} then ${danishDate(sql`u.locked_from`)} end as "plannedLockFrom",
      ${isoDay(sql`u.locked_from`)} as "lockedFromDay", ${isoDay(lastDayLocked)} as "lockedUntilDay", u.lock_reason as "lockReason", u.version, u.session_epoch as "sessionEpoch", ${danishTime(sql`l.last_login_at`)} as "lastLogin",
      ${danishDate(sql`u.created_at`)} as "createdOn", held.kind as "administratorKind",
      (held.is_any or system.kinds is not null
        or exists (select from administrator_substitute x where x.user_id = u.id and x.valid_to > now())) as "isAdministrator",
      case when held.is_any then is_last_organisation_administrator(u.id) else false end as "isLastOrganisationAdministrator",
      exists (select from departure d where d.user_id = u.id and d.cancelled_at is null) as "hasDeparture",
      exists (select from emergency_lock e where e.user_id = u.id and e.outcome is null and e.ends_at > now()) as "hasEmergencyLock",
      coalesce(system.kinds, '{}') as "systemRoles", coalesce(held.elsewhere, '{}') as "otherAdministrations",
      mail_fault_of(u.email) as "mailFault"
    from app_user u
    left join user_login l on l.user_id = u.id
    -- Each table once: this is read on every page of a user.
    cross join lateral (
      select count(*) > 0 as is_any, min(x.kind) filter (where x.organisation_id = u.organisation_id and x.valid_from <= now()) as kind,
        array_agg(x.organisation_id) filter (where x.organisation_id <> u.organisation_id) as elsewhere
      from administrator x where x.user_id = u.id and (x.valid_to is null or x.valid_to > now())) held
    cross join lateral (select array_agg(x.kind::text) as kinds from system_role x where x.user_id = u.id) system
    where u.id = ${userId}::int and u.organisation_id = ${organisationId}::int and u.deleted_at is null`);
  return row ?? null;
}

/** As `findUser`, for pages of a user who must be there. @throws NotFound */
export async function getUser(db: ReadDb, organisationId: number, userId: number): Promise<User> {
  const user = await findUser(db, organisationId, userId);
  if (user === null) throw new NotFound('Brugeren findes ikke i organisationen. Find brugeren i brugeroversigten.');
  return user;
}

/** The day it is in Denmark by the database's clock, yyyy-mm-dd. */
export async function readToday(db: ReadDb): Promise<string> {
  const [row] = await db.rows<{ today: string }>(sql`select danish_today()::text as today`);
  if (row === undefined) throw new Error('the database did not tell the day');
  return row.today;
}

export const isAdministratorAnywhere = sql`(
  exists (select from administrator x where x.user_id = u.id and (x.valid_to is null or x.valid_to > now()))
  or exists (select from administrator_substitute x where x.user_id = u.id and x.valid_to > now())
  or exists (select from system_role x where x.user_id = u.id))`;

export type ChosenUser = TargetUser & { firstName: string; lastName: string; email: string; isLocked: boolean };

/** The chosen users of the organisation in Danish order; ids that are not there are missing from the answer. */
export function listChosenUsers(db: ReadDb, organisationId: number, userIds: number[]): Promise<ChosenUser[]> {
  return db.rows<ChosenUser>(sql`
    select u.id, u.first_name as "firstName", u.last_name as "lastName", u.email, ${isLockedNow} as "isLocked", ${isAdministratorAnywhere} as "isAdministrator"
    from visible_user u
    where u.organisation_id = ${organisationId}::int and u.deleted_at is null and u.id = any (${userIds}::int[])
    order by u.last_name, u.first_name, u.id`);
}

/** The users that a filter means, at most `limit`, in Danish order. */
export function listMatchingUsers(
  db: ReadDb,
  organisationId: number,
  filter: UserFilter,
  limit: number,
): Promise<ChosenUser[]> {
  return db.rows<ChosenUser>(sql`
    select u.id, u.first_name as "firstName", u.last_name as "lastName", u.email, ${isLockedNow} as "isLocked", ${isAdministratorAnywhere} as "isAdministrator"
    from visible_user u where ${usersThatMatch(organisationId, filter)}
    order by u.last_name, u.first_name, u.id limit ${limit}::int`);
}

export type NamedUser = { id: number; firstName: string; lastName: string };

/** Who in the organisation has this RID now, other than the user at hand. */
export async function findUserByRid(
  db: ReadDb,
  organisationId: number,
  rid: string,
  otherThan: number | null,
): Promise<NamedUser | null> {
  const [row] = await db.rows<NamedUser>(sql`
    select id, first_name as "firstName", last_name as "lastName" from app_user
    where organisation_id = ${organisationId}::int and rid = ${rid} and deleted_at is null and id is distinct from ${otherThan}::int`);
  return row ?? null;
}

/** Others of the organisation with the same e-mail address, at most five: allowed, but worth a warning. */
export function listUsersByEmail(
  db: ReadDb,
  organisationId: number,
  email: string,
  otherThan: number | null,
): Promise<NamedUser[]> {
  return db.rows<NamedUser>(sql`
    select id, first_name as "firstName", last_name as "lastName" from app_user
    where organisation_id = ${organisationId}::int and lower(email) = lower(${email}::text) and deleted_at is null and id is distinct from ${otherThan}::int
    order by last_name, first_name limit 5`);
}

export type AdministratorAddress = { userId: number; firstName: string; lastName: string; email: string };

/** The organisationsadministratorer to tell of something, wherever they are users. */
export function listOrganisationAdministrators(db: ReadDb, organisationId: number): Promise<AdministratorAddress[]> {
  return db.rows<AdministratorAddress>(
    sql`select user_id as "userId", first_name as "firstName", last_name as "lastName", email from organisation_administrator_addresses(${organisationId}::int)`,
  );
}

/** Whom to tell of a role that somebody gave to oneself: other administrators, the system owner, the servicedesk. */
export function listOversight(db: ReadDb, organisationId: number): Promise<AdministratorAddress[]> {
  return db.rows<AdministratorAddress>(
    sql`select user_id as "userId", first_name as "firstName", last_name as "lastName", email from oversight_addresses(${organisationId}::int)`,
  );
}

/**
 * The addresses that were replaced in the last 30 days: whoever first plants an e-mail address and then a RID must not be
 * the only one who is told.
 */
export async function listReplacedAddresses(db: ReadDb, userId: number): Promise<string[]> {
  const rows = await db.rows<{ address: string }>(sql`
    select distinct coalesce(e.detail #>> '{changes,email,from}', e.detail ->> 'from') as address
    from audit_event e join app_user u on u.id = e.target_user_id
    where e.target_user_id = ${userId}::int and e.at > now() - interval '30 days'
      and ((e.kind = 'user.edited' and e.detail #> '{changes,email}' is not null) or e.kind = 'user.ownEmailConfirmed')
      and coalesce(e.detail #>> '{changes,email,from}', e.detail ->> 'from') <> u.email`);
  return rows.map((row) => row.address);
}
