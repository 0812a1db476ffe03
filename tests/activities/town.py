"""A small place where something goes on: one district, one home, one activity tomorrow."""

from datetime import timedelta

from django.utils import timezone

from activities.models import Activity, ActivityKind, Course
from branches.models import Division
from tests.makers import make_home, moment_ahead


def make_town():
    """An open home in a district of its own."""
    district = Division.objects.create(code="990100000000", name="望岳区", level="district")
    return make_home(district, "示例之家", "town")


def make_kind(slug="talk", **fields):
    return ActivityKind.objects.get_or_create(slug=slug, defaults={"name": f"种类{slug}"} | fields)[0]


def make_activity(home, *, status="published", starts_in=timedelta(days=1), minutes=90, **fields):
    """An activity of this home that begins in a while and has ten seats, unless told otherwise."""
    starts_at = moment_ahead(starts_in, minutes)
    defaults = {
        "title": "合唱班",
        "kind": make_kind(),
        "home": home,
        "division": home.division,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "capacity": 10,
    }
    return Activity.objects.create(status=status, **defaults | fields)


def make_course(home, *, sessions=3, every=timedelta(days=7), **fields):
    """A course of this home with so many published sessions, the first tomorrow."""
    today = timezone.localdate()
    course = Course.objects.create(
        title="二胡班", slug="erhu", kind=make_kind(), home=home, division=home.division,
        since=today + timedelta(days=1), until=today + timedelta(days=1) + every * (sessions - 1),
    )  # fmt: skip
    for number in range(sessions):
        make_activity(home, course=course, starts_in=timedelta(days=1) + every * number, **fields)
    return course
