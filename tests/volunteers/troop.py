"""A team with people, a duty and a shift tomorrow, for tests."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from tests.activities.town import make_town
from volunteers.models import Duty, Shift, Team, TeamKind, TeamMembership, Volunteer

TELEPHONE = "1990007{:04}"  # rings nobody


def make_team(home=None, *, name="红马甲", slug="red-vests", **fields):
    """A team of this home (or of a small town of its own)."""
    fields.setdefault("kind", TeamKind.objects.get_or_create(slug="red-vest", defaults={"name": "红马甲"})[0])
    return Team.objects.create(home=home or make_town(), name=name, slug=slug, **fields)


def make_volunteer(team=None, number=1, *, status="active", **fields):
    """Somebody with a telephone, in the team (or asking to be) if one is told."""
    defaults = {"name": f"示例{number}号", "telephone": TELEPHONE.format(number)}
    volunteer = Volunteer.objects.create(**defaults | fields)
    if team is not None:
        since = date(2026, 1, 1) if status in ("active", "left") else None
        until = date(2026, 6, 1) if status == "left" else None
        TeamMembership.objects.create(team=team, volunteer=volunteer, status=status, since=since, until=until)
    return volunteer


def make_duty(team, **fields):
    """The school escort of every working day, 7:30 to 8:30, for two."""
    defaults = {"name": "早上护学", "begins": time(7, 30), "ends": time(8, 30), "since": date(2026, 1, 1), "needed": 2}
    return Duty.objects.create(team=team, **defaults | fields)


def make_shift(duty, *, day=None, **fields):
    """The duty on a day, tomorrow unless told."""
    day = day or timezone.localdate() + timedelta(days=1)
    begins, ends = (timezone.make_aware(datetime.combine(day, hour)) for hour in (duty.begins, duty.ends))
    return Shift.objects.create(duty=duty, starts_at=begins, ends_at=ends, needed=duty.needed, **fields)


def with_code(volunteer, code="12345678"):
    """The same person, with a code that opens their page."""
    Volunteer.objects.filter(pk=volunteer.pk).update(code=code)
    volunteer.refresh_from_db()
    return volunteer


def enter(client, volunteer, **typed):
    """Open the page of a volunteer in this browser."""
    given = {"code": volunteer.code, "last_four": volunteer.telephone[-4:]}
    return client.post("/volunteer/enter/", given | typed)
