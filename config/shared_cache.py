"""The shared cache in a table of the database: Django's own, with each value written by one statement.

Django counts the table, looks for the row and writes it in a transaction of its own: five questions a value, and
silence where it cannot be written. A sign-up writes five. Here the database sees itself whether a row is free, so that
the values can be part of the caller's transaction; what goes wrong is raised.
"""

import base64
import pickle
from datetime import UTC, datetime
from functools import partial
from itertools import count

from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router, transaction
from django.utils import timezone

NEVER = datetime.max.replace(tzinfo=UTC)
COUNTED_EVERY = 100  # values written by a process: then it is looked whether there are too many


class SharedCache(DatabaseCache):
    _written = count(1)

    def _base_set(self, mode, key, value, timeout=None):
        if mode == "touch":
            return super()._base_set(mode, key, value, timeout)
        connection = connections[router.db_for_write(self.cache_model_class)]
        table, moment = connection.ops.quote_name(self._table), connection.ops.adapt_datetimefield_value
        ends = self.get_backend_timeout(timeout)
        ends = NEVER if ends is None else datetime.fromtimestamp(ends, tz=UTC)
        kept = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode()
        sql = (
            f"INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s)"  # noqa: S608 - our own table
            " ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
        )
        row = [key, kept, moment(ends.replace(microsecond=0))]
        if mode == "add":
            sql += f" WHERE {table}.expires < %s"
            row.append(moment(timezone.now()))
        if next(self._written) % COUNTED_EVERY == 0:  # after the transaction: what is deleted holds up nobody
            transaction.on_commit(partial(self._make_room, connection, table), using=connection.alias, robust=True)
        with connection.cursor() as cursor:
            cursor.execute(sql, row)
            return cursor.rowcount == 1

    def _make_room(self, connection, table):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - our own table
            number = cursor.fetchone()[0]
            if number > self._max_entries:
                self._cull(connection.alias, cursor, timezone.now().replace(microsecond=0), number)
