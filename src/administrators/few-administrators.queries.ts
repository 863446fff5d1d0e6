import type { ReadDb } from '../db/access.ts';
import { noSql, sql } from '../db/sql.ts';

/** An open organisation that would be better off with another organisationsadministrator. */
export type FewAdministrators = {
  id: number;
  cvr: string;
  name: string;
  users: number;
  administrators: number;
  /** The names of those there are, comma between; null when there is none. */
  names: string | null;
};

export const fewPerPage = 50;

/** Organisations with none or one organisationsadministrator who can act today, by name; one more than a page. */
export function listOrganisationsWithFewAdministrators(
  db: ReadDb,
  after: { name: string; id: number } | null,
): Promise<FewAdministrators[]> {
  const beyond = after === null ? noSql : sql`and (o.name, o.id) > (${after.name}::text, ${after.id}::int)`;
  return db.rows<FewAdministrators>(sql`
    select o.id, o.cvr, o.name, t.user_count as users, c.administrators,
      (select string_agg(a.first_name || ' ' || a.last_name, ', ') from organisation_administrator_addresses(o.id) a) as names
    from organisation o
      join organisation_state t on t.organisation_id = o.id
      cross join lateral (select count_organisation_administrators(o.id) as administrators) c
    where o.closed_at is null and c.administrators < 2 ${beyond}
    order by o.name, o.id limit ${fewPerPage + 1}::int`);
}
