"""What a public page costs with little at hand: `python -m tests.benchmarks.site_cold [ROUNDS]`, on a prepared demo.

In multiples of Django's own page (tests/benchmarks/site_floor.py), as processor time of one process, so that a busy
machine does little harm: at a new address, in a new minute, after somebody signed up (or any edit that homes show
nothing of), after an edit of homes, in a process that has just begun. DATA_DIR or DATABASE_URL says which demo, as for
`manage.py`; all that changes of it is the content version. What it printed is kept in docs/performance.md.
"""

import logging
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from io import BytesIO
from itertools import count
from statistics import median

BEGINS = "2026-11-24T10:00:20+08:00"  # on a Tuesday, while doors are open
WHEN = ("new address", "new minute", "after a sign-up", "after an edit of homes", "just begun")
number = count(1)


def spent(asked):
    began = time.process_time()
    asked()
    return time.process_time() - began


def floor():
    """For each line that comes in, what Django's own page costs."""
    from tests.benchmarks.site_floor import application  # noqa: PLC0415 - it sets Django up in its own way

    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/rows", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
        "wsgi.input": BytesIO(), "wsgi.url_scheme": "http",
    }  # fmt: skip

    def page():
        application(dict(environ), lambda *_: None).close()

    for _ in range(20):
        page()
    for _line in sys.stdin:
        sys.stdout.write(f"{median(spent(page) for _ in range(5))}\n")
        sys.stdout.flush()


def forget(caching, stores):
    stores["pages"].clear()
    caching._remembered.clear()
    caching._questions.clear()


def measure(rounds, own_page):
    """({page: {when: [seconds]}}, [seconds of Django's own page])"""
    import django  # noqa: PLC0415
    import time_machine  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    logging.disable()  # a line a request
    from django.core.cache import caches  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from config import caching  # noqa: PLC0415
    from config.content_version import PASSING_KEY, VERSION_KEY, content  # noqa: PLC0415
    from tests.benchmarks.site_pages import addresses  # noqa: PLC0415

    reader, now, own = Client(headers={"host": "127.0.0.1"}), datetime.fromisoformat(BEGINS), []
    with time_machine.travel(now, tick=False) as clock:
        pages = {name: some for name, some in addresses().items() if "(admin)" not in name and name != "search"}
        found = {name: {when: [] for when in WHEN} for name in pages}

        def others():
            for some in pages.values():
                reader.get(some[0])

        others()
        for turn in range(rounds):
            own.append(own_page())
            for name, some in pages.items():
                address, seen = some[turn % len(some)], found[name]
                forget(caching, caches)
                seen["just begun"].append(spent(lambda: reader.get(address)))  # noqa: B023 - asked at once
                for when, key in (("after an edit of homes", VERSION_KEY), ("after a sign-up", PASSING_KEY)):
                    others()
                    content.renew(key)
                    content.current()
                    seen[when].append(spent(lambda: reader.get(address)))  # noqa: B023
                others()
                now += timedelta(minutes=1)
                clock.move_to(now, tick=False)
                content.current()
                seen["new minute"].append(spent(lambda: reader.get(address)))  # noqa: B023
                fresh = f"{address}?fresh={next(number)}"
                seen["new address"].append(spent(lambda: reader.get(fresh)))  # noqa: B023
    return found, own


def main():
    if sys.argv[1:] == ["floor"]:
        floor()
        return
    with tempfile.TemporaryDirectory(prefix="floor-") as folder:
        command = [sys.executable, "-m", __spec__.name, "floor"]
        environment = os.environ | {"DATA_DIR": folder}
        with subprocess.Popen(command, stdin=-1, stdout=-1, text=True, env=environment) as django:

            def own_page():
                django.stdin.write("\n")
                django.stdin.flush()
                return float(django.stdout.readline())

            found, own = measure(int(sys.argv[1]) if sys.argv[1:] else 9, own_page)
            django.stdin.close()
    unit = median(own)
    sys.stdout.write(f"Django's own page: {unit * 1000:.1f} ms ({min(own) * 1000:.1f} to {max(own) * 1000:.1f})\n\n")
    sys.stdout.write(f"| | {' | '.join(WHEN)} |\n|---|{'--:|' * len(WHEN)}\n")
    for name, seen in found.items():
        sys.stdout.write(f"| {name} | {' | '.join(f'{median(seen[when]) / unit:.1f}' for when in WHEN)} |\n")


if __name__ == "__main__":
    main()
