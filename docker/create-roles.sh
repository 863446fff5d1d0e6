#!/bin/bash
# Run once by the postgres image on an empty volume. seb_owner owns the tables and migrates; seb_app is the application.
set -euo pipefail

psql --quiet --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set=owner_password="$SEB_OWNER_PASSWORD" --set=app_password="$SEB_APP_PASSWORD" <<'SQL'
create role seb_owner login password :'owner_password';
create role seb_app login password :'app_password' nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
create database seb owner seb_owner;
revoke all on database seb from public;
grant connect on database seb to seb_app;
SQL
