"""The applications for a home as sites: which of them would bring most members into a circle.

Everybody asks about what they may see: their applications, and the members of their own area.
"""

from dataclasses import dataclass
from decimal import Decimal

from branches.models import Member
from homes.circles import walks
from homes.circles.coverage import dwellings
from homes.circles.pace import Pace
from homes.models import HomeApplication


@dataclass
class Proposal:
    """What was asked, and what came of it; `answer` is that of `siting`, its keys the numbers of applications."""

    most: int
    pace: Pace
    budget: Decimal | None
    ways: walks.Source
    applications: dict  # {number: HomeApplication} of those with a position
    unplaced: list  # applications
    homeless: int  # members whose dwelling has no position
    useless: list  # applications that nobody outside could walk to
    answer: object

    @property
    def basis(self):
        """How the walks were found; stands beside every figure."""
        pace = f"{self.pace.name}每秒{self.pace.speed}米"
        return f"{walks.basis(self.ways)}；{pace}"

    def names(self, keys):
        return "、".join(self.applications[key].name for key in keys)


def propose(user, *, most, pace, budget=None, everything=False):
    """The `Proposal` for this user: of the applications under way, or of all that were ever handed in.

    Raises `siting.TooHardError` when it cannot be worked out in time.
    """
    from homes.circles.siting import Site, best_sites  # noqa: PLC0415 - large, and no other page needs it

    rows = HomeApplication.objects.visible_to(user)
    rows = list((rows.counted() if everything else rows.live()).select_related("division").order_by("number"))
    placed = {row.number: row for row in rows if row.longitude is not None}
    numbers, ways, limit = list(placed), walks.like_kept(), pace.metres()
    lived_in = dwellings(Member.objects.visible_to(user).active())
    outside = [each for each in lived_in if each.column and each.members and not each.is_inside(limit)]
    reached = [set() for _each in outside]
    origins = [(float(row.longitude), float(row.latitude)) for row in placed.values()]
    for origin, place, _metres in ways.walks.metres(origins, [each.point for each in outside], limit):
        reached[place].add(numbers[origin])
    demand = [(each.members, keys) for each, keys in zip(outside, reached, strict=True)]
    answer = best_sites([Site(number, placed[number].asked) for number in numbers], demand, most, budget)
    return Proposal(
        most, pace, budget, ways, placed,
        unplaced=[row for row in rows if row.longitude is None],
        homeless=sum(each.members for each in lived_in if not each.column),
        useless=[row for number, row in placed.items() if not any(number in keys for keys in reached)],
        answer=answer,
    )  # fmt: skip
