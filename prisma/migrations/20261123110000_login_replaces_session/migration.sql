-- A login from a browser that is signed in already ends that session. The answer comes from another site, without the
-- session's cookie, so the session is noted when the login begins: its hash, as web_session keeps it.
alter table pending_login add column replaces_session text;
