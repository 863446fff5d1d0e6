import type { ReadDb } from '../db/access.ts';
import { isoDay, isoMoment, lastIsoDay } from '../db/moments.ts';
import type { Sql } from '../db/sql.ts';
import { noSql, sql } from '../db/sql.ts';
import { notAboutAdministrators } from '../audit/log.queries.ts';

/** What a package is about. */
export type Contents = { organisationId: number; from: string; to: string; isLimited: boolean };

export type UserRow = {
  firstName: string;
  lastName: string;
  email: string;
  rid: string;
  username: string;
  role: string | null;
  roleCode: string | null;
  service: string | null;
  sorCode: string | null;
  unit: string | null;
  startsOn: string | null;
  endsOn: string | null;
};

/** Users with the roles that they held when the last day ended; one row without a role for who had none. */
export function usersStatement({ organisationId, to }: Contents): Sql {
  return sql`
    select u.first_name as "firstName", u.last_name as "lastName", u.email, u.rid, u.username, r.name as role, r.code as "roleCode",
      s.name as service, g.sor_code as "sorCode", su.name as unit, ${isoDay(sql`g.valid_from`)} as "startsOn", ${lastIsoDay(sql`g.valid_to`)} as "endsOn"
    from visible_user u
      left join role_assignment g on g.user_id = u.id and g.organisation_id = u.organisation_id
        and g.valid_from < danish_midnight(${to}::date + 1) and (g.valid_to is null or g.valid_to >= danish_midnight(${to}::date + 1))
      left join role r on r.id = g.role_id left join service s on s.id = r.service_id left join sor_unit su on su.code = g.sor_code
    where u.organisation_id = ${organisationId}::int and u.created_at < danish_midnight(${to}::date + 1)
      and (u.deleted_at is null or u.deleted_at >= danish_midnight(${to}::date + 1))
    order by u.last_name, u.first_name, u.id, g.id`;
}

export type ChangeRow = {
  id: string;
  at: string;
  kind: string;
  actorName: string;
  actorRole: string;
  onBehalf: boolean;
  targetName: string | null;
  detail: unknown;
  requestId: string | null;
  networkAddress: string | null;
  seq: string | null;
};

/** The log of the period, the oldest first, with each event's sealed number. */
export function changesStatement({ organisationId, from, to, isLimited }: Contents): Sql {
  return sql`
    select e.id::text, ${isoMoment(sql`e.at`)} as at, e.kind, e.actor_name as "actorName", e.actor_role as "actorRole", e.on_behalf as "onBehalf",
      e.target_name as "targetName", e.detail, e.request_id as "requestId", ${isLimited ? sql`null` : sql`e.network_address`} as "networkAddress",
      c.seq::text
    from audit_event e left join audit_chain c on c.event_id = e.id
    where e.organisation_id = ${organisationId}::int and e.at >= danish_midnight(${from}::date) and e.at < danish_midnight(${to}::date + 1)
      and e.id > (select audit_event_before(danish_midnight(${from}::date))) and e.id < (select audit_event_after(danish_midnight(${to}::date + 1)))
      ${isLimited ? sql`and ${notAboutAdministrators}` : noSql}
    order by e.id`;
}

export type AdministratorRow = { name: string; kind: string; from: string; to: string | null; area: string | null };

/** Whoever administered the organisation on a day of the period; users of other organisations as its own page and its log name them. */
export function listAdministrators(db: ReadDb, { organisationId, from, to }: Contents): Promise<AdministratorRow[]> {
  return db.rows<AdministratorRow>(sql`
    select coalesce(u.first_name || ' ' || u.last_name,
        (select x.first_name || ' ' || x.last_name from administrators_of(${organisationId}::int) x where x.administrator_id = a.id),
        (select e.actor_name from audit_event e where e.actor_user_id = a.user_id and e.organisation_id = ${organisationId}::int order by e.id desc limit 1),
        (select e.target_name from audit_event e where e.target_user_id = a.user_id and e.organisation_id = ${organisationId}::int order by e.id desc limit 1),
        'bruger i en anden organisation') as name,
      a.kind::text, ${isoDay(sql`a.valid_from`)} as "from", ${lastIsoDay(sql`a.valid_to`)} as "to", a.responsibility_area as area
    from administrator a left join app_user u on u.id = a.user_id
    where a.organisation_id = ${organisationId}::int and a.valid_from < danish_midnight(${to}::date + 1)
      and (a.valid_to is null or a.valid_to > danish_midnight(${from}::date))
    order by a.kind, name, a.valid_from`);
}

export type RequestRow = {
  id: number;
  name: string;
  wanted: string;
  roles: string | null;
  state: string;
  createdAt: string;
  decidedAt: string | null;
  decidedBy: string | null;
  reason: string | null;
};

/** Requests for access that were sent or decided in the period. */
export function requestsStatement({ organisationId, from, to }: Contents): Sql {
  return sql`
    select q.id, q.first_name || ' ' || q.last_name as name, q.wanted,
      (select string_agg(r.name, ', ' order by r.name) from access_request_role w join role r on r.id = w.role_id where w.request_id = q.id) as roles,
      q.state, ${isoMoment(sql`q.created_at`)} as "createdAt", ${isoMoment(sql`q.decided_at`)} as "decidedAt", q.decided_by_name as "decidedBy",
      q.decision_reason as reason
    from access_request q
    where q.organisation_id = ${organisationId}::int and q.created_at < danish_midnight(${to}::date + 1)
      and (q.created_at >= danish_midnight(${from}::date) or q.decided_at >= danish_midnight(${from}::date))
    order by q.id`;
}

export type AgreementFile = { id: number; signedOn: string; content: Buffer };

/** The signed agreements that were in force on a day of the period. */
export function listAgreementFiles(db: ReadDb, { organisationId, from, to }: Contents): Promise<AgreementFile[]> {
  return db.rows<AgreementFile>(sql`
    select a.id, a.signed_on::text as "signedOn", f.content from agreement a join agreement_file f on f.agreement_id = a.id
    where a.organisation_id = ${organisationId}::int and a.valid_from <= ${to}::date
      and coalesce(a.ended_on, a.valid_to, 'infinity') >= ${from}::date
    order by a.id`);
}

/** The signed roots of the period's days. */
export function listRootTexts(db: ReadDb, { from, to }: Contents): Promise<{ statement: string; signature: Buffer }[]> {
  return db.rows<{ statement: string; signature: Buffer }>(
    sql`select statement, signature from audit_root where day >= ${from}::date and day <= ${to}::date + 1 order by day`,
  );
}
