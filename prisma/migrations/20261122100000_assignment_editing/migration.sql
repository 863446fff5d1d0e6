-- Editing an assignment in place: its unit, scope and period may change, under the rules that a new one is given by.

grant update (sor_code, scope, valid_from) on role_assignment to seb_app;

-- What may be edited, and what a wider assignment must fulfil. Taking something away (an earlier end, a narrower scope) is
-- always possible, also for roles, units and users that nothing can be given to any longer.
create function check_changed_assignments() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  fault text;
begin
  select case
      when c.user_id <> b.user_id or c.role_id <> b.role_id or c.organisation_id <> b.organisation_id then 'another_holder'
      when c.withdrawn_at is not null and b.withdrawn_at is null then null
      when b.withdrawn_at is not null or b.valid_to <= now() then 'is_over'
      when b.valid_from <= now() and c.valid_from <> b.valid_from then 'start_passed'
      when not (c.sor_code is distinct from b.sor_code or (c.scope <> b.scope and c.scope = 'UNIT_AND_SUBUNITS')
        or c.valid_from < b.valid_from or coalesce(c.valid_to, 'infinity') > coalesce(b.valid_to, 'infinity')) then null
      when g.withdrawn_at is not null or r.retired_at is not null or s.retired_at is not null then 'role_not_givable'
      when r.needs_sor and c.sor_code is null then 'unit_required'
      when c.sor_code is not null and not r.needs_sor then 'unit_not_relevant'
      when u.deleted_at is not null or (u.locked_from <= now() and (u.locked_until is null or u.locked_until > now()))
        then 'user_not_active'
      when c.sor_code is not null and (su.owner_cvr <> o.cvr or coalesce(su.closed_on < danish_today(), false)) then 'unit_not_usable'
      when o.closed_at is not null then 'organisation_closed'
    end into fault
  from before_change b
    join after_change c using (id)
    join organisation o on o.id = c.organisation_id
    join organisation_role g on g.organisation_id = c.organisation_id and g.role_id = c.role_id
    join role r on r.id = c.role_id
    join service s on s.id = r.service_id
    join app_user u on u.id = c.user_id
    left join sor_unit su on su.code = c.sor_code
  order by 1 nulls last
  limit 1;
  if fault is not null then
    raise exception '%', fault using errcode = '23514', constraint = 'role_assignment_' || fault;
  end if;
  return null;
end $$;
create trigger check_changed_assignments after update on role_assignment
  referencing old table as before_change new table as after_change
  for each statement execute function check_changed_assignments();
