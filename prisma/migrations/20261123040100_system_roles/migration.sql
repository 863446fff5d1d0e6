-- System roles are given and taken by the system owner's pages; the last system owner stays, and who is deleted holds none.

grant insert (user_id, kind), delete on system_role to seb_app;

-- Who counts: not deleted, in an open organisation, without a planned departure. Locking is not held back: it gives nobody
-- anything, and a system owner whose login is in wrong hands must be stopped at once.
create view lasting_system_owner as
  select s.user_id
  from system_role s join app_user u on u.id = s.user_id join organisation o on o.id = u.organisation_id
  where s.kind = 'SYSTEM_OWNER' and u.deleted_at is null and o.closed_at is null
    and not exists (
      select from departure d where d.user_id = u.id and d.carried_out_at is null and d.cancelled_at is null);

create function keep_one_system_owner() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- One after the other, each with what the one before has left.
  perform pg_advisory_xact_lock(hashtext('seb last system owner'));
  if not exists (select from lasting_system_owner) then
    raise exception 'last system owner' using errcode = '23514', constraint = 'system_keeps_owner';
  end if;
  return null;
end $$;
create constraint trigger keep_one_system_owner after update or delete on system_role
  deferrable initially deferred for each row when (old.kind = 'SYSTEM_OWNER') execute function keep_one_system_owner();

create function keep_one_system_owner_after_departure() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from system_role where user_id = new.user_id and kind = 'SYSTEM_OWNER') then
    perform pg_advisory_xact_lock(hashtext('seb last system owner'));
    if not exists (select from lasting_system_owner) then
      raise exception 'last system owner' using errcode = '23514', constraint = 'system_keeps_owner';
    end if;
  end if;
  return null;
end $$;
create constraint trigger keep_one_system_owner after insert or update on departure
  deferrable initially deferred for each row
  when (new.carried_out_at is null and new.cancelled_at is null) execute function keep_one_system_owner_after_departure();

-- Deleting a user ends the system roles too (end-access.changes.ts); kept here for whatever deletes another way.
create function deleted_holds_no_system_role() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from system_role where user_id = new.id) then
    raise exception 'deleted user holds a system role' using errcode = '23514', constraint = 'deleted_holds_system_role';
  end if;
  return null;
end $$;
create constraint trigger deleted_holds_no_system_role after update on app_user
  deferrable initially deferred for each row
  when (new.deleted_at is not null and old.deleted_at is null) execute function deleted_holds_no_system_role();
