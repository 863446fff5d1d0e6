-- An employee whom SEB has no user for is let into sebanmod as the login tells who it is; nothing of it is a row of ours but the
-- session. Forms and their drafts belong to whoever sent them: a user by its number, an employee by a key made of the login.

alter table form_draft add column owner text;
update form_draft set owner = user_id::text;
alter table form_draft alter column owner set not null, drop column user_id;

alter table idempotency_key add column owner text;
update idempotency_key set owner = actor_user_id::text;
alter table idempotency_key drop constraint idempotency_key_pkey, alter column owner set not null, drop column actor_user_id;
alter table idempotency_key add constraint idempotency_key_pkey primary key (owner, key);

-- What an employee does is in the log by the name that the login told, without a user.
alter table audit_event drop constraint audit_event_actor_kind_check;
alter table audit_event add constraint audit_event_actor_kind_check
  check (actor_kind in ('PERSON', 'EMPLOYEE', 'SYSTEM', 'OPERATOR'));

-- Who they were is not kept with the proof of their login: NemLog-in finds it by the numbers of its messages.
alter table login_evidence alter column user_id drop not null, alter column organisation_id drop not null;
alter table login_evidence add check ((user_id is null) = (organisation_id is null));
create policy no_organisation on login_evidence for insert with check (organisation_id is null);

-- The organisation of an employee's CVR; null when the login would lead elsewhere: there is, or was, a user of that UUID or RID, or
-- the organisation is closed. Read with the session at every request, as request_actor is for users.
create function request_employee(identity jsonb) returns jsonb language sql stable strict security definer set search_path = public, pg_temp as $$
  select jsonb_build_object('organisation',
    (select jsonb_build_object('id', o.id, 'cvr', o.cvr, 'name', o.name) from organisation o where o.cvr = identity ->> 'cvr'))
  where not exists (select from login_candidates(identity ->> 'cvr', (identity ->> 'uuid')::uuid, identity ->> 'rid'))
    and not exists (select from organisation o where o.cvr = identity ->> 'cvr' and o.closed_at is not null)
$$;
