-- History by periods, kept by triggers: "who had access when" is one indexed query and needs no replay of the log.
-- An assignment's own row tells its period; what was edited away while it counted is kept beside it. Users and
-- administrators get a row for each period in which what is told of them was the same. Names of organisations, services and
-- roles: the former ones, with the moment until which each was right. SOR's former names are in sor_change.

-- ------------------------------------------------------------------------------------------------------------ tables

create table user_period (
  user_id int not null,
  organisation_id int not null,
  valid_from timestamptz(3) not null,
  valid_to timestamptz(3) check (valid_to > valid_from),
  first_name text collate "da-x-icu" not null,
  last_name text collate "da-x-icu" not null,
  email text not null,
  rid text not null,
  -- The lock as it stood: of one that lies ahead or has an end, only what falls into the period counts.
  locked_from timestamptz(3),
  locked_until timestamptz(3),
  -- What is known last of the user, also of one who is deleted.
  is_latest boolean not null default true,
  primary key (user_id, valid_from),
  foreign key (user_id, organisation_id) references app_user (id, organisation_id)
);
create unique index user_period_latest on user_period (user_id) where is_latest;
-- As lists are ordered: a report of a former day walks it and begins at once.
create index user_period_by_name on user_period (organisation_id, last_name, first_name, user_id);

create table administrator_period (
  administrator_id int not null,
  organisation_id int not null references organisation (id),
  user_id int not null references app_user (id),
  kind administrator_kind not null,
  responsibility_area text,
  limits_services boolean not null,
  valid_from timestamptz(3) not null,
  valid_to timestamptz(3) check (valid_to > valid_from),
  primary key (administrator_id, valid_from)
);
create index administrator_period_by_organisation on administrator_period (organisation_id, valid_from);
create index administrator_period_by_user on administrator_period (user_id);

-- Where an assignment counted before it was edited; the row of the assignment itself begins anew (placed_from).
create table assignment_past (
  assignment_id int not null references role_assignment (id),
  organisation_id int not null,
  user_id int not null,
  role_id int not null,
  sor_code text,
  scope assignment_scope not null,
  valid_from timestamptz(3) not null,
  valid_to timestamptz(3) not null check (valid_to > valid_from),
  primary key (assignment_id, valid_from)
);
create index assignment_past_by_user on assignment_past (user_id);

alter table role_assignment add column placed_from timestamptz(3);

create table former_name (
  noun text not null check (noun in ('ORGANISATION', 'SERVICE', 'ROLE')),
  id int not null,
  valid_to timestamptz(3) not null,
  name text collate "da-x-icu" not null,
  primary key (noun, id, valid_to)
);

create index sor_change_of_name on sor_change (code, import_id) where kind = 'RENAMED';

-- Every period in which an assignment counted at one place; an empty one never did.
create view access_period with (security_invoker = true) as
  select g.id as assignment_id, g.organisation_id, g.user_id, g.role_id, g.sor_code, g.scope,
    coalesce(g.placed_from, g.valid_from) as valid_from, g.valid_to
  from role_assignment g
  union all
  select p.assignment_id, p.organisation_id, p.user_id, p.role_id, p.sor_code, p.scope, p.valid_from, p.valid_to
  from assignment_past p;

-- ---------------------------------------------------------------------------------------------------------- triggers

create function begin_user_periods() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into user_period (user_id, organisation_id, valid_from, valid_to, first_name, last_name, email, rid, locked_from, locked_until)
  select id, organisation_id, created_at, deleted_at, first_name, last_name, email, rid, locked_from, locked_until
  from created where deleted_at is null or deleted_at > created_at;
  return null;
end $$;
create trigger begin_user_periods after insert on app_user referencing new table as created
  for each statement execute function begin_user_periods();

-- Several changes in one moment (one transaction) are one: the last counts.
create function turn_user_period() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  moment timestamptz(3) := now();
begin
  delete from user_period where user_id = new.id and valid_from >= moment;
  update user_period set valid_to = coalesce(valid_to, moment), is_latest = new.deleted_at is not null
    where user_id = new.id and (is_latest or valid_to is null or valid_to = moment);
  if new.deleted_at is null then
    insert into user_period (user_id, organisation_id, valid_from, first_name, last_name, email, rid, locked_from, locked_until)
    values (new.id, new.organisation_id, moment, new.first_name, new.last_name, new.email, new.rid, new.locked_from, new.locked_until);
  end if;
  return null;
end $$;
create trigger turn_user_period after update on app_user for each row
  when ((new.first_name, new.last_name, new.email, new.rid, new.locked_from, new.locked_until, new.deleted_at)
    is distinct from (old.first_name, old.last_name, old.email, old.rid, old.locked_from, old.locked_until, old.deleted_at))
  execute function turn_user_period();

create function turn_administrator_period() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  moment timestamptz(3) := now();
  begins timestamptz(3);
begin
  if tg_op <> 'INSERT' then
    delete from administrator_period where administrator_id = old.id and valid_from >= moment;
    update administrator_period set valid_to = moment
      where administrator_id = old.id and (valid_to is null or valid_to > moment);
  end if;
  if tg_op <> 'DELETE' then
    begins := case tg_op when 'INSERT' then new.valid_from else greatest(moment, new.valid_from) end;
    insert into administrator_period (administrator_id, organisation_id, user_id, kind, responsibility_area, limits_services, valid_from, valid_to)
    select new.id, new.organisation_id, new.user_id, new.kind, new.responsibility_area, new.limits_services, begins, new.valid_to
    where new.valid_to is null or new.valid_to > begins;
  end if;
  return null;
end $$;
create trigger begin_administrator_period after insert or delete on administrator for each row execute function turn_administrator_period();
create trigger turn_administrator_period after update on administrator for each row
  when ((new.kind, new.responsibility_area, new.limits_services, new.valid_from, new.valid_to)
    is distinct from (old.kind, old.responsibility_area, old.limits_services, old.valid_from, old.valid_to))
  execute function turn_administrator_period();

-- Giving and taking away write nothing here: only moving an assignment that counts does.
create function keep_place() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  moment timestamptz(3) := now();
  began timestamptz(3) := coalesce(old.placed_from, old.valid_from);
begin
  if began >= moment then return new; end if;
  insert into assignment_past (assignment_id, organisation_id, user_id, role_id, sor_code, scope, valid_from, valid_to)
  values (old.id, old.organisation_id, old.user_id, old.role_id, old.sor_code, old.scope, began, least(moment, coalesce(old.valid_to, moment)));
  new.placed_from := moment;
  return new;
end $$;
create trigger keep_place before update on role_assignment for each row
  when (new.sor_code is distinct from old.sor_code or new.scope <> old.scope) execute function keep_place();

create function keep_former_name() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into former_name (noun, id, valid_to, name) values (tg_argv[0], old.id, now(), old.name) on conflict do nothing;
  return null;
end $$;
create trigger keep_former_name after update on organisation for each row
  when (new.name is distinct from old.name) execute function keep_former_name('ORGANISATION');
create trigger keep_former_name after update on service for each row
  when (new.name is distinct from old.name) execute function keep_former_name('SERVICE');
create trigger keep_former_name after update on role for each row
  when (new.name is distinct from old.name) execute function keep_former_name('ROLE');

-- What a noun was called at a moment; `now_called` is what it is called today.
create function name_then(of_noun text, of_id int, moment timestamptz, now_called text) returns text language sql stable
  return coalesce((
    select f.name from former_name f where f.noun = of_noun and f.id = of_id and f.valid_to > moment order by f.valid_to limit 1), now_called);
create function unit_name_then(of_code text, moment timestamptz, now_called text) returns text language sql stable
  return coalesce((
    select c.before from sor_change c join sor_import i on i.id = c.import_id
    where c.code = of_code and c.kind = 'RENAMED' and i.imported_at > moment order by c.import_id limit 1), now_called);

-- ------------------------------------------------------------------------------------- what is there begins where it began

insert into user_period (user_id, organisation_id, valid_from, valid_to, first_name, last_name, email, rid, locked_from, locked_until)
select id, organisation_id, created_at, deleted_at, first_name, last_name, email, rid, locked_from, locked_until
from app_user where deleted_at is null or deleted_at > created_at;
insert into administrator_period (administrator_id, organisation_id, user_id, kind, responsibility_area, limits_services, valid_from, valid_to)
select id, organisation_id, user_id, kind, responsibility_area, limits_services, valid_from, valid_to
from administrator where valid_to is null or valid_to > valid_from;

-- --------------------------------------------------------------------------------------------------- the wall and grants

do $$
declare
  walled text;
begin
  foreach walled in array array['user_period', 'administrator_period', 'assignment_past'] loop
    execute format('alter table %I enable row level security', walled);
    execute format('create policy wall on %I using (
      organisation_id = any ((select visible_organisations())::int[]) or (select sees_all_organisations()))', walled);
  end loop;
end $$;
alter table former_name enable row level security;
create policy wall on former_name using (noun <> 'ORGANISATION'
  or id = any ((select visible_organisations())::int[]) or (select sees_all_organisations()));

grant select on user_period, administrator_period, assignment_past, former_name, access_period to seb_app;
