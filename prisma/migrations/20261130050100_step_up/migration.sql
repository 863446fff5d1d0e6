-- Whether the provider was asked to let the person prove anew who they are (ForceAuthn): an old proof is no answer then.
alter table pending_login add column force_authn boolean not null default false;
