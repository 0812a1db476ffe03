"""How many requests were answered lately, and how many of them failed: one byte each, in a file for every ten minutes.

Counted beside the database, which may be what fails; a byte at the end of a file is written whole by any number of
processes and costs some two millionths of a second. Each web machine counts its own.
"""

import contextlib
import os
import threading
import time

from django.conf import settings

SLOT = 10 * 60  # seconds
ANSWERED, FAILED = b".", b"!"
KEPT = 2  # slots


class Tally:
    """The file of the ten minutes at hand, kept open."""

    def __init__(self):
        self._slot, self._file, self._lock = None, None, threading.Lock()

    def count(self, *, failed):
        """One request more. A full disk stops nobody."""
        with contextlib.suppress(OSError):
            os.write(self._open(int(time.time() // SLOT)), FAILED if failed else ANSWERED)

    def _open(self, slot):
        if slot != self._slot:
            with self._lock:
                if slot != self._slot:
                    _folder().mkdir(exist_ok=True)
                    before, self._file = self._file, os.open(_path(slot), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                    self._slot = slot
                    if before is not None:
                        os.close(before)
        return self._file


tally = Tally()


def lately():
    """(requests, failed ones) of this machine in the last ten to twenty minutes; what is older is cleared away."""
    now = int(time.time() // SLOT)
    slots = range(now - KEPT + 1, now + 1)
    kept = {_path(slot) for slot in slots}
    counted = [path.read_bytes() for path in kept if path.exists()]
    for path in _folder().glob("*.requests"):
        if path not in kept:
            path.unlink(missing_ok=True)
    return sum(map(len, counted)), sum(part.count(FAILED) for part in counted)


def _folder():
    return settings.DATA_DIR / "watching"


def _path(slot):
    return _folder() / f"{slot}.requests"
