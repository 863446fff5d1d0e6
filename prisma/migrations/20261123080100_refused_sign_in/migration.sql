-- What came with a login that was refused, so that whoever helps can tell why from its reference number; gone after 90 days.
-- The log keeps that it was refused, without name and numbers.

create table refused_sign_in (
  reference text primary key check (is_plain_text(reference, 40)),
  at timestamptz(3) not null default now(),
  portal text not null check (portal in ('sebadmin', 'sebanmod')),
  reason text not null check (is_plain_text(reason, 60)),
  provider text,
  cvr text check (cvr ~ '^[0-9]{8}$'),
  organisation_name text,
  organisation_id int references organisation (id),
  level text,
  required_level text,
  carried_cpr boolean,
  name text,
  uuid uuid,
  rid text,
  -- A name is kept only of a person whom an organisation of ours may ask about.
  check (organisation_id is not null or (name is null and uuid is null and rid is null))
);
create index refused_sign_in_by_rid on refused_sign_in (organisation_id, rid) where rid is not null;
create index refused_sign_in_by_uuid on refused_sign_in (organisation_id, uuid) where uuid is not null;
create index refused_sign_in_by_age on refused_sign_in (at);

-- Written before anybody's reach is known; which organisation it belongs to is found here.
create function note_refused_sign_in(arrived jsonb) returns void language sql volatile security definer set search_path = public, pg_temp as $$
  insert into refused_sign_in (reference, portal, reason, provider, cvr, organisation_name, organisation_id, level, required_level,
    carried_cpr, name, uuid, rid)
  select a.reference, a.portal, a.reason, left(a.provider, 200), a.cvr, left(a.organisation_name, 200), o.id, a.level, a.required_level,
    a.carried_cpr, case when o.id is not null then left(a.name, 200) end, case when o.id is not null then a.uuid end,
    case when o.id is not null then left(a.rid, 64) end
  from jsonb_to_record(arrived) as a (reference text, portal text, reason text, provider text, cvr text, organisation_name text,
      level text, required_level text, carried_cpr boolean, name text, uuid uuid, rid text)
    left join organisation o on o.cvr = a.cvr
$$;

alter table refused_sign_in enable row level security;
create policy wall on refused_sign_in using (
  organisation_id = any ((select visible_organisations())::int[]) or (select sees_all_organisations()));

grant select, delete on refused_sign_in to seb_app;
