-- Changes of an organisation come one after the other, but each reads the clock (now()) as its transaction began. One that
-- began earlier and was overtaken on its way to the lock would judge by a time before the other's change: somebody who was
-- locked meanwhile would count as not locked yet. The moment of the latest change tells it to begin anew.
alter table organisation_state add column changed_at timestamptz(6) not null default '-infinity';
grant update (changed_at) on organisation_state to seb_app;
