-- A provider that ends its sessions names the person by NameID, and the browser may bring no cookie along (an iframe).
-- A hash, since a NameID may be longer than a B-tree takes.
create index web_session_by_name_id on web_session using hash ((sess -> 'signedIn' ->> 'nameId'));
