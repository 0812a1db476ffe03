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
COUNTED_EVERY = 100  # statements of a process: then it is looked whether there are too many


class SharedCache(DatabaseCache):
    _count = count(1)

    def _base_set(self, mode, key, value, timeout=None):
        if mode == "touch":
            return super()._base_set(mode, key, value, timeout)
        return bool(self._written({key: (value, timeout)}, only_free=mode == "add"))

    def add_all(self, timeouts):
        """`add` 1 under each of these keys, for so many seconds, by one statement; those that were free."""
        names = {self.make_and_validate_key(key): key for key in timeouts}
        rows = {name: (1, timeouts[key]) for name, key in names.items()}
        return {names[name] for name in self._written(rows, only_free=True)}

    def _written(self, rows, *, only_free):
        """The keys of {key: (value, timeout)} that were written: all of them, or those that were free."""
        connection = connections[router.db_for_write(self.cache_model_class)]
        table, moment = connection.ops.quote_name(self._table), connection.ops.adapt_datetimefield_value
        given = []
        for key, (value, timeout) in rows.items():
            ends = self.get_backend_timeout(timeout)
            ends = NEVER if ends is None else datetime.fromtimestamp(ends, tz=UTC)
            kept = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode()
            given += [key, kept, moment(ends.replace(microsecond=0))]
        sql = (
            f"INSERT INTO {table} (cache_key, value, expires) VALUES {', '.join(['(%s, %s, %s)'] * len(rows))}"  # noqa: S608 - our own table
            " ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
        )
        if only_free:
            sql += f" WHERE {table}.expires < %s"
            given.append(moment(timezone.now()))
        if next(self._count) % COUNTED_EVERY == 0:  # after the transaction: what is deleted holds up nobody
            transaction.on_commit(partial(self._make_room, connection, table), using=connection.alias, robust=True)
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} RETURNING cache_key", given)
            return [key for (key,) in cursor.fetchall()]

    def _make_room(self, connection, table):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - our own table
            number = cursor.fetchone()[0]
            if number > self._max_entries:
                self._cull(connection.alias, cursor, timezone.now().replace(microsecond=0), number)
