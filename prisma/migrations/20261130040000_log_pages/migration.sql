-- The pages of the log: an index for each filter that can stand alone, and the people whom a typed name may mean.

drop index audit_event_by_time;
create index audit_event_by_time on audit_event (at, id);
create index audit_event_by_kind on audit_event (kind, id desc);
create index audit_event_by_organisation_kind on audit_event (organisation_id, kind, id desc);

-- Whoever is deleted still stands in the log.
create index app_user_search_deleted on app_user using gin (organisation_id, search gin_trgm_ops) where deleted_at is not null;

-- Events are numbered as they are written, and each reads the clock within its statement, which lasts a minute at most: an
-- event of a period has a number between these two. They see all events, since behind the wall the nearest one of an
-- organisation may be far away; they tell a number and nothing else.
create function audit_event_before(moment timestamptz) returns bigint language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce((select id from audit_event where at < moment - interval '1 hour' order by at desc, id desc limit 1), 0)
$$;
create function audit_event_after(moment timestamptz) returns bigint language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce((select id from audit_event where at >= moment + interval '1 hour' order by at, id limit 1), 9223372036854775807)
$$;

-- The people whose name, e-mail, RID or username holds every pattern and who may stand in the log of an organisation that the
-- transaction sees: its users, also deleted ones, its administrators and their substitutes from elsewhere, and the system's own
-- people. Null: of all organisations. Only ids, which are good for nothing but to find the events that one sees anyway.
create function people_of_log(patterns text[], of_organisation int, most int) returns setof int
  language sql stable security definer set search_path = public, pg_temp as $$
  select id from (
    (select u.id from app_user u
     where u.deleted_at is null and u.search like patterns[1] and u.search like all (patterns) and u.organisation_id = of_organisation limit most)
    union
    (select u.id from app_user u
     where u.deleted_at is not null and u.search like patterns[1] and u.search like all (patterns) and u.organisation_id = of_organisation limit most)
    union
    (select u.id from app_user u
     where u.deleted_at is null and u.search like patterns[1] and u.search like all (patterns) and of_organisation is null limit most)
    union
    (select u.id from app_user u
     where u.deleted_at is not null and u.search like patterns[1] and u.search like all (patterns) and of_organisation is null limit most)
    union
    (select u.id from app_user u
     where u.search like all (patterns) and of_organisation is not null and u.id in (
       select a.user_id from administrator a where a.organisation_id = of_organisation
       union select s.user_id from administrator_substitute s where s.organisation_id = of_organisation
       union select s.user_id from system_role s) limit most)) found (id)
  where sees_all_organisations() or of_organisation = any (visible_organisations())
  order by id limit most
$$;
revoke execute on function audit_event_before(timestamptz), audit_event_after(timestamptz), people_of_log(text[], int, int) from public;
grant execute on function audit_event_before(timestamptz), audit_event_after(timestamptz), people_of_log(text[], int, int) to seb_app;
