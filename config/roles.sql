-- Two roles for a database of yours: one owns the tables and runs `quorate migrate`, the other serves and can change rows but
-- no tables. Run as a superuser, with passwords of your own:
--
--   psql -d genlayer_state -v owner_password=… -v app_password=… -f roles.sql
--
-- It can be run again; it changes what has drifted. Tables that Studio made change hands: give Studio's backend the role
-- quorate_owner if it shall go on using them.
\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I LOGIN', name)
FROM (VALUES ('quorate_owner'), ('quorate_app')) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

ALTER ROLE quorate_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE quorate_app LOGIN PASSWORD :'app_password';

-- A backstop behind the deadlines that Quorate sets itself: whatever goes wrong in a process, no statement, lock or open
-- transaction of it lasts.
ALTER ROLE quorate_app SET statement_timeout = '60s';
ALTER ROLE quorate_app SET lock_timeout = '30s';
ALTER ROLE quorate_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE quorate_owner SET lock_timeout = '30s';

SELECT format('GRANT CONNECT, CREATE ON DATABASE %I TO quorate_owner', current_database())
\gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO quorate_app', current_database())
\gexec
GRANT USAGE, CREATE ON SCHEMA public TO quorate_owner;
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS quorate;
ALTER SCHEMA quorate OWNER TO quorate_owner;
GRANT USAGE ON SCHEMA public, quorate TO quorate_app;

-- Rows of tables that are there …
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, quorate TO quorate_app;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public, quorate TO quorate_app;
-- … and of those that `quorate migrate` will make.
ALTER DEFAULT PRIVILEGES FOR ROLE quorate_owner IN SCHEMA public, quorate
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO quorate_app;
ALTER DEFAULT PRIVILEGES FOR ROLE quorate_owner IN SCHEMA public, quorate
  GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO quorate_app;

-- Tables that another role made (Studio's) are handed to the owner, so that a migration may change them.
SELECT format('ALTER TABLE %I.%I OWNER TO quorate_owner', schemaname, tablename)
FROM pg_tables
WHERE schemaname IN ('public', 'quorate') AND tableowner <> 'quorate_owner'
\gexec
SELECT format('ALTER SEQUENCE %I.%I OWNER TO quorate_owner', schemaname, sequencename)
FROM pg_sequences
WHERE schemaname IN ('public', 'quorate') AND sequenceowner <> 'quorate_owner'
\gexec
SELECT format('ALTER TYPE public.%I OWNER TO quorate_owner', typname)
FROM pg_type
WHERE typnamespace = 'public'::regnamespace AND typtype = 'e' AND typowner <> 'quorate_owner'::regrole
\gexec
