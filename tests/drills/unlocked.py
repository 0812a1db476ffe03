"""The portal with the lock of signing up off, for the control of `make drill-kill`: it must overbook."""

import time
from contextlib import nullcontext
from types import SimpleNamespace

from config.wsgi import application

__all__ = ["application"]

LOOKING = 1  # seconds between looking for a seat and taking it, so that others look meanwhile


def unlock():
    from activities import seats, signup  # noqa: PLC0415 - Django is set up by now
    from activities.models import Activity  # noqa: PLC0415
    from activities.views import sign_up  # noqa: PLC0415

    counted = seats.free

    def a_moment_ago(activity):
        number = counted(activity)
        time.sleep(LOOKING)
        return number

    seats.free = a_moment_ago
    signup.locked = lambda activity, *columns: Activity.objects.get(pk=activity.pk)
    signup.transaction = SimpleNamespace(atomic=nullcontext)  # no transaction either: on SQLite that is the lock
    sign_up.one_commit = nullcontext


unlock()
