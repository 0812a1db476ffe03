"""What a maker of `tests/stage.py` wrote, copied from then on by every process of the run.

A copy is inserted twenty times as fast as it was made: no validation, no history, no pictures.
"""

import fcntl
import pickle
from datetime import time
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import FileField
from django.utils import timezone

FOLDER = Path(settings.DATA_DIR, "kept-rows")


def stand(name, make):
    """Let stand what `make()` writes, and return what it returned, pickled.

    The first process that asks for `name` in this hour makes it, the database being empty: a test with a clock of its
    own has people who signed up yesterday as it knows it.
    """
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name} {timezone.now():%Y-%m-%d %H}"
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            before = _rows()
            with transaction.atomic():
                made = pickle.dumps(make())  # copied three times as fast as by copy.deepcopy
            rows = {label: [row for row in rows if row not in before[label]] for label, rows in _rows().items()}
            path.write_bytes(pickle.dumps((made, rows, _files(rows))))
            return made
    made, rows, files = pickle.loads(path.read_bytes())  # noqa: S301 - our own
    with transaction.atomic():
        _insert(rows)
    for (label, field, at), content in files.items():
        storage = apps.get_model(label)._meta.get_field(field).storage
        if not storage.exists(at):  # a test that committed may have thrown it away
            Path(storage.path(at)).write_bytes(content)
    return made


def _columns(model):
    return [field for field in model._meta.concrete_fields if field.column]


def _rows():
    models = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    with connection.cursor() as cursor:
        return {model._meta.label: _rows_of(cursor, model) for model in models}


def _rows_of(cursor, model):
    columns = ", ".join(connection.ops.quote_name(field.column) for field in _columns(model))
    cursor.execute(f"SELECT {columns} FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - no input
    adapt = connection.ops.adapt_timefield_value  # SQLite's cursors read times of day, but do not write them
    return [tuple(adapt(value) if isinstance(value, time) else value for value in row) for row in cursor.fetchall()]


def _insert(rows):
    written = [apps.get_model(label) for label in rows if rows[label]]
    with connection.cursor() as cursor:
        for model in written:
            names = [connection.ops.quote_name(field.column) for field in _columns(model)]
            table = connection.ops.quote_name(model._meta.db_table)
            values = ", ".join(["%s"] * len(names))
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})",  # noqa: S608 - no input
                rows[model._meta.label],
            )
        for statement in connection.ops.sequence_reset_sql(no_style(), written):
            cursor.execute(statement)


def _files(rows):
    """{(model, field, name): content} of every file the rows name."""
    files = {}
    for label, some in rows.items():
        fields = _columns(apps.get_model(label))
        for at, field in enumerate(fields):
            if isinstance(field, FileField):
                names = {row[at] for row in some if row[at]}
                files |= {(label, field.name, name): Path(field.storage.path(name)).read_bytes() for name in names}
    return files
