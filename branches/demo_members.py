"""Sample members, where they belong and since when: most in one branch, some waiting, some gone, some moved on."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from branches import membership
from branches.demo_places import BranchPlaces
from branches.demo_words import REASON, person, telephone
from branches.models import CareClass, CommunityMembership, Member
from branches.sealing import telephone_index

Status, EndReason = CommunityMembership.Status, CommunityMembership.EndReason
# What becomes of a member, by the number's turn in two hundred; everybody else is active.
PENDING, REJECTED, WITHDRAWN, ENDED, TRANSFERRED = {3, 103}, {29}, {57}, {71, 131, 171, 191}, {83, 183}
CYCLE = 200
NEEDS_VISITS = 12  # every twelfth member of a branch
OLD = 80  # years
KIN = ("女儿", "儿子", "老伴", "儿媳", "侄女", "邻居")


@dataclass
class Enrolled:
    """A sample member, the branch's places, and the membership where it is active and was never moved."""

    member: Member
    places: BranchPlaces
    membership: CommunityMembership | None = None


def enrol(block, places, size, keep, arrivals):
    """Make the members of a block and their memberships; return them as `Enrolled`."""
    classes = list(CareClass.objects.filter(is_archived=False))
    dice = Random(f"members {block}")  # noqa: S311 - samples, not secrets
    turns = dict.fromkeys(range(len(places.branches)), 0)
    weights = [dice.uniform(0.5, 1.5) for _ in places.branches]
    enrolled = []
    for number in range(size.members):
        index = number % len(turns)
        if number >= 3 * len(turns):  # three for every branch, then some have more than others
            index = dice.choices(range(len(turns)), weights)[0]
        needs_visits, turns[index] = turns[index] % NEEDS_VISITS == 0, turns[index] + 1
        home = places.branches[index]
        enrolled.append(Enrolled(_member(block, number, home, places, needs_visits, classes, dice), home))
    keep([each.member for each in enrolled])
    memberships = _join(enrolled, places.branches, dice)
    arrivals.created[CommunityMembership._meta.verbose_name] += len(memberships)
    return enrolled


def _member(block, number, home, places, needs_visits, classes, dice):
    compound = dice.choice(home.compounds)
    building = dice.choice(home.buildings[compound])
    enterprise = dice.choice(places.retired_from.get(compound) or places.enterprises)
    born = round(dice.triangular(1936, 1966, 1950))
    calls = "" if number % 50 == 49 else telephone(block, number)
    street, entrance, room = number % 300 + 1, dice.randint(1, 4), dice.randint(1, 18)
    kin = f"{dice.choice(KIN)} {telephone(block, number, of_contact=True)}"
    return Member(
        name=person(number),
        birth_year=born,
        joined_on=date(min(born + dice.randint(20, 45), 2015), dice.randint(1, 12), dice.randint(1, 28)),
        enterprise=enterprise,
        compound=compound,
        building=building,
        telephone=calls,
        telephone_index=telephone_index(calls),
        address=f"示例路{street}号{compound.name}{building.name}{entrance}单元{room}02室",
        contact=kin if needs_visits or number % 3 == 0 else "",
        needs_home_visit=needs_visits,
        care_class=_care_class(classes, needs_visits, born, dice),
        is_sample=True,
    )


def _care_class(classes, needs_visits, born, dice):
    """The class with the closest rhythm for those who need visits, the next one for the oldest, any other or none."""
    by_rhythm = sorted(classes, key=lambda each: (each.visit_every_days or 1000, each.order))
    if not by_rhythm:
        return ""
    if needs_visits:
        return by_rhythm[0].slug
    if born <= timezone.localdate().year - OLD:
        return by_rhythm[min(1, len(by_rhythm) - 1)].slug
    return dice.choice([*(each.slug for each in by_rhythm[2:]), "", by_rhythm[-1].slug])


def _join(enrolled, branches, dice):
    """Enter the memberships and return them; members who are in a branch and were never moved get theirs."""
    stays, plain = [], []
    for number, each in enumerate(enrolled):
        turn = number % CYCLE
        own = {
            "member": each.member,
            "branch": each.places.branch,
            "home_unit": f"{each.member.enterprise}离退休党总支",
        }
        if turn in PENDING:
            stays.append(own | {"status": Status.PENDING, "reported_on": _ago(dice, 0, 25)})
        elif turn in REJECTED | WITHDRAWN:
            status = Status.REJECTED if turn in REJECTED else Status.WITHDRAWN
            stays.append(own | {"status": status, "reported_on": _ago(dice, 40, 600)})
        elif turn in ENDED:
            why = dice.choice((EndReason.MOVED, EndReason.ASKED, EndReason.DIED, EndReason.OTHER))
            until = dice.choice((_ago(dice, 30, 900), _ago(dice, 1200, 1900)))
            stays.append(_ended(own, until, why, dice))
        elif turn in TRANSFERRED:
            moved_on = _ago(dice, 40, 700)
            before = own | {"branch": dice.choice([places.branch for places in branches])}
            if before["branch"] != own["branch"]:
                stays.append(_ended(before, moved_on, EndReason.TRANSFERRED, dice))
            stays.append(own | {"status": Status.ACTIVE, "reported_on": moved_on, "since": moved_on})
        else:
            since = _ago(dice, 430, 2200)
            plain.append((len(stays), each))
            stays.append(own | {"status": Status.ACTIVE, "reported_on": _before(since, dice, 14), "since": since})
    memberships = membership.enter(stays, by=None, reason=REASON)
    for position, each in plain:
        each.membership = memberships[position]
    return memberships


def _ended(own, until, why, dice):
    since = _before(until, dice, 900, least=100)
    return own | {
        "status": Status.ENDED,
        "reported_on": _before(since, dice, 14),
        "since": since,
        "until": until,
        "end_reason": why,
    }


def _ago(dice, least, most):
    return timezone.localdate() - timedelta(days=dice.randint(least, most))


def _before(day, dice, most, least=0):
    return day - timedelta(days=dice.randint(least, most))
