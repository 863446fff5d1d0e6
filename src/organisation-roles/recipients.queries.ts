import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { AdministratorAddress } from '../users/users.queries.ts';

/** The organisationsadministratorer of many organisations that the transaction sees, wherever they are users. */
export function listAdministratorsOfMany(
  db: ReadDb,
  organisationIds: readonly number[],
): Promise<(AdministratorAddress & { organisationId: number })[]> {
  return db.rows<AdministratorAddress & { organisationId: number }>(sql`
    select o.id as "organisationId", a.user_id as "userId", a.first_name as "firstName", a.last_name as "lastName", a.email
    from unnest(${[...organisationIds]}::int[]) as o (id), organisation_administrator_addresses(o.id) a
    order by o.id, a.user_id`);
}
