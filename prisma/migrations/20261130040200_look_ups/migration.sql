-- Who looked up whose information. Apart from the log of changes: there are many more of them, they are written after the page
-- was answered, and they are kept for some years only. A table for each month, so that a month goes at once.
create table lookup_event (
  id bigint generated always as identity,
  at timestamptz(3) not null,
  -- Whose information it is; empty for a search in all organisations.
  organisation_id int,
  actor_user_id int not null,
  actor_name text not null,
  actor_role text not null,
  -- The person whose page it was; empty for a search, which has its words instead.
  target_user_id int,
  search text,
  page text not null,
  request_id text not null,
  primary key (at, id),
  check ((target_user_id is null) = (search is not null))
) partition by range (at);
create index lookup_event_by_target on lookup_event (target_user_id, at desc, id desc) where target_user_id is not null;
create index lookup_event_by_actor on lookup_event (actor_user_id, at desc, id desc);
create index lookup_event_by_organisation on lookup_event (organisation_id, at desc, id desc);

create trigger lookup_event_append_only before update or delete or truncate on lookup_event
  for each statement execute function refuse_change();

-- The months that lookups are written to: this one, and those of the next year.
create function prepare_lookup_months() returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare
  month timestamptz;
  made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('seb lookup months'));
  for month in select generate_series(date_trunc('month', now(), 'UTC'), date_trunc('month', now(), 'UTC') + interval '12 months', interval '1 month') loop
    if to_regclass(format('lookup_event_%s', to_char(month at time zone 'UTC', 'YYYY_MM'))) is null then
      execute format('create table lookup_event_%s partition of lookup_event for values from (%L) to (%L)',
        to_char(month at time zone 'UTC', 'YYYY_MM'), month, month + interval '1 month');
      made := made + 1;
    end if;
  end loop;
  return made;
end $$;
select prepare_lookup_months();

-- Drops the months that ended so many months ago, and tells how many lookups that were. Half a year at least is kept, whoever asks.
create function remove_old_lookups(months int) returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
declare
  old record;
  counted bigint;
  removed bigint := 0;
begin
  perform pg_advisory_xact_lock(hashtext('seb lookup months'));
  for old in
    select c.oid::regclass as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'lookup_event'::regclass
      and to_timestamp(right(c.relname, 7) || ' UTC', 'YYYY_MM TZ') + interval '1 month' <= now() - make_interval(months => greatest(months, 6))
  loop
    execute format('select count(*) from %s', old.name) into counted;
    execute format('drop table %s', old.name);
    removed := removed + counted;
  end loop;
  return removed;
end $$;

-- Writes what one process has gathered within a second or so; `ago` is in milliseconds, since time is the database's.
create function record_lookups(gathered jsonb) returns void language sql security definer set search_path = public, pg_temp as $$
  insert into lookup_event (at, organisation_id, actor_user_id, actor_name, actor_role, target_user_id, search, page, request_id)
  select clock_timestamp() - make_interval(secs => g.ago / 1000.0), g.organisation_id, g.actor_user_id, g.actor_name, g.actor_role,
    g.target_user_id, g.search, g.page, g.request_id
  from jsonb_to_recordset(gathered) as g (ago float8, organisation_id int, actor_user_id int, actor_name text, actor_role text,
    target_user_id int, search text, page text, request_id text)
$$;

alter table lookup_event enable row level security;
create policy wall on lookup_event using (
  organisation_id = any ((select visible_organisations())::int[]) or (select sees_all_organisations()));

revoke execute on function prepare_lookup_months(), remove_old_lookups(int), record_lookups(jsonb) from public;
grant execute on function prepare_lookup_months(), remove_old_lookups(int), record_lookups(jsonb) to seb_app;
grant select on lookup_event to seb_app;
