"""What lies in the table of the shared cache after its time: Django takes it away only when the table is full.

Uploads wait there, sealed, between preview and import; a cache outside the database forgets by itself.
"""

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils import timezone


class ExpiredCache:
    """The rows that are over, as `purge` counts and deletes them."""

    def count(self):
        return self._run("SELECT COUNT(*)", lambda cursor: cursor.fetchone()[0])

    def delete(self):
        return self._run("DELETE", lambda cursor: cursor.rowcount)

    @staticmethod
    def _run(verb, answer):
        shared = caches["default"]
        if not isinstance(shared, DatabaseCache):
            return 0
        table = connection.ops.quote_name(shared._table)
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(f"{verb} FROM {table} WHERE expires < %s", [now])
            return answer(cursor)
