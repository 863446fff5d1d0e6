-- Requests that were decided or withdrawn are kept for a while only ("Opbevaring"); what was decided stays in the log.

create index access_request_over on access_request (organisation_id, (coalesce(decided_at, withdrawn_at)))
  where decided_at is not null or withdrawn_at is not null;

-- Roles, grants and comments go with their request.
alter table access_request_role drop constraint access_request_role_request_id_organisation_id_fkey,
  add foreign key (request_id, organisation_id) references access_request (id, organisation_id) on delete cascade;
alter table access_request_grant drop constraint access_request_grant_request_id_organisation_id_fkey,
  add foreign key (request_id, organisation_id) references access_request (id, organisation_id) on delete cascade;
alter table access_request_comment drop constraint access_request_comment_request_id_organisation_id_fkey,
  add foreign key (request_id, organisation_id) references access_request (id, organisation_id) on delete cascade;

-- Whoever has the application's role cannot have more than that removed: none that waits, and none of the last half year.
create function keep_recent_access_request() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if coalesce(old.decided_at, old.withdrawn_at, now()) > now() - interval '6 months' then
    raise exception 'access_request_is_kept' using errcode = '23514', constraint = 'access_request_is_kept';
  end if;
  return old;
end $$;
create trigger keep_recent before delete on access_request for each row execute function keep_recent_access_request();

grant delete on access_request to seb_app;
