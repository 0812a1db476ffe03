"""What a drill asks of a portal's database, run inside it: `ask(portal, "seats", pk)`."""

import json
import sys

PROGRAM = "import django; django.setup(); from tests.drills import inside; inside.answer()"


def ask(portal, what, *arguments):
    return json.loads(portal.python("-c", PROGRAM, what, *map(str, arguments)).stdout)


def answer():
    what, *arguments = sys.argv[1:]
    print(
        json.dumps(
            {"edit": edit, "make": make, "pages": pages, "seats": seats, "sound": sound}[what](*map(int, arguments))
        )
    )


def make(*capacities):
    """A home with an activity of so many seats each, 0 for no limit; whoever may change them is logged in."""
    from django.conf import settings  # noqa: PLC0415 - once Django is set up
    from django.test import Client  # noqa: PLC0415

    from tests.activities.town import make_activity, make_town  # noqa: PLC0415
    from tests.makers import make_user  # noqa: PLC0415

    home = make_town()
    staff = Client()
    staff.force_login(make_user("drill", "district", home.division))
    return {
        "activities": [make_activity(home, capacity=number or None).pk for number in capacities],
        "staff": f"{settings.SESSION_COOKIE_NAME}={staff.cookies[settings.SESSION_COOKIE_NAME].value}",
    }


def edit(number):
    """The home of `make` gets another name, as when somebody edits it."""
    from homes.models import Home  # noqa: PLC0415

    home = Home.objects.first()
    home.name = f"演练{number}号老党员之家"
    home.save()
    return {"page": home.get_absolute_url(), "name": home.name}


def pages():
    """What there is to read in the demo, for everybody and for staff, and activities that take sign-ups for long."""
    from datetime import timedelta  # noqa: PLC0415

    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from activities.models import Activity  # noqa: PLC0415
    from branches.models import User  # noqa: PLC0415
    from tests.benchmarks.site_pages import addresses  # noqa: PLC0415

    found = [page for some in addresses().values() for page in some]
    later = timezone.now() + timedelta(hours=6)
    staff = Client()
    staff.force_login(User.objects.get(username="admin"))
    return {
        "public": [page for page in found if "/admin/" not in page],
        "desk": ["/desk/", "/desk/activities/", *(page for page in found if "/admin/" in page)],
        "activities": [row.pk for row in Activity.objects.upcoming() if row.is_open_for_sign_up(later)],
        "staff": f"{settings.SESSION_COOKIE_NAME}={staff.cookies[settings.SESSION_COOKIE_NAME].value}",
    }


def seats(pk):
    """Who sits and who waits, and whether that is as it must be."""
    from activities.models import Activity, Booking  # noqa: PLC0415
    from activities.seats import fits  # noqa: PLC0415

    activity = Activity.objects.get(pk=pk)
    rows = activity.sign_ups.exclude(status="cancelled")
    came = activity.sign_ups.filter(waitlisted_at__isnull=False).order_by("waitlisted_at", "pk")
    moved = [row.status != "waitlisted" for row in came if row.status != "cancelled"]
    return {
        "capacity": activity.capacity,
        "kept_in": activity.over_by,
        "confirmed": activity.sign_ups.seated().count(),
        "waiting": activity.sign_ups.queue().count(),
        "people": rows.values("person_key").distinct().count(),
        "rows": rows.count(),
        "keys": list(Booking.objects.filter(sign_ups__activity=activity).values_list("form_key", flat=True)),
        "halves": Booking.objects.filter(sign_ups=None).count(),
        "in_order": moved == sorted(moved, reverse=True),
        "seat_for_the_next": activity.sign_ups.queue().exists() and fits(activity, 1),
    }


def sound():
    """What is wrong with the database file; nothing on PostgreSQL, which would have said so at its start."""
    from django.db import connection  # noqa: PLC0415

    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        told = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        return told + [str(row) for row in cursor.fetchall()]
