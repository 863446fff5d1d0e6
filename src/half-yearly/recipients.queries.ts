import type { ReadDb } from '../db/access.ts';
import { sql } from '../db/sql.ts';
import { activeAdministrators } from './active-administrators.queries.ts';

export type Recipient = { userId: number; firstName: string; lastName: string; email: string };

/** Whose turn is next in a run. */
export function listNext(db: ReadDb, runId: number, most: number): Promise<Recipient[]> {
  return db.rows<Recipient>(sql`
    select u.id as "userId", u.first_name as "firstName", u.last_name as "lastName", u.email
    from half_yearly_recipient r join app_user u on u.id = r.user_id
    where r.run_id = ${runId}::int and r.done_at is null order by r.user_id limit ${most}::int`);
}

/** How an organisation stands, for one of its administrators. */
export type Figures = {
  userId: number;
  cvr: string;
  name: string;
  users: number;
  roles: number;
  locked: number;
  dormant: number;
  organisationAdministrators: number;
};

/** The figures of every organisation that these people administer now, in one statement however many they are. */
export function listFigures(db: ReadDb, userIds: readonly number[], dormantDays: number): Promise<Figures[]> {
  return db.rows<Figures>(sql`
    with active as (${activeAdministrators}),
    held as (select user_id, organisation_id from active where user_id = any (${[...userIds]}::int[])),
    told as (
      select organisation_id, count_organisation_administrators(organisation_id) as heads
      from (select distinct organisation_id from held) one),
    people as (
      select u.organisation_id, count(*)::int as users,
        (count(*) filter (where u.locked_from <= now() and (u.locked_until is null or u.locked_until > now())))::int as locked,
        (count(*) filter (where coalesce(l.last_login_at, u.created_at) < now() - ${dormantDays}::int * interval '1 day'))::int as dormant
      from told t join app_user u on u.organisation_id = t.organisation_id and u.deleted_at is null
        left join user_login l on l.user_id = u.id
      group by 1),
    given as (
      select g.organisation_id, count(*)::int as roles
      from told t join role_assignment g on g.organisation_id = t.organisation_id
      where g.withdrawn_at is null and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())
      group by 1)
    select h.user_id as "userId", o.cvr, o.name, coalesce(p.users, 0) as users, coalesce(g.roles, 0) as roles,
      coalesce(p.locked, 0) as locked, coalesce(p.dormant, 0) as dormant, t.heads as "organisationAdministrators"
    from held h join organisation o on o.id = h.organisation_id join told t on t.organisation_id = o.id
      left join people p on p.organisation_id = o.id left join given g on g.organisation_id = o.id
    order by h.user_id, o.name, o.id`);
}
