import type { ReadDb } from '../db/access.ts';
import type { Scope } from '../permissions/scope.ts';
import { noSql, joinSql, sql } from '../db/sql.ts';
import { likeAnywhere, searchWords } from '../shared/text.ts';

export type OrganisationRow = {
  id: number;
  cvr: string;
  name: string;
  isClosed: boolean;
  users: number;
  administrators: number;
};

export const organisationsPerPage = 50;

/** Organisations within the actor's reach by name; one more than a page. */
export function listOrganisations(
  db: ReadDb,
  scope: Scope,
  search: string,
  after: { name: string; id: number } | null,
): Promise<OrganisationRow[]> {
  const conditions = [
    ...(scope === 'all' ? [] : [sql`o.id = any (${[...scope]}::int[])`]),
    ...searchWords(search.replace(/(?<=\d) (?=\d)/g, '')).map((word) => sql`o.search like ${likeAnywhere(word)}`),
    ...(after === null ? [] : [sql`(o.name, o.id) > (${after.name}::text, ${after.id}::int)`]),
  ];
  const where = conditions.length === 0 ? noSql : sql`where ${joinSql(conditions, ' and ')}`;
  return db.rows<OrganisationRow>(sql`
    select o.id, o.cvr, o.name, o.closed_at is not null as "isClosed", t.user_count as users,
      count_organisation_administrators(o.id) as administrators
    from organisation o join organisation_state t on t.organisation_id = o.id
    ${where} order by o.name, o.id limit ${organisationsPerPage + 1}::int`);
}

/** What the front page tells of one organisation. */
export type OrganisationSummary = {
  id: number;
  cvr: string;
  name: string;
  users: number;
  locked: number;
  withoutRoles: number;
  organisationAdministrators: number;
  expiringSoon: number;
  onClosedUnits: number;
};

/** The figures of the actor's own organisations, one row each; counted for at most twenty organisations. */
export function summariseOrganisations(db: ReadDb, organisationIds: readonly number[]): Promise<OrganisationSummary[]> {
  return db.rows<OrganisationSummary>(sql`
    select o.id, o.cvr, o.name, t.user_count as users,
      (select count(*)::int from app_user u where u.organisation_id = o.id and u.deleted_at is null and u.locked_from is not null
        and u.locked_from <= now() and (u.locked_until is null or u.locked_until > now())) as locked,
      (select count(*)::int from app_user u where u.organisation_id = o.id and u.deleted_at is null and not exists (
        select from role_assignment g where g.user_id = u.id and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now()))) as "withoutRoles",
      count_organisation_administrators(o.id) as "organisationAdministrators",
      (select count(*)::int from role_assignment g where g.organisation_id = o.id and g.withdrawn_at is null
        and g.valid_to > now() and g.valid_to < now() + interval '30 days') as "expiringSoon",
      (select count(*)::int from role_assignment g join sor_unit s on s.code = g.sor_code
        where g.organisation_id = o.id and g.withdrawn_at is null and (g.valid_to is null or g.valid_to > now()) and s.closed_on < danish_today()) as "onClosedUnits"
    from organisation o join organisation_state t on t.organisation_id = o.id
    where o.id = any (${organisationIds.slice(0, 20)}::int[]) order by o.name, o.id`);
}
