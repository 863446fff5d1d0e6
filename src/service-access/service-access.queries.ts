import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, sql } from '../db/sql.ts';
import { isOpenRole } from '../organisation-roles/rights.queries.ts';
import { NotFound } from '../shared/errors.ts';
import type { AdministratorAddress } from '../users/users.queries.ts';
import type { AccessRequest, RequestState } from './service-access.ts';

const danishTime = (moment: Sql): Sql =>
  sql`to_char(${moment} at time zone 'Europe/Copenhagen', 'DD-MM-YYYY "kl." HH24.MI')`;

const state = sql`(case
  when q.withdrawn_at is not null then 'withdrawn'
  when q.decided_at is null then 'open'
  when not exists (select from service_access_request_role x where x.request_id = q.id and not x.is_granted) then 'granted'
  when exists (select from service_access_request_role x where x.request_id = q.id and x.is_granted) then 'partly'
  else 'rejected' end)`;

/** A request as lists show it. */
export type RequestRow = Pick<AccessRequest, 'id' | 'serviceName' | 'createdAt' | 'state'> & {
  organisationName: string;
  cvr: string;
  roles: number;
};

export const requestsPerPage = 50;

/** Requests, latest first; of one organisation, or of all that the transaction sees. One more than a page. */
export function listRequests(
  db: ReadDb,
  {
    organisationId,
    wanted,
    before,
  }: { organisationId: number | null; wanted: RequestState | null; before: number | null },
): Promise<RequestRow[]> {
  const conditions = [
    sql`true`,
    ...(organisationId === null ? [] : [sql`q.organisation_id = ${organisationId}::int`]),
    ...(wanted === 'open' ? [sql`q.decided_at is null and q.withdrawn_at is null`] : []),
    ...(wanted === null || wanted === 'open' ? [] : [sql`${state} = ${wanted}::text`]),
    ...(before === null ? [] : [sql`q.id < ${before}::int`]),
  ];
  return db.rows<RequestRow>(sql`
    select q.id, s.name as "serviceName", ${danishTime(sql`q.created_at`)} as "createdAt", ${state} as state,
      o.name as "organisationName", o.cvr,
      (select count(*)::int from service_access_request_role x where x.request_id = q.id) as roles
    from service_access_request q join service s on s.id = q.service_id join organisation o on o.id = q.organisation_id
    where ${joinSql(conditions, ' and ')} order by q.id desc limit ${requestsPerPage + 1}::int`);
}

export async function countWaitingRequests(db: ReadDb): Promise<number> {
  const [row] = await db.rows<{ waiting: number }>(sql`
    select count(*)::int as waiting from service_access_request where decided_at is null and withdrawn_at is null`);
  return row?.waiting ?? 0;
}

/** One request with its roles; of the organisation, where one is named. @throws NotFound */
export async function getRequest(db: ReadDb, requestId: number, organisationId: number | null): Promise<AccessRequest> {
  const [row] = await db.rows<AccessRequest>(sql`
    select q.id, s.id as "serviceId", s.code as "serviceCode", s.name as "serviceName", q.purpose, q.legal_basis as "legalBasis",
      q.contact_name as "contactName", q.contact_email as "contactEmail", q.contact_phone as "contactPhone",
      q.asked_by as "askedBy", to_char(q.asked_on, 'DD-MM-YYYY') as "askedOn", q.created_by_id as "createdById", q.created_by_name as "createdByName",
      ${danishTime(sql`q.created_at`)} as "createdAt", ${state} as state, coalesce(q.decided_by_name, q.withdrawn_by_name) as "decidedByName",
      ${danishTime(sql`coalesce(q.decided_at, q.withdrawn_at)`)} as "decidedAt", q.decision_reason as "decisionReason",
      jsonb_build_object('id', o.id, 'cvr', o.cvr, 'name', o.name, 'isClosed', o.closed_at is not null) as organisation,
      (select jsonb_agg(jsonb_build_object('id', r.id, 'code', r.code, 'name', r.name, 'needsSor', r.needs_sor, 'needsCpr', r.needs_cpr,
          'isGranted', x.is_granted, 'mayGive', g.role_id is not null, 'isOpen', ${isOpenRole}) order by r.name, r.code)
        from service_access_request_role x join role r on r.id = x.role_id
        left join organisation_role g on g.role_id = r.id and g.organisation_id = q.organisation_id and g.withdrawn_at is null
        where x.request_id = q.id) as roles
    from service_access_request q join service s on s.id = q.service_id join organisation o on o.id = q.organisation_id
    where q.id = ${requestId}::int and (${organisationId}::int is null or q.organisation_id = ${organisationId}::int)`);
  if (row === undefined) throw new NotFound('Anmodningen findes ikke. Find den på listen over anmodninger.');
  return row;
}

export type AskableService = { id: number; code: string; name: string; description: string };

/** Services with at least one open role that the organisation may not give yet. */
export function listAskableServices(db: ReadDb, organisationId: number): Promise<AskableService[]> {
  return db.rows<AskableService>(sql`
    select s.id, s.code, s.name, s.description from service s
    where exists (select from role r where r.service_id = s.id and ${isOpenRole} and not ${mayGive(organisationId)})
    order by s.name, s.id`);
}

const mayGive = (organisationId: number): Sql => sql`exists (
  select from organisation_role g where g.role_id = r.id and g.organisation_id = ${organisationId}::int and g.withdrawn_at is null)`;

export type AskableRole = {
  id: number;
  code: string;
  name: string;
  description: string;
  needsSor: boolean;
  needsCpr: boolean;
  /** The number of the open request that asks for it already. */
  askedIn: number | null;
};

/** Roles of a service that the organisation can ask for, and whether it has. */
export function listAskableRoles(db: ReadDb, organisationId: number, serviceId: number): Promise<AskableRole[]> {
  return db.rows<AskableRole>(sql`
    select r.id, r.code, r.name, r.description, r.needs_sor as "needsSor", r.needs_cpr as "needsCpr",
      (select min(q.id) from service_access_request q join service_access_request_role x on x.request_id = q.id
        where x.role_id = r.id and q.organisation_id = ${organisationId}::int and q.decided_at is null and q.withdrawn_at is null) as "askedIn"
    from role r join service s on s.id = r.service_id
    where s.id = ${serviceId}::int and ${isOpenRole} and not ${mayGive(organisationId)} order by r.name, r.code`);
}

/** The system owner's people, who decide. */
export function listDeciders(db: ReadDb): Promise<AdministratorAddress[]> {
  return db.rows<AdministratorAddress>(
    sql`select user_id as "userId", first_name as "firstName", last_name as "lastName", email from service_access_deciders()`,
  );
}
