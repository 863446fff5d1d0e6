-- A person's own sessions are listed and ended by whose they are, not by their cookie.
create index web_session_by_user on web_session ((sess -> 'signedIn' ->> 'userId'));
