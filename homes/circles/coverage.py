"""Who lives within a walk of a home, and who does not: by members, and by buildings.

A member lives at the position of their building, or of their compound where the building has none.
"""

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone

from branches.models import Building, Division, Member, ResidentCompound
from homes.circles.estimate import band
from homes.circles.pace import PACES
from homes.models import Coverage, ServiceCircle, Walk


class Dwelling(NamedTuple):
    """A place where people live: `column` says what it is ("building", "compound", or "" where the map has no place).

    `division` is the number of its community, `metres` the walk to the nearest public home: None beyond what is kept.
    """

    column: str
    pk: int | None
    division: int
    point: tuple[float, float] | None
    members: int
    metres: int | None

    def is_inside(self, limit):
        return self.metres is not None and self.metres <= limit


@dataclass
class Tally:
    """Counts of a division at one pace. On estimates, `certain` are hardly wrong, and `possible` is the most there are;
    on a street network both are the members inside."""

    members: int = 0
    members_inside: int = 0
    members_certain: int = 0
    members_possible: int = 0
    members_unplaced: int = 0
    buildings: int = 0
    buildings_inside: int = 0

    @property
    def members_outside(self):
        return self.members - self.members_inside - self.members_unplaced


def dwellings(members=None):
    """Every building and every place where `members` live (those of the register unless told), as `Dwelling`s."""
    members = Member.objects.active() if members is None else members
    housed, estates, nowhere = defaultdict(int), defaultdict(int), defaultdict(int)
    buildings = _placed(Building.objects.filter(is_archived=False), "compound__division")
    compounds = _placed(ResidentCompound.objects.all(), "division")
    everybody = members.order_by().values_list("building", "compound", "compound__division")
    for building, compound, division, number in everybody.annotate(number=Count("pk")):
        if building in buildings:
            housed[building] += number
        elif compound in compounds:
            estates[compound] += number
        elif division:
            nowhere[division] += number
    at_large = members.filter(compound=None, memberships__status="active").order_by()
    for division, number in at_large.values_list("memberships__branch__division").annotate(number=Count("pk")):
        nowhere[division] += number
    to_building, to_compound = _least("building"), _least("compound")
    return [
        *(Dwelling("building", pk, *placed, housed[pk], to_building.get(pk)) for pk, placed in buildings.items()),
        *(Dwelling("compound", pk, *compounds[pk], number, to_compound.get(pk)) for pk, number in estates.items()),
        *(Dwelling("", None, division, None, number, None) for division, number in nowhere.items()),
    ]


def _placed(rows, division):
    """{pk: (number of the community, (longitude, latitude))} of those that have a position."""
    columns = rows.exclude(longitude=None).order_by("pk").values_list("pk", division, "longitude", "latitude")
    return {pk: (place, (float(longitude), float(latitude))) for pk, place, longitude, latitude in columns}


def _least(column):
    walks = Walk.objects.from_public_homes().exclude(**{column: None}).order_by()
    return dict(walks.values_list(column).annotate(least=Min("metres")))


def tallies(places, limit, factor=None):
    """{number of a division: Tally} for a walk of `limit` metres: communities, their streets, the district.

    `factor` is that of an estimate, None where the walks were measured.
    """
    above = dict(Division.objects.values_list("pk", "parent"))
    found = defaultdict(Tally)
    for place in places:
        inside = place.is_inside(limit)
        stands = band(place.metres, float(factor), limit) if factor and place.metres is not None else ""
        certain = stands == "certain" if factor else inside
        possible = stands in ("certain", "possible") if factor else inside
        division = place.division
        while division:
            tally = found[division]
            tally.members += place.members
            tally.members_inside += place.members * inside
            tally.members_certain += place.members * certain
            tally.members_possible += place.members * possible
            tally.members_unplaced += place.members * (not place.column)
            tally.buildings += place.column == "building"
            tally.buildings_inside += place.column == "building" and inside
            division = above[division]
    return found


@transaction.atomic
def count(ways):
    """Keep the coverage of this month, by the walks that are kept and the source `ways` (homes/circles/walks.py)."""
    list(Division.objects.filter(level=Division.Level.DISTRICT).select_for_update(no_key=True))  # one at a time
    places, now = dwellings(), timezone.now()
    month = timezone.localdate(now).replace(day=1)
    homes = ServiceCircle.objects.filter(home__in=ServiceCircle.home.field.related_model.objects.public()).count()
    rows = [
        Coverage(month=month, counted_at=now, division_id=division, pace=pace.key, homes=homes,
                 **ways.written, **{part.name: getattr(tally, part.name) for part in fields(Tally)})
        for pace in PACES
        for division, tally in tallies(places, pace.metres(), ways.factor).items()
    ]  # fmt: skip
    Coverage.objects.filter(month=month).delete()
    Coverage.objects.bulk_create(rows, batch_size=500)
