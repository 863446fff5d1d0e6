import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, sql } from '../db/sql.ts';
import { NotFound } from '../shared/errors.ts';
import { likeAnywhere, searchWords } from '../shared/text.ts';
import type { NeedsEffect, Retirement, Service, ServiceRole, Support } from './service.ts';

export const servicesPerPage = 50;

export const serviceStates = ['aaben', 'udfases', 'udfaset'] as const;
export type ServiceState = (typeof serviceStates)[number];
const isOfState: Record<ServiceState, Sql> = {
  aaben: sql`s.retired_at is null`,
  udfases: sql`s.retired_at is null and s.retires_on is not null`,
  udfaset: sql`s.retired_at is not null`,
};

export type ServiceRow = Pick<Retirement, 'retiresOn' | 'isRetired'> & {
  id: number;
  code: string;
  name: string;
  owner: string;
  roles: number;
  organisations: number;
};

export type ServiceSearch = { search: string; state: ServiceState | null };
export type AfterName = { name: string; id: number } | null;

const searched = sql`search_fold(concat_ws(' ', s.code, s.name, s.owner, s.description,
  (select string_agg(concat_ws(' ', r.code, r.name, array_to_string(r.synonyms, ' ')), ' ') from role r where r.service_id = s.id)))`;

/** Services by name, with how many roles they have and how many organisations may give one; one more than a page. */
export function listCatalogue(db: ReadDb, { search, state }: ServiceSearch, after: AfterName): Promise<ServiceRow[]> {
  const conditions = [
    sql`true`,
    ...searchWords(search).map((word) => sql`${searched} like ${likeAnywhere(word)}`),
    ...(state === null ? [] : [isOfState[state]]),
    ...(after === null ? [] : [sql`(s.name, s.id) > (${after.name}::text, ${after.id}::int)`]),
  ];
  return db.rows<ServiceRow>(sql`
    select s.id, s.code, s.name, s.owner, s.retires_on::text as "retiresOn", s.retired_at is not null as "isRetired",
      (select count(*)::int from role r where r.service_id = s.id and r.retired_at is null) as roles,
      (select count(distinct g.organisation_id)::int from organisation_role g join role r on r.id = g.role_id
        join organisation o on o.id = g.organisation_id
        where r.service_id = s.id and g.withdrawn_at is null and o.closed_at is null) as organisations
    from service s where ${joinSql(conditions, ' and ')} order by s.name, s.id limit ${servicesPerPage + 1}::int`);
}

const supportColumns = sql`s.support_name as "supportName", s.support_phone as "supportPhone", s.support_email as "supportEmail",
  s.support_links as "supportLinks"`;

/** Services in use that have support of their own. */
export function listSupports(db: ReadDb): Promise<(Support & { code: string; name: string })[]> {
  return db.rows(sql`
    select s.code, s.name, ${supportColumns} from service s
    where s.retired_at is null and (s.support_name is not null or s.support_phone is not null or s.support_email is not null
      or s.support_links <> '{}')
    order by s.name, s.id`);
}

/** Organisations that are open and may give one of the roles `r`. */
const givingOrganisations = (roles: Sql): Sql => sql`
  (select count(distinct g.organisation_id)::int from organisation_role g join organisation o on o.id = g.organisation_id
    where g.role_id in (${roles}) and g.withdrawn_at is null and o.closed_at is null)`;
const holders = (roles: Sql): Sql => sql`
  (select count(distinct a.user_id)::int from role_assignment a
    where a.role_id in (${roles}) and a.withdrawn_at is null and (a.valid_to is null or a.valid_to > now()))`;

export async function findService(db: ReadDb, serviceId: number): Promise<Service | null> {
  const own = sql`select r.id from role r where r.service_id = s.id`;
  const [row] = await db.rows<Service>(sql`
    select s.id, s.code, s.name, s.owner, s.description, s.version, s.retires_on::text as "retiresOn", s.retired_at is not null as "isRetired",
      ${supportColumns},
      coalesce(n.code, ns.code || '/' || nr.code) as "successorCode", coalesce(n.name, nr.name) as "successorName",
      ${givingOrganisations(own)} as organisations, ${holders(own)} as users,
      exists (select from organisation_role g join role r on r.id = g.role_id where r.service_id = s.id) as "codeIsFixed"
    from service s
    left join service n on n.id = s.successor_id
    left join role nr on nr.id = s.successor_role_id left join service ns on ns.id = nr.service_id
    where s.id = ${serviceId}::int`);
  return row ?? null;
}

export async function getService(db: ReadDb, serviceId: number): Promise<Service> {
  const service = await findService(db, serviceId);
  if (service === null) throw new NotFound('Servicen findes ikke. Find den på listen over services.');
  return service;
}

function roleRows(condition: Sql): Sql {
  return sql`
    select r.id, r.code, r.name, r.description, r.synonyms, r.needs_sor as "needsSor", r.needs_cpr as "needsCpr", r.sensitivity, r.version,
      r.retires_on::text as "retiresOn", r.retired_at is not null as "isRetired",
      coalesce(n.code, ns.code || '/' || nr.code) as "successorCode", coalesce(n.name, nr.name) as "successorName",
      s.id as "serviceId", s.code as "serviceCode", s.name as "serviceName", s.retired_at is not null as "serviceIsRetired",
      ${givingOrganisations(sql`r.id`)} as organisations, ${holders(sql`r.id`)} as users,
      exists (select from organisation_role g where g.role_id = r.id) as "codeIsFixed"
    from role r join service s on s.id = r.service_id
    left join service n on n.id = r.successor_service_id
    left join role nr on nr.id = r.successor_id left join service ns on ns.id = nr.service_id
    where ${condition}`;
}

/** The roles of a service, the retired ones last. */
export function listRolesOfService(db: ReadDb, serviceId: number): Promise<ServiceRole[]> {
  return db.rows<ServiceRole>(
    sql`${roleRows(sql`r.service_id = ${serviceId}::int`)} order by r.retired_at is not null, r.name, r.code`,
  );
}

export async function getServiceRole(db: ReadDb, roleId: number): Promise<ServiceRole> {
  const [role] = await db.rows<ServiceRole>(roleRows(sql`r.id = ${roleId}::int`));
  if (role === undefined) throw new NotFound('Rollen findes ikke. Find den på servicens side.');
  return role;
}

/** Who else has the code: a service, or a role of the service. */
export async function isServiceCodeTaken(db: ReadDb, code: string, otherThan: number | null): Promise<boolean> {
  const rows = await db.rows(
    sql`select from service where lower(code) = lower(${code}::text) and id is distinct from ${otherThan}::int`,
  );
  return rows.length > 0;
}

export async function isRoleCodeTaken(
  db: ReadDb,
  { serviceId, code }: { serviceId: number; code: string },
  otherThan: number | null,
): Promise<boolean> {
  const rows = await db.rows(
    sql`select from role where service_id = ${serviceId}::int and lower(code) = lower(${code}::text) and id is distinct from ${otherThan}::int`,
  );
  return rows.length > 0;
}

/** What stands with the old needs of a role: it stays as it is when they change. */
export async function readNeedsEffect(db: ReadDb, roleId: number): Promise<NeedsEffect> {
  const [row] = await db.rows<NeedsEffect>(sql`
    select ${givingOrganisations(sql`${roleId}::int`)} as organisations, count(distinct a.user_id)::int as users,
      count(*)::int as assignments, count(a.sor_code)::int as "withUnit",
      count(distinct a.user_id) filter (where l.carried_cpr = false)::int as "withoutCpr"
    from role_assignment a left join user_login l on l.user_id = a.user_id
    where a.role_id = ${roleId}::int and a.withdrawn_at is null and (a.valid_to is null or a.valid_to > now())`);
  return row ?? { organisations: 0, users: 0, assignments: 0, withUnit: 0, withoutCpr: 0 };
}
