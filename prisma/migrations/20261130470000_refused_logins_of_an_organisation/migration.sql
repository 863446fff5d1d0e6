-- Whose log a refused login belongs in: the organisation that a genuine login named, before anybody's reach is known.
create function organisation_of_login(in_cvr text) returns table (id int, name text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select o.id, o.name from organisation o where o.cvr = in_cvr
$$;
revoke all on function organisation_of_login(text) from public;
grant execute on function organisation_of_login(text) to seb_app;
