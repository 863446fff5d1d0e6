import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, sql } from '../db/sql.ts';
import type { Person } from '../permissions/actor.ts';
import { isUser, organisationOfPerson } from '../permissions/actor.ts';
import { NotFound } from '../shared/errors.ts';
import { isAdministratorAnywhere } from '../users/users.queries.ts';
import type { AccessRequest, Comment, Decider, RequestState } from './access-request.ts';

export const requestsPerPage = 50;

const danishTime = (moment: Sql): Sql =>
  sql`to_char(${moment} at time zone 'Europe/Copenhagen', 'DD-MM-YYYY "kl." HH24.MI')`;

/** A request as lists show it. */
export type RequestRow = Pick<
  AccessRequest,
  'id' | 'kind' | 'firstName' | 'lastName' | 'state' | 'createdAt' | 'recipientName' | 'takenByName' | 'escalation'
> & {
  organisationName: string;
  cvr: string;
  roles: number;
  /** Whole days since it was sent. */
  age: number;
};

const rowColumns = sql`q.id, q.kind, q.first_name as "firstName", q.last_name as "lastName", q.state, ${danishTime(sql`q.created_at`)} as "createdAt",
  q.recipient_name as "recipientName", q.taken_by_name as "takenByName", q.escalation, o.name as "organisationName", o.cvr,
  (select count(*)::int from access_request_role x where x.request_id = q.id) as roles, (danish_today() - (q.created_at at time zone 'Europe/Copenhagen')::date) as age`;

export const listFilters = ['ventende', 'mine', 'afgjorte', 'alle'] as const;
export type ListFilter = (typeof listFilters)[number];

const isWaiting = sql`q.state in ('open', 'taken')`;

// Who stands in has it once it was passed on, not while the recipient still may take it.
const isWith = (userId: number): Sql => sql`(q.taken_by_id = ${userId}::int or (q.taken_by_id is null
  and (q.recipient_id = ${userId}::int or (q.escalation > 0 and q.fallback_id = ${userId}::int))))`;

/** An organisation's requests: those that wait with the oldest first, others with the latest first; one more than a page. */
export function listRequests(
  db: ReadDb,
  {
    organisationId,
    filter,
    userId,
    beyond,
  }: { organisationId: number; filter: ListFilter; userId: number; beyond: number | null },
): Promise<RequestRow[]> {
  const isOldestFirst = filter === 'ventende' || filter === 'mine';
  const conditions = [
    sql`q.organisation_id = ${organisationId}::int`,
    ...(isOldestFirst ? [isWaiting] : []),
    ...(filter === 'afgjorte' ? [sql`not ${isWaiting}`] : []),
    ...(filter === 'mine' ? [isWith(userId)] : []),
    ...(beyond === null ? [] : [isOldestFirst ? sql`q.id > ${beyond}::int` : sql`q.id < ${beyond}::int`]),
  ];
  return db.rows<RequestRow>(sql`
    select ${rowColumns} from access_request q join organisation o on o.id = q.organisation_id
    where ${joinSql(conditions, ' and ')} order by ${isOldestFirst ? sql`q.id` : sql`q.id desc`} limit ${requestsPerPage + 1}::int`);
}

/** Requests that wait and that nobody in their organisation can decide, or that nobody took; the oldest first. */
export function listWithoutDecider(db: ReadDb, after: number): Promise<RequestRow[]> {
  return db.rows<RequestRow>(sql`
    select ${rowColumns} from access_request q join organisation o on o.id = q.organisation_id
    where ${isWaiting} and q.id > ${after}::int
      and (q.escalation = 3 or not exists (select from request_deciders(q.organisation_id, q.user_id)))
    order by q.id limit ${requestsPerPage + 1}::int`);
}

export type WaitingCount = { organisationId: number; mine: number; all: number };

/** What waits in each organisation, and how much of it is with the user. */
export function countWaiting(db: ReadDb, organisationIds: readonly number[], userId: number): Promise<WaitingCount[]> {
  return db.rows<WaitingCount>(sql`
    select q.organisation_id as "organisationId", count(*)::int as all,
      count(*) filter (where ${isWith(userId)})::int as mine
    from access_request q where q.organisation_id = any (${[...organisationIds]}::int[]) and ${isWaiting} group by 1`);
}

// The user who asked; or whoever has the login's UUID or RID by now.
const isSubject = sql`u.organisation_id = q.organisation_id and u.deleted_at is null
  and (u.id = q.user_id or (q.user_id is null and (u.uuid = q.uuid or u.rid = q.rid)))`;

const requestColumns = sql`q.id, q.kind, q.says_new_user as "saysNewUser", q.user_id as "userId", q.uuid, q.rid, q.first_name as "firstName",
  q.last_name as "lastName", q.level, q.email, q.wanted, q.sor_code as "sorCode", su.name as "unitName", q.starts_on::text as "startsOn",
  q.ends_on::text as "endsOn", q.project_number as "projectNumber", q.data_owner_approval as "dataOwnerApproval", rr.name as "researchRecipient",
  q.recipient_id as "recipientId", q.recipient_name as "recipientName", q.fallback_id as "fallbackId", q.fallback_name as "fallbackName",
  q.taken_by_id as "takenById", q.taken_by_name as "takenByName", q.escalation, ${danishTime(sql`q.created_at`)} as "createdAt", q.state,
  q.decided_by_name as "decidedByName", ${danishTime(sql`coalesce(q.decided_at, q.withdrawn_at)`)} as "decidedAt",
  q.decision_reason as "decisionReason", q.version,
  jsonb_build_object('id', o.id, 'cvr', o.cvr, 'name', o.name, 'selfAssignmentAllowed', o.self_assignment_allowed) as organisation,
  coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'code', r.code, 'name', r.name, 'serviceId', s.id, 'serviceName', s.name,
      'needsSor', r.needs_sor, 'needsCpr', r.needs_cpr,
      'isGivable', r.retired_at is null and s.retired_at is null and g.role_id is not null) order by s.name, r.name, r.id)
    from access_request_role x join role r on r.id = x.role_id join service s on s.id = r.service_id
      left join organisation_role g on g.role_id = r.id and g.organisation_id = q.organisation_id and g.withdrawn_at is null
    where x.request_id = q.id), '[]') as roles,
  coalesce((select jsonb_agg(jsonb_build_object('roleName', r.name, 'roleCode', r.code, 'serviceName', s.name, 'sorCode', x.sor_code,
      'unitName', gu.name, 'scope', x.scope, 'startsOn', x.starts_on, 'endsOn', x.ends_on) order by x.id)
    from access_request_grant x join role r on r.id = x.role_id join service s on s.id = r.service_id left join sor_unit gu on gu.code = x.sor_code
    where x.request_id = q.id), '[]') as given,
  coalesce((select jsonb_agg(jsonb_build_object('id', u.id, 'firstName', u.first_name, 'lastName', u.last_name, 'isAdministrator', ${isAdministratorAnywhere}) order by u.id)
    from app_user u where ${isSubject}), '[]') as subjects`;

const requestTables = sql`access_request q join organisation o on o.id = q.organisation_id left join sor_unit su on su.code = q.sor_code
  left join research_recipient rr on rr.id = q.research_recipient_id`;

/** One request of the organisation. @throws NotFound */
export async function getRequest(db: ReadDb, organisationId: number, requestId: number): Promise<AccessRequest> {
  const [row] = await db.rows<AccessRequest>(sql`
    select ${requestColumns} from ${requestTables} where q.id = ${requestId}::int and q.organisation_id = ${organisationId}::int`);
  if (row === undefined) throw new NotFound();
  return row;
}

// A new holder of an old RID has another UUID and sees nothing of the one before.
function isOwn(person: Person): Sql {
  const organisationId = organisationOfPerson(person)?.id ?? 0;
  const here = sql`q.organisation_id = ${organisationId}::int`;
  const isLogin = (uuid: Sql, rid: Sql): Sql =>
    sql`q.user_id is null and case when q.uuid is not null and ${uuid} is not null then q.uuid = ${uuid} else q.rid = ${rid} end`;
  if (!isUser(person)) return sql`${here} and ${isLogin(sql`${person.uuid}::uuid`, sql`${person.rid}::text`)}`;
  return sql`${here} and (q.user_id = ${person.userId}::int
    or exists (select from app_user me where me.id = ${person.userId}::int and ${isLogin(sql`me.uuid`, sql`me.rid`)}))`;
}

/** The person's own requests, latest first; one more than a page. */
export function listOwnRequests(db: ReadDb, person: Person, before: number | null): Promise<RequestRow[]> {
  const beyond = before === null ? sql`true` : sql`q.id < ${before}::int`;
  return db.rows<RequestRow>(sql`
    select ${rowColumns} from access_request q join organisation o on o.id = q.organisation_id
    where ${isOwn(person)} and ${beyond} order by q.id desc limit ${requestsPerPage + 1}::int`);
}

/** One of the person's own; anybody else's is not there. @throws NotFound */
export async function getOwnRequest(db: ReadDb, person: Person, requestId: number): Promise<AccessRequest> {
  const [row] = await db.rows<AccessRequest>(sql`
    select ${requestColumns} from ${requestTables} where q.id = ${requestId}::int and ${isOwn(person)}`);
  if (row === undefined) throw new NotFound();
  return row;
}

export async function countOwnWaiting(db: ReadDb, person: Person): Promise<number> {
  const [row] = await db.rows<{ count: number }>(
    sql`select count(*)::int as count from access_request q where ${isOwn(person)} and ${isWaiting}`,
  );
  return row?.count ?? 0;
}

export function listComments(db: ReadDb, requestId: number): Promise<Comment[]> {
  return db.rows<Comment>(sql`
    select c.author_id as "authorId", c.author_name as "authorName", c.body, ${danishTime(sql`c.created_at`)} as "createdAt"
    from access_request_comment c where c.request_id = ${requestId}::int order by c.id limit 200`);
}

/** Who may decide on a request of this user (null: of somebody without one), organisationsadministratorer first. */
export function listDeciders(db: ReadDb, organisationId: number, userId: number | null): Promise<Decider[]> {
  return db.rows<Decider>(sql`
    select user_id as "userId", first_name as "firstName", last_name as "lastName", email, kind, responsibility_area as area
    from request_deciders(${organisationId}::int, ${userId}::int)`);
}

export type Addressed = { userId: number; firstName: string; lastName: string; email: string };

export function listServicedesk(db: ReadDb): Promise<Addressed[]> {
  return db.rows<Addressed>(
    sql`select user_id as "userId", first_name as "firstName", last_name as "lastName", email from servicedesk_addresses()`,
  );
}

export type RequestableRole = {
  id: number;
  code: string;
  name: string;
  description: string;
  serviceName: string;
  needsSor: boolean;
  isGivable: boolean;
};

/** Roles by their ids, and whether the organisation can give them now. */
export function listRolesAsked(
  db: ReadDb,
  organisationId: number,
  roleIds: readonly number[],
): Promise<RequestableRole[]> {
  return db.rows<RequestableRole>(sql`
    select r.id, r.code, r.name, r.description, s.name as "serviceName", r.needs_sor as "needsSor",
      (r.retired_at is null and s.retired_at is null and g.role_id is not null) as "isGivable"
    from role r join service s on s.id = r.service_id
      left join organisation_role g on g.role_id = r.id and g.organisation_id = ${organisationId}::int and g.withdrawn_at is null
    where r.id = any (${[...roleIds]}::int[]) order by s.name, r.name, r.id`);
}

/** The login's own numbers of a user who asks. */
export async function loginOfUser(db: ReadDb, userId: number): Promise<{ uuid: string | null; rid: string | null }> {
  const [row] = await db.rows<{ uuid: string | null; rid: string | null }>(
    sql`select uuid, rid from app_user where id = ${userId}::int`,
  );
  return row ?? { uuid: null, rid: null };
}

export type { RequestState };
