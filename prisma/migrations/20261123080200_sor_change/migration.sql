-- What an import of SOR changed, unit by unit, for whoever gives roles there: closed, opened again, moved in the tree, given
-- another name or owner, or grown by new units. New units themselves stand in the tree; the run counts them.

create table sor_change (
  import_id int not null references sor_import (id) deferrable initially deferred,
  code text not null references sor_unit (code),
  kind text not null check (kind in ('CLOSED', 'REOPENED', 'MOVED', 'OWNER', 'RENAMED', 'GROWN')),
  -- Whose unit it was before the import.
  owner_cvr text not null,
  before text,
  after text,
  primary key (import_id, code, kind)
);
create index sor_change_by_owner on sor_change (owner_cvr, import_id desc, code, kind);

grant select on sor_change to seb_app;

-- Assignments that point at units which roles cannot be given at any longer are looked up by their unit.
create index role_assignment_at_unit on role_assignment (organisation_id, sor_code) where sor_code is not null and withdrawn_at is null;
