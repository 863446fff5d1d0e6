-- What newer metadata of a provider have taken away: fingerprints of certificates, and addresses. Metadata that bring it back are
-- old ones sent again, unless a person says otherwise; many metadata tell no day on which they end.

alter table identity_provider
  add column retired text[] not null default '{}' constraint identity_provider_retired check (cardinality(retired) <= 200);

grant update (retired) on identity_provider to seb_app;
