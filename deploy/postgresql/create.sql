-- The two roles and the database, once, as PostgreSQL's own superuser:
--     runuser -u postgres -- psql --file deploy/postgresql/create.sql
-- Then give both a password:   \password portal_owner   and   \password portal
-- The owner migrates and is known to nobody but the technician. The portal itself works as `portal`.
\set ON_ERROR_STOP on
CREATE ROLE portal LOGIN;
CREATE ROLE portal_owner LOGIN;
GRANT portal TO portal_owner; -- who migrates may change what the portal owns, not the other way round
CREATE DATABASE portal OWNER portal_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE portal TO portal;
