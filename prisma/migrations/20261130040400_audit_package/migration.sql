-- Revisionspakke: what an auditor asks for about one organisation and a period, in one zip, made by a job and kept for a week.
create table audit_package (
  id int generated always as identity primary key,
  organisation_id int not null references organisation (id),
  ordered_by_id int not null references app_user (id),
  from_day date not null,
  to_day date not null check (to_day >= from_day),
  request_id text not null,
  created_at timestamptz(3) not null default now(),
  -- The file that is being written, in words; the last one when it is done.
  step text,
  ended_at timestamptz(3),
  -- Of the whole zip; both empty where it failed.
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint,
  failure text
);
create index audit_package_by_orderer on audit_package (ordered_by_id, organisation_id, id);
create index audit_package_waiting on audit_package (id) where ended_at is null;

create table audit_package_part (
  package_id int not null references audit_package (id) on delete cascade,
  number int not null,
  content bytea not null,
  primary key (package_id, number)
);

alter table audit_package enable row level security;
create policy wall on audit_package using (
  organisation_id = any ((select visible_organisations())::int[]) or (select sees_all_organisations()));
-- As far as the package itself is seen.
alter table audit_package_part enable row level security;
create policy wall on audit_package_part using (exists (select from audit_package p where p.id = package_id));

-- Keeps a piece of a package that is under way; written a piece at a time, so that no process holds the whole.
create function keep_package_part(of_package int, part int, piece bytea) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from audit_package where id = of_package and ended_at is null) then
    raise exception 'package % is not under way', of_package;
  end if;
  insert into audit_package_part (package_id, number, content) values (of_package, part, piece)
  on conflict (package_id, number) do update set content = excluded.content;
end $$;
revoke execute on function keep_package_part(int, int, bytea) from public;
grant execute on function keep_package_part(int, int, bytea) to seb_app;

grant select, insert (organisation_id, ordered_by_id, from_day, to_day, request_id), update (step, ended_at, sha256, bytes, failure), delete on audit_package to seb_app;
grant select on audit_package_part to seb_app;
