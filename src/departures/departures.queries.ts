import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import type { AdministratorAddress } from '../users/users.queries.ts';
import type { Departure } from './departure.ts';

/** The user's latest departure that was not cancelled. */
export async function findDeparture(db: ReadDb, organisationId: number, userId: number): Promise<Departure | null> {
  const [row] = await db.rows<Departure>(sql`
    select d.id, d.last_day::text as "lastDay", d.reason, d.version,
      (select u.first_name || ' ' || u.last_name from app_user u where u.id = coalesce(d.changed_by_id, d.created_by_id)) as "plannedBy",
      to_char(d.carried_out_at at time zone 'Europe/Copenhagen', 'DD-MM-YYYY') as "carriedOutOn", d.receipt
    from departure d
    where d.organisation_id = ${organisationId}::int and d.user_id = ${userId}::int and d.cancelled_at is null
    order by d.id desc limit 1`);
  return row ?? null;
}

export type DueDeparture = {
  id: number;
  userId: number;
  lastDay: string;
  organisation: { id: number; cvr: string; name: string };
};

/** Open departures whose last day is over, in every organisation that the transaction sees, longest due first. */
export function listDueDepartures(db: ReadDb): Promise<DueDeparture[]> {
  return db.rows<DueDeparture>(sql`
    select d.id, d.user_id as "userId", d.last_day::text as "lastDay",
      jsonb_build_object('id', o.id, 'cvr', o.cvr, 'name', o.name) as organisation
    from departure d join organisation o on o.id = d.organisation_id
    where d.carried_out_at is null and d.cancelled_at is null and d.last_day < danish_today()
    order by d.last_day, d.id`);
}

/** Who planned the departure, as far as they still administer the organisation's users. */
export function listPlanners(db: ReadDb, organisationId: number, departureId: number): Promise<AdministratorAddress[]> {
  return db.rows<AdministratorAddress>(sql`
    select u.id as "userId", u.first_name as "firstName", u.last_name as "lastName", u.email
    from departure d join app_user u on u.id in (d.created_by_id, d.changed_by_id)
    where d.id = ${departureId}::int and u.deleted_at is null
      and not (u.locked_from is not null and u.locked_from <= now() and (u.locked_until is null or u.locked_until > now()))
      and exists (
        select from administrator a where a.user_id = u.id and a.organisation_id = ${organisationId}::int and a.kind <> 'READ_ONLY'
          and a.valid_from <= now() and (a.valid_to is null or a.valid_to > now()))
    order by u.id`);
}
