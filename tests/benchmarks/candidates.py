"""How long it takes to find whom to ask: `python -m tests.benchmarks.candidates [VOLUNTEERS] [ORDERS]`.

Makes 8,000 volunteers, 5,000 orders (three of four with a visit) and 20,000 sign-ups, five times the demo's, on a
throwaway database: SQLite, or PostgreSQL under `.ci/postgres`. Prints the milliseconds of the short list (the middle
one and the slowest), how many times longer it is than reading the keys of as many volunteers without any question (who
can, who is free, who is near, who was asked), and how the database goes about it.
"""

import os
import random
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

os.environ |= {"DEMO": "1", "ENV_FILE": os.devnull, "CACHE_URL": "locmemcache://benchmark"}
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

VOLUNTEERS, ORDERS, SIGN_UPS = 8000, 5000, 20000
ROUNDS = 40


def fill(volunteers, orders, sign_ups):
    """Teams of every home, people in them, orders of every state; returns orders to be dispatched."""
    from django.utils import timezone  # noqa: PLC0415 - once Django is set up

    from activities.models import Activity, SignUp  # noqa: PLC0415
    from branches.models import Branch, Division  # noqa: PLC0415
    from homes.models import Home  # noqa: PLC0415
    from volunteers.models import (  # noqa: PLC0415
        Assignment,
        OrderCategory,
        ServiceOrder,
        Skill,
        Team,
        TeamKind,
        TeamMembership,
        Volunteer,
    )

    dice, now = random.Random("candidates"), timezone.now()  # noqa: S311 - samples, not secrets
    kind = TeamKind.objects.create(slug="benchmark", name="测速")
    skill = Skill.objects.create(slug="benchmark", name="测速")
    category = OrderCategory.objects.create(slug="benchmark", name="测速", skill=skill)
    homes = list(Home.objects.select_related("division"))
    communities = list(Division.objects.filter(level=Division.Level.COMMUNITY))
    teams = Team.objects.bulk_create(
        Team(name=f"{home}{number}队", slug=f"benchmark-{home.pk}-{number}", home=home, kind=kind)
        for home in homes
        for number in range(4)
    )
    people = Volunteer.objects.bulk_create(
        [
            Volunteer(
                name=f"测速{number}", person_key=f"benchmark-{number}", division=dice.choice(communities),
                free_times=dice.choice((0, 0, dice.getrandbits(21))),
                last_asked_at=dice.choice((None, now - timedelta(days=dice.randrange(400)))),
            )
            for number in range(volunteers)
        ],
        batch_size=500,
    )  # fmt: skip
    TeamMembership.objects.bulk_create(
        [
            TeamMembership(team=team, volunteer=person, status="active", since=now.date())
            for person in people
            for team in dice.sample(teams, dice.choice((1, 1, 2)))
        ],
        batch_size=500,
    )
    through = Volunteer.skills.through
    able = [person for person in people if dice.random() < 0.4]
    through.objects.bulk_create([through(volunteer=person, skill=skill) for person in able], batch_size=500)
    branch = Branch.objects.first()
    rows = ServiceOrder.objects.bulk_create(
        [
            ServiceOrder(
                category=category, division=dice.choice(communities), branch=branch, accept_by=now.date(),
                done_by=now.date(), status="accepted" if number % 4 else "submitted",
            )
            for number in range(orders)
        ],
        batch_size=500,
    )  # fmt: skip
    visits = []
    for order in rows:
        if order.status == "accepted":
            at = now + timedelta(hours=dice.randrange(1, 24 * 30))
            visits.append(
                Assignment(
                    order=order, volunteer=dice.choice(people), status="accepted", is_sole=True, visit_at=at,
                    visit_ends_at=at + timedelta(hours=1), expires_at=at,
                )
            )  # fmt: skip
    Assignment.objects.bulk_create(visits, batch_size=500)
    going_on = list(Activity.objects.order_by("pk"))
    SignUp.objects.bulk_create(
        [
            SignUp(activity=activity, name="测速", person_key=f"benchmark-{number}", status="confirmed")
            for number in range(sign_ups // len(going_on))
            for activity in going_on
        ],
        batch_size=500,
    )
    return [order for order in rows if order.status == "submitted"]


def milliseconds(act):
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def main(volunteers, orders):
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connection  # noqa: PLC0415

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(Path(os.environ["DATA_DIR"], "benchmark.sqlite3"))
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        from django.utils import timezone  # noqa: PLC0415

        from tests.stage import load_samples  # noqa: PLC0415
        from volunteers import candidates  # noqa: PLC0415
        from volunteers.models import Volunteer  # noqa: PLC0415

        load_samples()
        waiting = fill(volunteers, orders, SIGN_UPS)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        at = timezone.now() + timedelta(days=3)
        sys.stdout.write(f"{connection.vendor}, {Volunteer.objects.count()} volunteers, {orders} orders\n")

        def find(order):
            return list(candidates.for_list(candidates.candidates(order, at, at + timedelta(hours=1))[:20]))

        found = [len(find(order)) for order in waiting[:ROUNDS]]
        took = [milliseconds(lambda order=order: find(order)) for order in waiting[:ROUNDS]]
        plain = median(milliseconds(lambda: list(Volunteer.objects.values_list("pk"))) for _ in range(ROUNDS))
        sys.stdout.write(f"found {min(found)} to {max(found)}: {median(took):.0f} ms, slowest {max(took):.0f} ms\n")
        sys.stdout.write(f"times longer than reading all their keys: {median(took) / plain:.1f}\n")
        rows = candidates.candidates(waiting[0], at, at + timedelta(hours=1))[:20]
        sys.stdout.write(f"{rows.explain()}\n")
    finally:
        connection.creation.destroy_test_db("", verbosity=0)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        os.environ["DATA_DIR"] = folder
        given = [int(each) for each in sys.argv[1:3]]
        main(*given, *(VOLUNTEERS, ORDERS)[len(given) :])
