"""One after the other: the threads of a process, and on SQLite the processes of the machine."""

import fcntl
import os
import threading

import pytest
from django.db import connection, transaction

from config import turn
from config.content_version import one_commit
from config.turn import in_turn


@pytest.fixture
def another_process(settings, tmp_path):
    """Whether another process would be let in just now: a lock on a file opened once more is as good as its own."""
    settings.DATA_DIR = tmp_path
    turn._line.cache_clear()
    line = os.open(tmp_path, os.O_RDONLY)

    def is_let_in():
        try:
            fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        fcntl.flock(line, fcntl.LOCK_UN)
        return True

    yield is_let_in
    os.close(line)
    if turn._line.cache_info().currsize:
        os.close(turn._line())
    turn._line.cache_clear()


def test_threads_come_in_one_at_a_time(another_process):
    inside, most, over = [], [], threading.Barrier(8)

    def come():
        over.wait(30)
        for _ in range(50):
            with in_turn():
                inside.append(1)
                most.append(len(inside))
                os.sched_yield()
                inside.pop()

    crowd = [threading.Thread(target=come) for _ in range(8)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert most == [1] * 400


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_on_sqlite_other_processes_wait_too_until_it_is_over(another_process):
    waits = connection.vendor == "sqlite"
    with pytest.raises(ZeroDivisionError), one_commit():  # noqa: PT012 - what it raises lets go as well
        assert another_process() is not waits
        assert transaction.get_connection().in_atomic_block
        raise ZeroDivisionError
    assert another_process()
