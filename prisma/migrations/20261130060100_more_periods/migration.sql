-- Two more kinds of history that the log alone had: when organisations were closed, and which roles they might give.

-- A closed organisation's users cannot log in: for that time nobody of it had access.
create table organisation_closing (
  organisation_id int not null references organisation (id),
  valid_from timestamptz(3) not null,
  valid_to timestamptz(3) check (valid_to > valid_from),
  primary key (organisation_id, valid_from)
);

create table right_period (
  organisation_id int not null references organisation (id),
  role_id int not null references role (id),
  valid_from timestamptz(3) not null,
  valid_to timestamptz(3) check (valid_to > valid_from),
  primary key (organisation_id, role_id, valid_from)
);

-- ---------------------------------------------------------------------------------------------------------- triggers

create function turn_organisation_closing() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  moment timestamptz(3) := now();
begin
  if tg_op = 'UPDATE' then
    delete from organisation_closing where organisation_id = new.id and valid_to is null and valid_from >= moment;
    update organisation_closing set valid_to = moment where organisation_id = new.id and valid_to is null;
  end if;
  if new.closed_at is not null then
    insert into organisation_closing (organisation_id, valid_from) values (new.id, new.closed_at)
    on conflict (organisation_id, valid_from) do update set valid_to = null;
  end if;
  return null;
end $$;
create trigger begin_organisation_closing after insert on organisation for each row
  when (new.closed_at is not null) execute function turn_organisation_closing();
create trigger turn_organisation_closing after update on organisation for each row
  when (new.closed_at is distinct from old.closed_at) execute function turn_organisation_closing();

-- Rights come many at once: one statement for all of them.
create function begin_right_periods() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into right_period (organisation_id, role_id, valid_from, valid_to)
  select organisation_id, role_id, granted_at, withdrawn_at from granted
  where withdrawn_at is null or withdrawn_at > granted_at on conflict do nothing;
  return null;
end $$;
create trigger begin_right_periods after insert on organisation_role referencing new table as granted
  for each statement execute function begin_right_periods();

create function turn_right_period() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  ends timestamptz(3) := case tg_op when 'DELETE' then now() else coalesce(new.withdrawn_at, now()) end;
begin
  delete from right_period where organisation_id = old.organisation_id and role_id = old.role_id and valid_to is null and valid_from >= ends;
  update right_period set valid_to = ends where organisation_id = old.organisation_id and role_id = old.role_id and valid_to is null;
  if tg_op = 'UPDATE' then
    insert into right_period (organisation_id, role_id, valid_from)
    select new.organisation_id, new.role_id, new.granted_at where new.withdrawn_at is null
    on conflict (organisation_id, role_id, valid_from) do update set valid_to = null;
  end if;
  return null;
end $$;
create trigger turn_right_period after update on organisation_role for each row
  when ((new.granted_at, new.withdrawn_at) is distinct from (old.granted_at, old.withdrawn_at)) execute function turn_right_period();
create trigger end_right_period after delete on organisation_role for each row execute function turn_right_period();

-- ------------------------------------------------------------------------------------- what is there begins where it began

insert into organisation_closing (organisation_id, valid_from) select id, closed_at from organisation where closed_at is not null;
insert into right_period (organisation_id, role_id, valid_from, valid_to)
select organisation_id, role_id, granted_at, withdrawn_at from organisation_role where withdrawn_at is null or withdrawn_at > granted_at;

-- --------------------------------------------------------------------------------------------------- the wall and grants

do $$
declare
  walled text;
begin
  foreach walled in array array['organisation_closing', 'right_period'] loop
    execute format('alter table %I enable row level security', walled);
    execute format('create policy wall on %I using (
      organisation_id = any ((select visible_organisations())::int[]) or (select sees_all_organisations()))', walled);
  end loop;
end $$;

grant select on organisation_closing, right_period to seb_app;
