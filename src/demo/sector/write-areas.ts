import type { Connection } from './rows.ts';

/** A brugeradministrator who answers for one service, and the services' code; all that was given before stays as it was. */
const limits = [{ user: 'region-3', service: 'fut' }];

/** Who does whose work while the person is away: Lars Thygesen is on leave, and locked. */
const substitutes = [{ away: 'locked', by: 'region-1', days: 45 }];

/** Ansvarsområder and substitutes, when everything that was given is written: nobody was limited then. */
export async function writeAreas(db: Connection, users: ReadonlyMap<string, { id: number }>): Promise<void> {
  for (const { user, service } of limits) {
    await db.query('update administrator set limits_services = true where user_id = $1', [users.get(user)?.id]);
    await db.query(
      `insert into administrator_service (administrator_id, organisation_id, service_id)
       select a.id, a.organisation_id, s.id from administrator a join service s on s.code = $2 where a.user_id = $1`,
      [users.get(user)?.id, service],
    );
  }
  for (const { away, by, days } of substitutes)
    await db.query(
      `insert into administrator_substitute (organisation_id, administrator_id, user_id, valid_to)
       select a.organisation_id, a.id, $2, ((danish_today() + $3::int)::timestamp at time zone 'Europe/Copenhagen')
       from administrator a where a.user_id = $1`,
      [users.get(away)?.id, users.get(by)?.id, days],
    );
}
