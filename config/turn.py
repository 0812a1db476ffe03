"""One after the other, in the order in which they came: for what hundreds do at the same moment.

They would wait for each other in the database anyhow. But threads that wait there keep each other from the processor
when they are called; and who waits for SQLite looks again after 1, 2, 5 … 100 ms, so that it lies idle, and whoever
comes just then is served before those who have waited long. Here a process lets one of its threads in at a time, and
on SQLite the processes of the machine let in one of them all.
"""

import fcntl
import os
import threading
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.db import connection

_turn = threading.Lock()


@contextmanager
def in_turn():
    """Wait for one's turn and have it. Taken before the transaction, never within one: nobody waits here who holds
    what others wait for.
    """
    with _turn:
        if connection.vendor != "sqlite":
            yield
            return
        line = _line()
        fcntl.flock(line, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(line, fcntl.LOCK_UN)  # also by the system, from whoever is killed


@cache
def _line():
    """The folder of the data, which on a full disk is there too."""
    return os.open(settings.DATA_DIR, os.O_RDONLY)
