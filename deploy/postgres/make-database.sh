#!/bin/sh
# Run once by the image of PostgreSQL, in an empty data folder: makes Proxeny's role and database.
# The role is no superuser, for whom row-level security would not hold.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv password PROXENY_DATABASE_PASSWORD
CREATE ROLE proxeny LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE proxeny OWNER proxeny ENCODING 'UTF8' TEMPLATE template0;
SQL
