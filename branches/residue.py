"""What is left of erased rows in the files of the database, and in other rows; and getting rid of the former.

A database forgets where a row was, not what it said: the bytes stay in the file until something else is written there.
"""

import json

from django.apps import apps
from django.db import connection, models

from branches.privacy import holds

TEXTS = models.CharField | models.TextField | models.JSONField
OWN = {"branches", "homes", "volunteers", "activities"}


def scrub():
    """Rewrite the database without what was erased. Return whether all of it could be; False if somebody is reading.

    Not inside a transaction. SQLite: the file is written anew and its journal emptied. PostgreSQL: the tables of the
    portal are; its write-ahead log and the backups keep the old bytes until they are rotated (docs/privacy.md).
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return cursor.fetchone()[0] == 0
        for model in apps.get_models():
            if model._meta.app_label in OWN:
                cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(model._meta.db_table)}")
        return True


def traces(telephone_hash):
    """{name of a model: how many of its rows still hold a number with this keyed hash}, sealed fields opened."""
    found = {}
    for model in apps.get_models():
        texts = [each.attname for each in model._meta.concrete_fields if isinstance(each, TEXTS)]
        rows = model._base_manager.values_list(*texts).iterator(2000) if texts else ()
        if count := sum(any(holds(_plain(value), telephone_hash) for value in row) for row in rows):
            found[str(model._meta.verbose_name)] = count
    return found


def _plain(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
