-- Reports over large organisations: former names are looked up by the report's own statement (a function call for each row and
-- name cost more than the row), and the first count of a year walks each table once.

drop function name_then(text, int, timestamptz, text);
drop function unit_name_then(text, timestamptz, text);

create or replace function count_report_figures() returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare
  today date := danish_today();
  first_day date := case when exists (select from daily_figure) then today else today - 364 end;
  counted int;
begin
  if exists (select from daily_figure where day = today) then return 0; end if;
  -- What begins counts from the first week's day on that is not before it, what ended no longer from the one after its last.
  with moved as (
    select organisation_id, greatest(first_day, today - (today - valid_from::date) / 7 * 7) as day, 1 as users, 0 as assignments
      from user_period where valid_from < today + 1
    union all
    select organisation_id, greatest(first_day, today - (today - valid_to::date) / 7 * 7), -1, 0
      from user_period where valid_to < today + 1
    union all
    select organisation_id, greatest(first_day, today - (today - valid_from::date) / 7 * 7), 0, 1
      from role_assignment where valid_from < today + 1
    union all
    select organisation_id, greatest(first_day, today - (today - valid_to::date) / 7 * 7), 0, -1
      from role_assignment where valid_to < today + 1 and valid_from < today + 1),
  summed as (select organisation_id, day, sum(users)::int as users, sum(assignments)::int as assignments from moved group by 1, 2)
  insert into daily_figure (organisation_id, day, users, assignments)
  select o.id, d.day::date, coalesce(sum(s.users) over time, 0), coalesce(sum(s.assignments) over time, 0)
  from generate_series(first_day, today, interval '7 days') d (day) cross join organisation o
    left join summed s on s.organisation_id = o.id and s.day = d.day::date
  window time as (partition by o.id order by d.day);
  get diagnostics counted = row_count;
  delete from service_figure;
  insert into service_figure (organisation_id, service_id, users, assignments, counted_on)
  select a.organisation_id, r.service_id, count(distinct a.user_id), count(*), today
  from role_assignment a join role r on r.id = a.role_id
  where a.valid_from <= now() and (a.valid_to is null or a.valid_to > now())
  group by 1, 2;
  delete from login_age_figure;
  insert into login_age_figure (organisation_id, within_30, within_90, within_180, within_365, longer, never, counted_on)
  select u.organisation_id, count(*) filter (where age < 30), count(*) filter (where age between 30 and 89),
    count(*) filter (where age between 90 and 179), count(*) filter (where age between 180 and 364),
    count(*) filter (where age >= 365), count(*) filter (where age is null), today
  from (select u.organisation_id, today - (l.last_login_at at time zone 'Europe/Copenhagen')::date as age
    from app_user u left join user_login l on l.user_id = u.id where u.deleted_at is null) u
  group by 1;
  return counted;
end $$;
