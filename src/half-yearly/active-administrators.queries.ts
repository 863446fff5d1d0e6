import { sql } from '../db/sql.ts';

/** Who administers users now, a row an organisation: brugeradministratorer and organisationsadministratorer who can log in. */
export const activeAdministrators = sql`
  select a.user_id, a.organisation_id
  from administrator a
    join organisation o on o.id = a.organisation_id and o.closed_at is null
    join app_user u on u.id = a.user_id and u.deleted_at is null
      and not (u.locked_from is not null and u.locked_from <= now() and (u.locked_until is null or u.locked_until > now()))
    join organisation home on home.id = u.organisation_id and home.closed_at is null
  where a.kind in ('ORGANISATION', 'USER') and a.valid_from <= now() and (a.valid_to is null or a.valid_to > now())`;
