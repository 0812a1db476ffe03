"""Whether the clock of the server matters, and midnight: `make drill-time`.

The samples of a Sunday, and what goes on that night, are read at moments around midnight, around eight in the morning,
when it is midnight in Greenwich, at a deadline and on a 29 February, by servers whose clocks are set to Changsha,
London and Los Angeles: every page is the same, byte for byte. What is on today, and whether one may still sign up, is
right to the second. On SQLite, or on PostgreSQL under `.ci/postgres`, whose sessions begin in those zones too.
"""

import json
import logging
import os
import re
import tempfile
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

from tests.drills.migrations import Copies
from tests.drills.portal import SAMPLES, run, say

ZONES = ("Asia/Shanghai", "UTC", "America/Los_Angeles")
SHOW = "import django; django.setup(); from tests.drills import hours; hours.show()"
MAKE = "import django; django.setup(); from tests.drills import hours; hours.make()"
NIGHT, EARLY, NOON, NEXT = "守岁夜话", "清早练功", "中午下棋", "后半夜看流星"
NAMES = (NIGHT, EARLY, NOON, NEXT)
DEADLINE = "2026-11-23T07:00:00+08:00"  # of what begins at noon
ON_TODAY = {  # at this moment, what of it `today` lists
    "2026-11-22T23:29:59+08:00": {NIGHT},
    "2026-11-22T23:30:00+08:00": {NIGHT},
    "2026-11-23T00:00:00+08:00": {NIGHT, EARLY, NOON},
    "2026-11-23T00:29:59+08:00": {NIGHT, EARLY, NOON},
    "2026-11-23T00:30:00+08:00": {EARLY, NOON},
    "2026-11-23T06:59:59+08:00": {EARLY, NOON},
    "2026-11-23T07:00:00+08:00": {EARLY, NOON},
    "2026-11-23T07:59:59+08:00": {EARLY, NOON},
    "2026-11-23T08:00:00+08:00": {NOON},
    "2026-11-23T23:59:59+08:00": set(),
    "2026-11-24T00:00:00+08:00": {NEXT},
    "2028-02-29T00:10:00+08:00": set(),
}
PAGES = (
    "/", "/en/", "/homes/", "/activities/", "/activities/?when=today", "/activities/?when=tomorrow",
    "/activities/?when=week", "/activities/month/", "/courses/", "/notices/", "/teams/", "/letters/", "/figures/",
    "/feeds/activities/", "/api/activities/", "/api/homes/", "/search/?q=%E5%A4%9C",
)  # fmt: skip
DESK = ("/desk/", "/desk/activities/", "/desk/figures/", "/admin/activities/activity/", "/admin/branches/auditentry/")
BY_CHANCE = re.compile(r'(nonce="|name="(?:csrfmiddlewaretoken|form_key)" value=")[^"]*')


def make():
    """What goes on that night and the day after, in one of the sample homes; somebody who may see everything."""
    from activities.models import Activity, ActivityKind  # noqa: PLC0415 - once Django is set up
    from branches.models import User  # noqa: PLC0415
    from homes.models import Home  # noqa: PLC0415

    home, kind = Home.objects.public().filter(is_sample=True).order_by("pk").first(), ActivityKind.objects.first()
    midnight = datetime.fromisoformat("2026-11-23T00:00:00+08:00")
    for title, begins, minutes in ((NIGHT, -30, 60), (EARLY, 450, 30), (NOON, 720, 60), (NEXT, 1450, 60)):
        starts_at = midnight + timedelta(minutes=begins)
        Activity.objects.create(
            title=title, kind=kind, home=home, division=home.division, starts_at=starts_at, status="published",
            ends_at=starts_at + timedelta(minutes=minutes), capacity=10, published_at=midnight - timedelta(days=2),
            sign_up_until=DEADLINE if title == NOON else None,
        )  # fmt: skip
    User.objects.create_superuser("drill", "nur-fuer-diese-uebung", name="演练")


def show():
    """Print every page at every moment as JSON: {moment: {page: text}}."""
    import time_machine  # noqa: PLC0415 - once Django is set up
    from django.core.cache import caches  # noqa: PLC0415

    from activities.models import Activity  # noqa: PLC0415
    from config import caching  # noqa: PLC0415

    logging.disable()  # a line a request
    ours = {row.title: row for row in Activity.objects.filter(title__in=NAMES)}
    own = [f"{row.get_absolute_url()}{part}" for row in ours.values() for part in ("", "sign-up/", "poster/")]
    own += [f"/activities/{row.pk}.ics" for row in ours.values()]
    shown = {}
    for moment in ON_TODAY:
        with time_machine.travel(datetime.fromisoformat(moment), tick=False):
            caches["pages"].clear()
            caching._remembered.clear()
            shown[moment] = read((*PAGES, *own))
    print(json.dumps({"pages": shown, "noon": f"{ours[NOON].get_absolute_url()}sign-up/"}))


def read(public):
    """{page: text} for whoever comes by, and of the desk for whoever may see everything."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from branches.models import User  # noqa: PLC0415

    reader, staff = Client(headers={"host": "127.0.0.1"}), Client(headers={"host": "127.0.0.1"})
    staff.force_login(User.objects.get(username="drill"))
    found = {}
    for client, pages in ((reader, public), (staff, DESK)):
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200, f"{page} answered {answer.status_code}"
            text = b"".join(answer).decode()
            found[page] = BY_CHANCE.sub(r"\1", text)
    call_command("purge", "--dry-run", stdout=(told := StringIO()))
    return found | {"purge --dry-run": told.getvalue()}


def main():
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        copies = Copies(Path(name))
        full, shown = copies.make("full"), {}
        full.migrate()
        full.python("-c", SAMPLES)
        full.python("-c", MAKE)
        for number, zone in enumerate(ZONES):
            portal = copies.make(f"zone{number}", "full")
            portal.environment |= {"TZ": zone, "PGTZ": zone}
            portal.manage("collectstatic", "--noinput", "--verbosity=0")
            shown[zone] = json.loads(portal.python("-c", SHOW).stdout)
            copies.drop(f"zone{number}")
    first = shown[ZONES[0]]
    for zone in ZONES[1:]:
        differ = [
            f"{page} at {moment}"
            for moment, pages in first["pages"].items()
            for page, text in pages.items()
            if shown[zone]["pages"][moment][page] != text
        ]
        assert not differ, f"With the server's clock in {zone}, {len(differ)} pages are others: {differ[:9]}"
    for moment, expected in ON_TODAY.items():
        page = first["pages"][moment]["/activities/?when=today"]
        on_today = {title for title in NAMES if title in page}
        assert on_today == expected, f"At {moment} {on_today} are on today, in place of {expected}."
        is_open = 'name="telephone"' in first["pages"][moment][first["noon"]]
        assert is_open == (moment < DEADLINE), f"At {moment} one may{'' if is_open else ' not'} sign up."
    numbers = {len(pages) for pages in first["pages"].values()}
    say(
        f"{'PostgreSQL' if os.environ.get('DATABASE_URL') else 'SQLite'}: {numbers.pop()} pages at {len(ON_TODAY)} "
        f"moments, the same byte for byte with the server's clock in {', '.join(ZONES)}; what is on today and the "
        f"deadline right to the second."
    )


if __name__ == "__main__":
    run(main)
