"""Samples of help given: teams and their people (here), their duties, orders in every state over two years, letters.

A home gets them once: what was ever loaded for it is never touched again, so a second run changes nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from random import Random

from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from branches.demo_words import REASON, person
from branches.models import Branch, CommunityMembership
from branches.names import person_key
from branches.sealing import telephone_index
from homes.models import Home
from volunteers.demo_duties import duties_of
from volunteers.demo_orders import orders_of
from volunteers.models import Assignment, OrderCategory, ServiceOrder, Skill, Team, TeamKind, TeamMembership, Volunteer
from volunteers.order_steps import enter

A_BLOCK = 29  # homes, which have so many teams and people between them:
TEAMS, TWO_TEAMS = 56, 22  # homes of the first block with two teams
KNOWN_HOME = 3  # sample teams of the home that has three already; nobody is put into those
TELEPHONE = "1000{:07}"  # which no telephone begins with
FIRST = 2_000_000  # of the sample volunteers who are not in the register
FOUNDED = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Troop:
    """How many people there are in all teams, and how many matters a home has; the real size unless told otherwise."""

    people: int = 1600
    orders_a_home: int = 30
    orders_of_the_known: int = 140  # the home the report tells of solved more than 120 in two years
    letters: int = 16


class _Makers:
    """What all homes share while the samples are made."""

    def __init__(self, troop):
        self.troop, self.now, self.today = troop, timezone.now(), timezone.localdate()
        self.kinds = list(TeamKind.objects.in_use())
        self.skills = {skill.slug: skill for skill in Skill.objects.in_use()}
        self.categories = list(OrderCategory.objects.in_use().select_related("skill"))
        self.people = count(Volunteer.objects.filter(is_sample=True).count())
        self.orders = count(ServiceOrder.objects.filter(is_sample=True).count())
        self.teams = count(Team.objects.filter(is_sample=True).count())
        self.branches = {}  # by division; of a street without one of its own, one of its communities'
        for branch in Branch.objects.active().select_related("division__parent__parent").order_by("slug"):
            division = branch.division
            while division is not None:
                self.branches.setdefault(division.pk, branch)
                division = division.parent
        self.members = {}
        taken = Volunteer.objects.exclude(member=None).values("member")
        rows = CommunityMembership.objects.active().filter(member__is_sample=True).exclude(member__in=taken)
        for membership in rows.select_related("member", "branch").order_by("pk"):
            self.members.setdefault(membership.branch.division_id, []).append(membership.member)


def load_volunteers(arrivals, *, troop):
    """Bring in the samples for every public home that has none yet."""
    makers = _Makers(troop)
    if not makers.kinds or not makers.categories:
        return
    has = set(Team.history.filter(is_sample=True).values_list("home", flat=True))
    homes = list(Home.objects.public().select_related("division").order_by("pk"))
    made = [_Home(home, place, makers) for place, home in enumerate(homes) if home.pk not in has]
    teams = [team for home in made for team in home.teams]
    bulk_create_with_history(teams, Team, batch_size=500, default_change_reason=REASON)
    people, memberships = [], []
    for first in range(0, len(made), A_BLOCK):
        block = [team for home in made[first : first + A_BLOCK] for team in home.teams]
        joined = _people(block, makers)
        people, memberships = people + joined[0], memberships + joined[1]
    orders, assignments, crews, of_team = [], [], {}, {}
    for membership in memberships:
        crews.setdefault(membership.team.home_id, []).append(membership.volunteer)
        of_team.setdefault(membership.team_id, []).append(membership.volunteer)
    for team in teams:
        team.captain = next(iter(of_team.get(team.pk, ())), None)
    bulk_update_with_history(teams, Team, ["captain"], batch_size=500, default_change_reason=REASON)
    for home in made:
        asked, given = orders_of(home.home, crews.get(home.home.pk, []), makers, is_known=home.is_known)
        orders += asked
        assignments += given
    enter(orders, assignments, by=None, reason=REASON)
    going = {each.volunteer_id for each in assignments if each.status in Assignment.LIVE}
    counts = {Team: len(teams), Volunteer: len(people), ServiceOrder: len(orders), Assignment: len(assignments)}
    counts |= duties_of(teams, of_team, makers, going)
    for model, number in counts.items():
        if number:
            arrivals.created[model._meta.verbose_name] += number


class _Home:
    """The sample teams of one home, unsaved."""

    def __init__(self, home, place, makers):
        self.home = home
        self.is_known = Team.objects.filter(home=home, is_sample=False).exists()
        block, turn = divmod(place, A_BLOCK)
        number = KNOWN_HOME if self.is_known else 2 if turn < self._with_two(block) else 1
        kinds = Random(f"teams {home.slug}").sample(makers.kinds, min(number, len(makers.kinds)))  # noqa: S311
        self.teams = [self._team(kind, makers) for kind in kinds]

    @staticmethod
    def _with_two(block):
        """Places of a block with two teams: of the first one, in which one home has six, fewer."""
        return TWO_TEAMS + 1 if block == 0 else TEAMS - A_BLOCK

    def _team(self, kind, makers):
        number = next(makers.teams)
        return Team(
            name=f"示例{kind.name.removesuffix('队')}队", slug=f"sample-{self.home.slug}-{kind.slug}"[:60],
            home=self.home, kind=kind, lead=kind.sentence,
            founded_on=makers.today - FOUNDED + timedelta(days=7 * number % 700),
            takes_people=number % 5 != 4, is_sample=True,
        )  # fmt: skip


def _people(teams, makers):
    """Saved volunteers of the teams of a block, from the register where it has members near by; and memberships."""
    people, memberships, skills = [], [], []
    each, more = divmod(makers.troop.people, len(teams))
    for place, team in enumerate(teams):
        wanted = each + (place < more)
        near = makers.members.get(team.home.division_id, [])
        for member in [*near[:wanted], *[None] * max(0, wanted - len(near))]:
            number = next(makers.people)
            volunteer = _volunteer(number, member, team, makers)
            since = makers.today - timedelta(days=30 + number % 900)
            people.append(volunteer)
            memberships.append(
                TeamMembership(team=team, volunteer=volunteer, status=TeamMembership.Status.ACTIVE, since=since)
            )
            skills += [(volunteer, skill) for skill in _skills(number, team, makers)]
        del near[:wanted]
    bulk_create_with_history(people, Volunteer, batch_size=500, default_change_reason=REASON)
    bulk_create_with_history(memberships, TeamMembership, batch_size=500, default_change_reason=REASON)
    through = Volunteer.skills.through
    through.objects.bulk_create(
        [through(volunteer=volunteer, skill=skill) for volunteer, skill in skills], batch_size=1000
    )
    return people, memberships


def _volunteer(number, member, team, makers):
    name = member.name if member else person(number)
    telephone = member.telephone if member else TELEPHONE.format(FIRST + number)
    return Volunteer(
        name=name, member=member, telephone=telephone, telephone_index=telephone_index(telephone),
        person_key=person_key(name, telephone) if telephone else "", code=f"{40_000_000 + number}",
        compound_id=member.compound_id if member else None, division=team.home.division,
        free_times=0 if number % 3 else 0b011_011_011_011_011 << 3 * (number % 2), is_sample=True,
    )  # fmt: skip


def _skills(number, team, makers):
    """What the team is for, and what one in five can do besides."""
    own = makers.skills.get(team.kind.slug)
    spare = list(makers.skills.values())[number // 5 % len(makers.skills)] if number % 5 == 0 else None
    return {skill for skill in (own, spare) if skill is not None}
