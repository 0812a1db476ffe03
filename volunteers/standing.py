"""What a team and a home can show of themselves to everybody: numbers, and never a name."""

from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from homes.circles.lacking import ELSEWHERE, USE, WANTED, told
from homes.models import Home
from homes.models.home import ON_PAGE
from homes.models.lines import lines_of
from volunteers.figures import RECENT, solved_lately
from volunteers.models import Assignment, ServiceOrder, Shift, ShiftPlace, Team, TeamMembership

TEAM = "志愿服务队"


def number_of(rows):
    """How many different `rows` there are for each row of the query around them, as a column of it."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk", distinct=True))
    return Coalesce(Subquery(counted.values("number")), 0)


def with_people(teams):
    """These teams, each with `people`: how many are in it."""
    return teams.annotate(people=number_of(TeamMembership.objects.active().filter(team=OuterRef("pk"))))


def with_deeds(teams, now=None):
    """These teams, each with what it did in the last two years: `solved` matters, `stood` shifts.

    A matter is a team's where somebody went who was in the team on that day.
    """
    now = now or timezone.now()
    went = "assignments__volunteer__memberships"
    solved = solved_lately(ServiceOrder.objects.annotate(done_on=TruncDate("done_at")), now).filter(
        Q(**{f"{went}__until": None}) | Q(**{f"{went}__until__gt": F("done_on")}),
        **{f"{went}__team": OuterRef("pk"), f"{went}__since__lte": F("done_on")},
        assignments__status=Assignment.Status.COMPLETED,
    )
    stood = Shift.objects.filter(
        duty__team=OuterRef("pk"), places__status=ShiftPlace.Status.SERVED, starts_at__gte=now - RECENT
    )
    return teams.annotate(solved=number_of(solved), stood=number_of(stood))


def solved_at(now=None, **only):
    """How many matters were solved at a home in the last two years, as a column of homes: those that came in there, and
    those of the branches that meet there.
    """
    there = Q(home=OuterRef("pk")) | Q(home=None, branch__seat__home=OuterRef("pk"))
    return number_of(solved_lately(ServiceOrder.objects.filter(there, **only), now))


def solved_samples_at():
    """How many of those are invented."""
    return solved_at(is_sample=True)


def with_room(shifts):
    """These shifts, each with `missing`: how many more people it needs."""
    taken = number_of(ShiftPlace.objects.standing().filter(shift=OuterRef("pk")))
    return shifts.annotate(missing=F("needed") - taken)


def teams_at():
    """The teams of a home, a line each of name, slug, kind, whether it is a sample; a column of homes."""
    there = Team.objects.filter(home=OuterRef("pk"), is_archived=False)
    return lines_of(there, "home", "name", "slug", "kind__name", "is_sample")


def homes_with_teams():
    """Which homes have a team, as homes/circles/lacking.py asks it."""
    return [told(Home.objects.public(), USE, TEAM, WANTED), told(Team.objects.public(), USE, TEAM, "home")]


def register():
    """Let the page of a home tell of its teams and of what was solved there, and circles of what they lack."""
    ON_PAGE.update(team_lines=teams_at, solved=solved_at, solved_samples=solved_samples_at)
    ELSEWHERE.append(homes_with_teams)
