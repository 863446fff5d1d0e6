-- Several logins may claim one user's RID number: each waits to be decided by itself, and one decision leaves the others on the list.
drop index todo_once;
create unique index todo_once on todo (user_id, kind, (case when kind = 'identity.conflict' then coalesce(facts ->> 'uuid', '') else '' end))
  where done_at is null;
