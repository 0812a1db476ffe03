"""When a disk is full: what says so, no file by halves, no file without its row, and pages can still be read."""

import errno
import sqlite3
from contextlib import suppress
from contextvars import ContextVar

from django.core.files.storage import FileSystemStorage
from django.db import connection, transaction

_written = ContextVar("files written in transactions that are not over")


def is_full(error):
    """Whether no space left is why a system call or a database failed."""
    told = ("disk is full", "No space left")  # SQLite, PostgreSQL
    return getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT} or any(map(str(error).__contains__, told))


class WholeFileStorage(FileSystemStorage):
    """Takes away again what could not be written to its end, and knows which files still wait for their row."""

    def _save(self, name, content):
        try:
            name = super()._save(name, content)
        except OSError:
            self.delete(name)
            raise
        if transaction.get_connection().in_atomic_block:
            written = _written.get(None)
            if written is None:
                _written.set(written := set())
            written.add((self, name))
            transaction.on_commit(lambda: written.discard((self, name)))
        return name


def delete_files_without_row():
    """Delete what this thread has written in transactions that were rolled back."""
    written = _written.get(set())
    while written and not transaction.get_connection().in_atomic_block:
        storage, name = written.pop()
        storage.delete(name)


def keep_database_open():
    """On SQLite, hold the database open as long as this process lives.

    Who closes it last takes the index of its log away, and on a full disk nobody could make it anew, not even to read.
    """
    if connection.vendor != "sqlite":
        return None
    with suppress(sqlite3.Error):
        held = sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)
        held.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return held
