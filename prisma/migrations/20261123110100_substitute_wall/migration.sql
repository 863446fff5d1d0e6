-- Whoever stands in for an administrator of another organisation is an administrator at home too, whom a brugeradministrator
-- there may not change (permissions, condition 1): their own organisation sees it, as it sees administrators. It writes
-- nothing there: `wall` alone lets rows in.
create policy home on administrator_substitute for select using (exists (select from app_user u where u.id = user_id));
