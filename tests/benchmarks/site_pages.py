"""What `make bench` asks of one portal: `python -m tests.benchmarks.site_pages` prints it as JSON.

The addresses of each page, the questions it puts to the database when nothing is remembered, and what somebody needs
who is logged in or signs up.
"""

import json
import logging
import os
import sys

PARTS = 20  # of a kind of page that there are many of, asked in turn


def addresses():
    """{page: its addresses}"""
    from activities.models import Activity  # noqa: PLC0415 - once Django is set up
    from homes.models import Home  # noqa: PLC0415

    homes = Home.objects.public().filter(is_sample=True).order_by("pk")[:PARTS]
    activities = Activity.objects.upcoming().order_by("starts_at", "pk")[:PARTS]
    return {
        "front page": ["/"],
        "list of homes": ["/homes/"],
        "a home": [home.get_absolute_url() for home in homes],
        "list of activities": ["/activities/"],
        "an activity": [activity.get_absolute_url() for activity in activities],
        "search": ["/search/?q=%E5%90%88%E5%94%B1"],
        "members (admin)": ["/admin/branches/member/"],
        "branches (admin)": ["/admin/branches/branch/"],
        "activities (admin)": ["/admin/activities/activity/"],
        "orders (admin)": ["/admin/volunteers/serviceorder/"],
    }


def asked(client, address):
    """How many questions a page asks in a process that remembers nothing of the content."""
    from django.core.cache import caches  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from config import caching  # noqa: PLC0415

    client.get(address)  # content types and the like are read once a process
    caches["pages"].clear()
    caching._remembered.clear()
    questions = []

    def count(execute, sql, *rest):
        if "portal_cache" not in sql:  # the content version, which a process asks for twice a second at most
            questions.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        client.get(address)
    return len(questions)


def main():
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    logging.disable()  # a line a request
    from django.conf import settings  # noqa: PLC0415
    from django.core import signing  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from activities.models import Activity  # noqa: PLC0415
    from branches.models import User  # noqa: PLC0415
    from config.open_forms import FASTEST, SALT  # noqa: PLC0415

    reader, staff = Client(headers={"host": "127.0.0.1"}), Client(headers={"host": "127.0.0.1"})
    staff.force_login(User.objects.get(username="admin"))
    pages = {
        name: {
            "addresses": some,
            "queries": max(asked(staff if "/admin/" in some[0] else reader, each) for each in some[:3]),
        }
        for name, some in addresses().items()
    }
    open_ones = [row.pk for row in Activity.objects.upcoming()[:200] if row.is_open_for_sign_up()][:PARTS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
        version = cursor.fetchone()[0].split(" (")[0]
    told = {
        "pages": pages,
        "cookie": f"{settings.SESSION_COOKIE_NAME}={staff.cookies[settings.SESSION_COOKIE_NAME].value}",
        "csrf": settings.CSRF_COOKIE_NAME,
        "sign_up": [f"/activities/{pk}/sign-up/" for pk in open_ones],
        "made_at": signing.dumps(int(timezone.now().timestamp()) - FASTEST - 1, salt=SALT),
        "database": version if connection.vendor == "postgresql" else f"SQLite {version}",
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
