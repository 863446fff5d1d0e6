-- Which kinds of name (NameID format) are taken from a provider. OIOSAML 3 knows two; older federations send others.

alter table identity_provider
  add column name_id_formats text[] not null default '{persistent,transient}'
    constraint identity_provider_name_id_formats check (
      cardinality(name_id_formats) between 1 and 6
      and name_id_formats <@ array['persistent', 'transient', 'x509', 'windows', 'email', 'unspecified']
    );

grant insert (name_id_formats), update (name_id_formats) on identity_provider to seb_app;
