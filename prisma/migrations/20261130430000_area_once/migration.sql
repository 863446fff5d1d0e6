-- The area of who gives or changes roles is looked up once a statement. Before, PostgreSQL moved the question whether there is
-- a limit in front of `distinct`, and asked it for every row: a fifth of the time that a large import took.
create or replace function check_area_of_giver() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    with giver as materialized (select distinct created_by_id, organisation_id from changed where created_by_id is not null),
    area as materialized (select giver.*, service_limit(created_by_id, organisation_id) as services from giver)
    select from area l
    where l.services is not null and exists (
      select from changed c join role r on r.id = c.role_id
      where c.created_by_id = l.created_by_id and c.organisation_id = l.organisation_id and not r.service_id = any (l.services))) then
    raise exception 'outside_area' using errcode = '23514', constraint = 'role_assignment_outside_area';
  end if;
  return null;
end $$;

create or replace function check_area_of_changer() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  actor int := nullif(current_setting('seb.actor', true), '')::int;
begin
  if actor is null or not exists (select from administration_in_force f where f.user_id = actor and f.limits_services)
    or exists (select from system_role s where s.user_id = actor) then
    return null;
  end if;
  if exists (
    with touched as materialized (select distinct organisation_id from changed),
    area as materialized (select organisation_id, service_limit(actor, organisation_id) as services from touched)
    select from area l
    where l.services is not null and exists (
      select from changed c join role r on r.id = c.role_id
      where c.organisation_id = l.organisation_id and c.user_id <> actor and not r.service_id = any (l.services))) then
    raise exception 'outside_area' using errcode = '23514', constraint = 'role_assignment_outside_area';
  end if;
  return null;
end $$;
