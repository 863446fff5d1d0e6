-- A Revisionspakke is known by its hashes for as long as a report is: its row stays when the file goes.
alter table audit_package
  -- Printed in its sheets and at the end of the zip. Packages of before have none.
  add column reference text unique check (reference ~ '^SEB(-[0-9A-HJKMNP-TV-Z]{4}){3}$'),
  add column ordered_by_name text,
  -- Of the zip, and of each file in it.
  add column hashes text[] not null default '{}',
  add column removed_at timestamptz(3);
create index audit_package_by_hash on audit_package using gin (hashes);
create index audit_package_to_remove on audit_package (ended_at) where removed_at is null;

grant insert (reference, ordered_by_name), update (hashes, removed_at) on audit_package to seb_app;
grant delete on audit_package_part, report_export to seb_app;

create index report_export_by_end on report_export (ended_at) where ended_at is not null;

-- Whoever has the application's role cannot make SEB forget a file within a year.
create function kept_a_year() returns trigger language plpgsql as $$
begin
  if old.sha256 is not null and old.ended_at > now() - interval '1 year' then
    raise exception 'what a file is known by is kept a year' using errcode = '23514', constraint = 'kept_a_year';
  end if;
  return old;
end $$;
create trigger kept_a_year before delete on report_export for each row execute function kept_a_year();
create trigger kept_a_year before delete on audit_package for each row execute function kept_a_year();

create function audit_package_final() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null and (old.sha256, old.hashes, old.bytes, old.ended_at, old.failure)
    is distinct from (new.sha256, new.hashes, new.bytes, new.ended_at, new.failure) then
    raise exception 'a package that has ended is not changed' using errcode = '23514', constraint = 'audit_package_final';
  end if;
  return new;
end $$;
create trigger audit_package_final before update on audit_package for each row execute function audit_package_final();
