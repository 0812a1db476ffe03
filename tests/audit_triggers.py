"""The triggers that make the audit trail append-only, for tests that have to get around them."""

import importlib
from contextlib import contextmanager

from django.db import connection

_migration = importlib.import_module("branches.migrations.0003_audit_append_only")


@contextmanager
def without_audit_triggers():
    """The database as somebody with rights on it can have it."""
    _run(_migration.BACKWARDS[connection.vendor])
    try:
        yield
    finally:
        _run(_migration.SQLITE if connection.vendor == "sqlite" else _migration.POSTGRESQL)


def _run(statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
