"""The database refuses to change, delete or empty audit entries, whoever asks it. (SQLite knows no TRUNCATE.)"""

from django.db import migrations

SQLITE = [
    f"CREATE TRIGGER audit_no_{event.lower()} BEFORE {event} ON branches_auditentry "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
    for event in ("UPDATE", "DELETE")
] + [
    # REPLACE takes the old row away without asking the trigger on DELETE
    "CREATE TRIGGER audit_no_replace BEFORE INSERT ON branches_auditentry "
    "WHEN EXISTS (SELECT 1 FROM branches_auditentry WHERE id = NEW.id OR number = NEW.number) "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
]
POSTGRESQL = [
    "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$",
    "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON branches_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON branches_auditentry "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
]
BACKWARDS = {
    "sqlite": [f"DROP TRIGGER IF EXISTS audit_no_{event}" for event in ("update", "delete", "replace")],
    "postgresql": [
        "DROP TRIGGER IF EXISTS audit_no_truncate ON branches_auditentry",
        "DROP TRIGGER IF EXISTS audit_append_only ON branches_auditentry",
        "DROP FUNCTION IF EXISTS audit_append_only()",
    ],
}


def forwards(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    for statement in BACKWARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("branches", "0002_register")]
    operations = [migrations.RunPython(forwards, backwards)]
