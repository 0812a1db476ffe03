-- What the portal may do, said anew after every migration by the owner (deploy/release.py does it). May be repeated.
-- Its tables are the portal's own, since `purge` rewrites them (VACUUM FULL) so that nothing erased is left in a file.
-- The audit trail and the record of migrations stay the owner's: read there, appended to the former, and nothing else.
\set ON_ERROR_STOP on
BEGIN;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO portal; -- a new owner of a table must have it; taken back below, seen by nobody
DO $$
DECLARE
	name text;
BEGIN
	FOR name IN
		SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user
		AND tablename NOT IN ('branches_auditentry', 'django_migrations')
	LOOP
		EXECUTE format('ALTER TABLE public.%I OWNER TO portal', name);
	END LOOP;
END $$;
REVOKE CREATE ON SCHEMA public FROM portal;
REVOKE ALL ON branches_auditentry, django_migrations FROM portal;
GRANT SELECT ON branches_auditentry, django_migrations TO portal;
GRANT INSERT ON branches_auditentry TO portal;
GRANT SELECT ON SEQUENCE branches_auditentry_id_seq, django_migrations_id_seq TO portal; -- a backup writes down where they are
COMMIT;
