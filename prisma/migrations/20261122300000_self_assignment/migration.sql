-- Nobody gives a role to oneself unless the system owner allows it for the organisation at this moment (permissions,
-- condition 6): kept here too, since a page may have been open while the permission was taken back.

create function check_self_assignments() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from changed c join organisation o on o.id = c.organisation_id
    where c.created_by_id = c.user_id and not o.self_assignment_allowed) then
    raise exception 'self_not_allowed' using errcode = '23514', constraint = 'role_assignment_self_not_allowed';
  end if;
  return null;
end $$;
create trigger check_self_assignments after insert on role_assignment referencing new table as changed
  for each statement execute function check_self_assignments();
