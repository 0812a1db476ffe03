"""One of several web machines, for test_machines.py: `python -m tests.config.one_machine STEP ARGUMENT…`, from outside.

It says that it is ready, waits for a line, takes its step and prints what came of it.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import django
from django.db import connection

TRIES, THREADS = 20, 8


def joined(activity, first):
    """How many of `TRIES` people got a seat."""
    from activities import signup  # noqa: PLC0415 - once Django is set up
    from activities.models import Activity  # noqa: PLC0415

    wanted = Activity.objects.get(pk=activity)
    connection.close()  # as after a request: the pool has one for each thread, and no more

    def join(number):
        booking = signup.join(wanted, names=[f"示例{number}"], telephone=f"1990000{number:04}")
        connection.close()
        return booking

    with ThreadPoolExecutor(THREADS) as threads:
        bookings = list(threads.map(join, range(int(first), int(first) + TRIES)))
    return sum(booking.sign_ups.filter(status="confirmed").exists() for booking in bookings)


def taken(name, number):
    """How often of `TRIES` times a limit let something through."""
    from config.limits import Limit  # noqa: PLC0415

    limit = Limit(name, int(number), 60)
    with ThreadPoolExecutor(THREADS) as threads:
        return sum(threads.map(limit.take, ["one place"] * TRIES))


def renewed(home):
    """The content version of what lasts after a home was saved."""
    from config.content_version import content  # noqa: PLC0415
    from homes.models import Home  # noqa: PLC0415

    Home.objects.get(pk=home).save()
    return content.current()[0]


def main(step, *arguments):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print("ready", flush=True)  # noqa: T201 - said to the test
    sys.stdin.readline()
    print({"joined": joined, "taken": taken, "renewed": renewed}[step](*arguments))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
