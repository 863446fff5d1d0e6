-- Fortryd: a bulk change is the events of one request, and undoing it makes the inverse changes.

-- The events of one request in an organisation, in order; and what has undone a change.
create index audit_event_by_request on audit_event (organisation_id, request_id, id) where request_id is not null;
create index audit_event_undone on audit_event (organisation_id, (detail ->> 'batch')) where kind = 'batch.undone';

-- A withdrawal overwrites the end: what it was is kept here ('infinity' = without end), since giving the role back must not
-- make it last longer. Empty for what was withdrawn before this column was there. restores_id: the withdrawn assignment
-- that this one gives back, each at most once.
alter table role_assignment
  add column end_before timestamptz(3),
  add column restores_id int references role_assignment (id);
create unique index role_assignment_restores on role_assignment (restores_id) where restores_id is not null;
grant update (restores_id) on role_assignment to seb_app;

create function keep_end() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  new.end_before := coalesce(old.valid_to, 'infinity');
  return new;
end $$;
create trigger keep_end before update on role_assignment for each row
  when (new.withdrawn_at is not null and old.withdrawn_at is null) execute function keep_end();
