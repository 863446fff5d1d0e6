-- Whether a package was made without network addresses and without what is about administrators. Who sees no more than that today
-- fetches no package that holds more; null: made before it was kept.
alter table audit_package add column is_limited boolean;
grant update (is_limited) on audit_package to seb_app;
