-- An empty database, as PostgreSQL's own superuser: the first one, and one to restore a backup into (docs/backup.md).
\set ON_ERROR_STOP on
CREATE DATABASE portal OWNER portal_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE portal TO portal;
