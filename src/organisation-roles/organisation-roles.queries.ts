import type { ReadDb } from '../db/access.ts';
import type { Sql } from '../db/sql.ts';
import { joinSql, noSql, sql } from '../db/sql.ts';
import type { Cursor } from '../http/keyset.ts';
import { dayOf } from '../role-assignments/period.queries.ts';
import { likeAnywhere, searchWords } from '../shared/text.ts';
import { isOpenRole } from './rights.queries.ts';

/** A role that the organisation may give. */
export type Right = {
  roleId: number;
  roleCode: string;
  roleName: string;
  serviceId: number;
  serviceCode: string;
  serviceName: string;
  needsSor: boolean;
  needsCpr: boolean;
  /** dd-mm-åååå */
  grantedOn: string;
  /** yyyy-mm-dd, of the role or its service, whichever is first. */
  retiresOn: string | null;
  isOpen: boolean;
  users: number;
};

export type RightsFilter = { search: string; serviceId: number | null };
export const rightsPerPage = 50;

function meant(organisationId: number, { search, serviceId }: RightsFilter): Sql {
  const words = sql`search_fold(concat_ws(' ', s.code, s.name, r.code, r.name, array_to_string(r.synonyms, ' ')))`;
  return joinSql(
    [
      sql`g.organisation_id = ${organisationId}::int`,
      sql`g.withdrawn_at is null`,
      ...searchWords(search).map((word) => sql`${words} like ${likeAnywhere(word)}`),
      ...(serviceId === null ? [] : [sql`s.id = ${serviceId}::int`]),
    ],
    ' and ',
  );
}

/** "Rettigheder til roller", by service and role; one more than a page. */
export function listRights(
  db: ReadDb,
  organisationId: number,
  filter: RightsFilter,
  cursor: Cursor | null,
): Promise<Right[]> {
  const [serviceName = '', roleName = ''] = cursor?.values ?? [];
  const beyond =
    cursor === null
      ? noSql
      : sql`and (s.name, r.name, r.id) > (${serviceName}::text, ${roleName}::text, ${cursor.id}::int)`;
  return db.rows<Right>(sql`
    select r.id as "roleId", r.code as "roleCode", r.name as "roleName", s.id as "serviceId", s.code as "serviceCode", s.name as "serviceName",
      r.needs_sor as "needsSor", r.needs_cpr as "needsCpr", ${dayOf(sql`g.granted_at`)} as "grantedOn",
      least(r.retires_on, s.retires_on)::text as "retiresOn", ${isOpenRole} as "isOpen",
      (select count(distinct a.user_id)::int from role_assignment a where a.organisation_id = g.organisation_id and a.role_id = r.id
        and a.valid_from <= now() and (a.valid_to is null or a.valid_to > now())) as users
    from organisation_role g join role r on r.id = g.role_id join service s on s.id = r.service_id
    where ${meant(organisationId, filter)} ${beyond} order by s.name, r.name, r.id limit ${rightsPerPage + 1}::int`);
}

export async function countRights(db: ReadDb, organisationId: number, filter: RightsFilter): Promise<number> {
  const [row] = await db.rows<{ count: number }>(sql`
    select count(*)::int as count from organisation_role g join role r on r.id = g.role_id join service s on s.id = r.service_id
    where ${meant(organisationId, filter)}`);
  return row?.count ?? 0;
}

/** The services of which the organisation may give a role, retired ones too. */
export function listServicesOfRights(db: ReadDb, organisationId: number): Promise<{ id: number; name: string }[]> {
  return db.rows<{ id: number; name: string }>(sql`
    select s.id, s.name from service s where exists (
      select from organisation_role g join role r on r.id = g.role_id
      where r.service_id = s.id and g.organisation_id = ${organisationId}::int and g.withdrawn_at is null)
    order by s.name, s.id`);
}

export type OrganisationOfRole = { id: number; cvr: string; name: string; grantedOn: string; users: number };
export const organisationsPerPage = 50;

/** The organisations that may give a role, by name; one more than a page. */
export function listOrganisationsOfRole(
  db: ReadDb,
  roleId: number,
  search: string,
  after: { name: string; id: number } | null,
): Promise<OrganisationOfRole[]> {
  const conditions = [
    sql`g.role_id = ${roleId}::int`,
    sql`g.withdrawn_at is null`,
    sql`o.closed_at is null`,
    ...searchWords(search.replace(/(?<=\d) (?=\d)/g, '')).map((word) => sql`o.search like ${likeAnywhere(word)}`),
    ...(after === null ? [] : [sql`(o.name, o.id) > (${after.name}::text, ${after.id}::int)`]),
  ];
  return db.rows<OrganisationOfRole>(sql`
    select o.id, o.cvr, o.name, ${dayOf(sql`g.granted_at`)} as "grantedOn",
      (select count(distinct a.user_id)::int from role_assignment a where a.organisation_id = o.id and a.role_id = g.role_id
        and a.valid_from <= now() and (a.valid_to is null or a.valid_to > now())) as users
    from organisation_role g join organisation o on o.id = g.organisation_id
    where ${joinSql(conditions, ' and ')} order by o.name, o.id limit ${organisationsPerPage + 1}::int`);
}
