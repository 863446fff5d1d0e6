-- Services and roles are kept in the application, the system owner says which roles an organisation may give, and an
-- organisation asks for the services that it lacks.

-- -------------------------------------------------------------------------------------------------- services and roles

alter table service
  -- Support of the service's own, shown instead of the servicedesk's where it is there.
  add column support_name text check (is_plain_text(support_name, 200)),
  add column support_phone text check (is_plain_text(support_phone, 40)),
  add column support_email text check (is_plain_text(support_email, 254)),
  add column support_links text[] not null default '{}' check (cardinality(support_links) <= 5),
  -- From this day on its roles cannot be given; retired_at is when that was carried out.
  add column retires_on date,
  add column successor_id int references service (id) check (successor_id <> id),
  add column successor_role_id int references role (id),
  add column version int not null default 1,
  add constraint service_one_successor check (num_nonnulls(successor_id, successor_role_id) <= 1);

alter table role
  add column retires_on date,
  add column successor_service_id int references service (id) check (successor_service_id <> service_id),
  add column version int not null default 1,
  add constraint role_not_own_successor check (successor_id <> id),
  add constraint role_one_successor check (num_nonnulls(successor_id, successor_service_id) <= 1);

create index service_retiring on service (retires_on) where retires_on is not null and retired_at is null;
create index role_retiring on role (retires_on) where retires_on is not null and retired_at is null;

-- A code is what the services are told ("nspPlejeAssR3_0_3"), so it stays from the moment that an organisation may give it.
create function keep_role_code() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from organisation_role where role_id = new.id) then
    raise exception 'role_code_in_use' using errcode = '23514', constraint = 'role_code_in_use';
  end if;
  return new;
end $$;
create trigger keep_role_code before update of code, service_id on role for each row
  when (new.code <> old.code or new.service_id <> old.service_id) execute function keep_role_code();

create function keep_service_code() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from organisation_role g join role r on r.id = g.role_id where r.service_id = new.id) then
    raise exception 'service_code_in_use' using errcode = '23514', constraint = 'service_code_in_use';
  end if;
  return new;
end $$;
create trigger keep_service_code before update of code on service for each row
  when (new.code <> old.code) execute function keep_service_code();

-- The day counts, not the job that carries it out.
create function check_retirement() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from changed c join role r on r.id = c.role_id join service s on s.id = r.service_id
    where c.withdrawn_at is null and (r.retires_on <= danish_today() or s.retires_on <= danish_today())) then
    raise exception 'role_not_givable' using errcode = '23514', constraint = 'role_assignment_role_not_givable';
  end if;
  return null;
end $$;
create trigger check_retirement after insert on role_assignment referencing new table as changed
  for each statement execute function check_retirement();

-- ------------------------------------------------------------------------------------ which roles an organisation may give

create function check_new_rights() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from changed c
      join organisation o on o.id = c.organisation_id
      join role r on r.id = c.role_id
      join service s on s.id = r.service_id
    where c.withdrawn_at is null and (o.closed_at is not null or r.retired_at is not null or s.retired_at is not null
      or least(r.retires_on, s.retires_on) <= danish_today())) then
    raise exception 'organisation_role_right_not_open' using errcode = '23514', constraint = 'organisation_role_right_not_open';
  end if;
  return null;
end $$;
create trigger check_new_rights after insert on organisation_role referencing new table as changed
  for each statement execute function check_new_rights();

-- Row by row: what is withdrawn, however much, is not looked at.
create function check_renewed_right() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from organisation o, role r join service s on s.id = r.service_id
    where o.id = new.organisation_id and r.id = new.role_id and (o.closed_at is not null or r.retired_at is not null
      or s.retired_at is not null or least(r.retires_on, s.retires_on) <= danish_today())) then
    raise exception 'organisation_role_right_not_open' using errcode = '23514', constraint = 'organisation_role_right_not_open';
  end if;
  return null;
end $$;
create trigger check_renewed_right after update on organisation_role for each row
  when (old.withdrawn_at is not null and new.withdrawn_at is null) execute function check_renewed_right();

-- --------------------------------------------------------------------------------- an organisation asks for a service

-- One request for roles of one service: the organisation's own, or one that its sikkerhedsansvarlig made outside SEB and the
-- system owner registered (asked_by, asked_on). Names are kept here, since people may belong to other organisations.
create table service_access_request (
  id int generated by default as identity primary key,
  organisation_id int not null references organisation (id),
  service_id int not null references service (id),
  purpose text not null check (is_plain_text(purpose, 2000)),
  legal_basis text not null check (is_plain_text(legal_basis, 1000)),
  contact_name text not null check (is_plain_text(contact_name, 200)),
  contact_email text not null check (is_plain_text(contact_email, 254)),
  contact_phone text check (is_plain_text(contact_phone, 40)),
  asked_by text check (is_plain_text(asked_by, 200)),
  asked_on date,
  created_by_id int not null references app_user (id),
  created_by_name text not null,
  created_at timestamptz(3) not null default now(),
  withdrawn_at timestamptz(3),
  withdrawn_by_name text,
  decided_at timestamptz(3),
  decided_by_id int references app_user (id),
  decided_by_name text,
  decision_reason text check (is_plain_text(decision_reason, 1000)),
  unique (id, organisation_id),
  check ((asked_by is null) = (asked_on is null)),
  check (withdrawn_at is null or decided_at is null),
  check ((withdrawn_at is null) = (withdrawn_by_name is null)),
  check ((decided_at is null) = (decided_by_id is null) and (decided_at is null) = (decided_by_name is null))
);
create index service_access_request_open on service_access_request (id) where decided_at is null and withdrawn_at is null;
create index service_access_request_by_organisation on service_access_request (organisation_id, id);

-- A role that is asked for, and how it was decided.
create table service_access_request_role (
  request_id int not null,
  organisation_id int not null,
  role_id int not null references role (id),
  is_granted boolean,
  primary key (request_id, role_id),
  foreign key (request_id, organisation_id) references service_access_request (id, organisation_id)
);

-- One decision, whoever else looked at the request at the same time.
create function keep_decision() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  raise exception 'service_access_is_over' using errcode = '23514', constraint = 'service_access_is_over';
end $$;
create trigger keep_decision before update on service_access_request for each row
  when (old.decided_at is not null or old.withdrawn_at is not null) execute function keep_decision();
create trigger keep_decision before update on service_access_request_role for each row
  when (old.is_granted is not null) execute function keep_decision();

do $$
declare
  noun text;
begin
  foreach noun in array array['service_access_request', 'service_access_request_role'] loop
    execute format('create trigger audit_insert after insert on %I referencing new table as changed
      for each statement execute function audit_mark_organisation_rows()', noun);
    execute format('create trigger audit_update after update on %I referencing new table as changed
      for each statement execute function audit_mark_organisation_rows()', noun);
    execute format('create trigger audit_delete after delete on %I referencing old table as changed
      for each statement execute function audit_mark_organisation_rows()', noun);
    execute format('create trigger audit_truncate before truncate on %I
      for each statement execute function refuse_change()', noun);
    execute format('alter table %I enable row level security', noun);
    execute format('create policy wall on %I using (
      organisation_id = any ((select visible_organisations())::int[]) or (select sees_all_organisations()))', noun);
  end loop;
end $$;

-- Who decides on requests: told of each new one, from behind the asking organisation's wall.
create function service_access_deciders()
  returns table (user_id int, first_name text, last_name text, email text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select u.id, u.first_name, u.last_name, u.email
  from system_role s join app_user u on u.id = s.user_id
  where s.kind = 'SYSTEM_OWNER' and u.deleted_at is null
    and not (u.locked_from is not null and u.locked_from <= now() and (u.locked_until is null or u.locked_until > now()))
  order by u.id
$$;

-- ------------------------------------------------------------------------------------------------------------- grants

grant insert (code, name, owner, description, source, support_name, support_phone, support_email, support_links)
  on service to seb_app;
grant update (code, name, owner, description, support_name, support_phone, support_email, support_links, retires_on,
  retired_at, successor_id, successor_role_id, version) on service to seb_app;
grant insert (service_id, code, name, description, synonyms, needs_sor, needs_cpr, sensitivity, source) on role to seb_app;
grant update (code, name, description, synonyms, needs_sor, needs_cpr, sensitivity, retires_on, retired_at, successor_id,
  successor_service_id, version) on role to seb_app;
grant insert (organisation_id, role_id), update (granted_at, withdrawn_at) on organisation_role to seb_app;
grant select on service_access_request, service_access_request_role to seb_app;
grant insert (organisation_id, service_id, purpose, legal_basis, contact_name, contact_email, contact_phone, asked_by, asked_on,
  created_by_id, created_by_name) on service_access_request to seb_app;
grant update (withdrawn_at, withdrawn_by_name, decided_at, decided_by_id, decided_by_name, decision_reason)
  on service_access_request to seb_app;
grant insert (request_id, organisation_id, role_id), update (is_granted) on service_access_request_role to seb_app;
