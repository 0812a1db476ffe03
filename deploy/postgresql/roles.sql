-- The two roles, once, as PostgreSQL's own superuser. Then give both a password, and make the database: database.sql
--     \password portal_owner   and   \password portal
-- The owner migrates and is known to nobody but the technician. The portal itself works as `portal`.
\set ON_ERROR_STOP on
CREATE ROLE portal LOGIN;
CREATE ROLE portal_owner LOGIN;
GRANT portal TO portal_owner; -- who migrates may change what the portal owns, not the other way round
-- A statement that fails is not copied to the server's log, nor the row it is about: people's names stand in them.
ALTER ROLE portal SET log_min_error_statement = panic;
ALTER ROLE portal SET log_error_verbosity = terse;
ALTER ROLE portal_owner SET log_min_error_statement = panic;
ALTER ROLE portal_owner SET log_error_verbosity = terse;
