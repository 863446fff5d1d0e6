-- Logins of two users that wait to be decided, of all organisations: the servicedesk's list.
create index todo_open_conflicts on todo (id) where done_at is null and kind = 'identity.conflict';
