-- An employee without a user lists and ends their own sessions too; theirs are told by the key of their login.
create index web_session_by_employee on web_session ((sess -> 'signedIn' -> 'employee' ->> 'key'))
  where sess -> 'signedIn' -> 'employee' ->> 'key' is not null;
