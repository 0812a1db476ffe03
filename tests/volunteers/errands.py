"""Help that is asked for, and people to send, for tests."""

from datetime import timedelta

from django.utils import timezone

from branches.models import Branch
from tests.activities.town import make_town
from tests.volunteers.troop import make_team, make_volunteer
from volunteers import dispatching, ordering
from volunteers.models import OrderCategory

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ASKED = {"what": "灯不亮了", "name": "示例居民", "telephone": "19900008001", "place": "示例小区3栋"}


def make_category(slug="repair", **fields):
    return OrderCategory.objects.get_or_create(slug=slug, defaults={"name": f"种类{slug}"} | fields)[0]


def make_branch(home, slug="branch"):
    """A branch that answers for all of the home's division."""
    return Branch.objects.create(name=f"支部{slug}", slug=slug, division=home.division)


def make_order(home, *, category=None, **fields):
    """An order of this home's place."""
    return ordering.place(category=category or make_category(), home=home, **ASKED | fields)


def make_crew(people=3):
    """(home, team, [volunteer]) of a town with one branch."""
    home = make_town()
    make_branch(home)
    team = make_team(home)
    return home, team, [make_volunteer(team, number) for number in range(1, people + 1)]


def in_days(days=1, hours=0):
    return timezone.now() + days * DAY + hours * HOUR


def accepted(order, volunteer, *, visit_at=None, by=None):
    """The order after this person was asked and said yes; returns the assignment."""
    dispatching.offer(order, volunteer, visit_at=visit_at or in_days(), by=by)
    return dispatching.accept(order, volunteer, by=volunteer)


def done(order, volunteer, *, minutes=40, **fields):
    """The order after this person did it."""
    accepted(order, volunteer, **fields)
    return dispatching.complete(order, by=volunteer, what="换好了灯", minutes={volunteer.pk: minutes})
