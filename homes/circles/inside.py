"""What lies within a walk of one home, for everybody to read: places and counts, never anybody who lives there."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from branches.models import Branch, Building, CentreHousehold, Division, PartyGroup
from homes.circles.pace import BANDS
from homes.circles.reach import Reach
from homes.models import Home

LISTED = 6  # of a list; more are folded
FOLDED = 60  # of what is folded; more are counted


class Number(NamedTuple):
    """How many are reached: `certain`, and with those that perhaps are, `most`. Measured, the two are the same."""

    certain: int
    most: int
    is_estimate: bool

    def __str__(self):
        if not self.is_estimate:
            return f"{self.most}"
        if self.certain == self.most:
            return f"估算{self.most}"
        return f"估算{self.certain}到{self.most}" if self.certain else f"估算最多{self.most}"


@dataclass
class Area:
    """A compound or a grid, and which of its buildings are reached."""

    name: str
    reach: Reach
    is_sample: bool
    division: str = ""
    buildings: int = 0
    walks: list[int] = field(default_factory=list)  # metres

    @property
    def metres(self):
        return min(self.walks)

    @property
    def minutes(self):
        return self.reach.pace.minutes(self.metres)

    @property
    def reached(self):
        return _number(self.reach, self.walks)

    @property
    def is_certain(self):
        return self.metres <= self.reach.certain


class Neighbour(NamedTuple):
    """Another home."""

    home: Home
    minutes: int
    is_certain: bool


class Company(NamedTuple):
    """A branch, how many of its Party groups are reached, and how many of their centre households may be told of."""

    branch: Branch
    groups: Number
    households: int


class Listing(NamedTuple):
    """A list of areas that may be long: those shown, those folded, and what is only counted."""

    shown: list[Area]
    folded: list[Area]
    uncounted: int
    buildings: int  # reached of all that are not shown

    @classmethod
    def of(cls, areas):
        areas = sorted(areas, key=lambda area: (area.metres, area.name))
        rest = areas[LISTED:]
        hidden = sum(len(area.walks) for area in rest if area.buildings)
        return cls(areas[:LISTED], rest[:FOLDED], len(rest[FOLDED:]), hidden)

    @property
    def more(self):
        return len(self.folded) + self.uncounted


class Band(NamedTuple):
    """The compounds whose nearest building is so many minutes away."""

    title: str
    compounds: Listing


class Inside:
    """What `reach` encloses, in four questions."""

    def __init__(self, reach):
        self.reach = reach
        self.walks = reach.circle.walks.within(reach.farthest).order_by("metres", "pk")
        self.compounds, self.grids, self.buildings, self.unplaced = self._areas()
        self.homes = []
        self._other_places()
        self.branches = self._branches()

    def _areas(self):
        """Compounds and grids with a reached building: (compounds, grids, `Number` of buildings, those of their
        buildings that the map does not know)."""
        reached = self.walks.exclude(building=None)
        rows = (
            Building.objects.filter(is_archived=False, compound__is_archived=False)
            .filter(Q(compound__in=reached.values("building__compound")) | Q(grid__in=reached.values("building__grid")))
            .annotate(metres=Subquery(reached.filter(building=OuterRef("pk")).values("metres")[:1]))
            .order_by("pk")
            .values_list(
                "metres", "longitude",
                "compound", "compound__name", "compound__is_sample",
                "grid", "grid__name", "grid__is_sample", "grid__is_archived", "grid__division__name",
            )
        )  # fmt: skip
        compounds, grids, walks, unplaced = {}, {}, [], 0
        for metres, longitude, compound, name, sample, grid, grid_name, grid_sample, archived, division in rows:
            areas = [compounds.setdefault(compound, Area(name, self.reach, sample))]
            if grid and not archived:
                place = Division(name=division).short_name
                areas.append(grids.setdefault(grid, Area(grid_name, self.reach, grid_sample, place)))
            for area in areas:
                area.buildings += 1
                if metres is not None:
                    area.walks.append(metres)
            unplaced += longitude is None
            walks += [metres] if metres is not None else []
        near = [{pk: area for pk, area in areas.items() if area.walks} for areas in (compounds, grids)]
        return *near, _number(self.reach, walks), unplaced

    def _other_places(self):
        """Other homes, and the compounds of which no building has a position."""
        placed = Building.objects.filter(compound=OuterRef("compound"), is_archived=False).exclude(longitude=None)
        rows = self.walks.filter(
            Q(home__status__in=Home.PUBLIC) | Q(compound__is_archived=False) & ~Exists(placed)
        ).select_related("compound", "home")
        for walk in rows:
            if walk.home:
                minutes = self.reach.pace.minutes(walk.metres)
                self.homes.append(Neighbour(walk.home, minutes, walk.metres <= self.reach.certain))
            else:
                found = walk.compound
                self.compounds[found.pk] = Area(found.name, self.reach, found.is_sample, walks=[walk.metres])

    def _branches(self):
        """[`Company`] of the branches that meet in a home inside, or have a Party group with a reached building."""

        def groups(limit):
            walked = self.walks.within(limit).exclude(building=None).values("building")
            return PartyGroup.objects.filter(is_archived=False, buildings__in=walked)

        def number(rows, path):
            counted = rows.filter(**{path: OuterRef("pk")}).order_by().values(path)
            return Coalesce(Subquery(counted.annotate(number=Count("pk", distinct=True)).values("number")), 0)

        near = groups(self.reach.farthest)
        homes = [self.reach.circle.home_id, *(neighbour.home.pk for neighbour in self.homes)]
        households = CentreHousehold.objects.current().consented().filter(group__in=near.values("pk"))
        rows = (
            Branch.objects.active()
            .filter(Q(pk__in=near.values("branch")) | Q(seat__home__in=homes))
            .annotate(
                certain=number(groups(self.reach.certain), "branch"),
                most=number(near, "branch"),
                consented=number(households, "group__branch"),
            )
        )
        return [Company(row, Number(row.certain, row.most, self.reach.is_estimate), row.consented) for row in rows]

    @property
    def groups(self):
        certain, most = (sum(company.groups[part] for company in self.branches) for part in (0, 1))
        return Number(certain, most, self.reach.is_estimate)

    @property
    def households(self):
        return sum(company.households for company in self.branches)

    @property
    def compounds_reached(self):
        return _number(self.reach, [area.metres for area in self.compounds.values()])

    @property
    def grids_reached(self):
        return _number(self.reach, [area.metres for area in self.grids.values()])

    @property
    def homes_reached(self):
        certain = sum(neighbour.is_certain for neighbour in self.homes)
        return Number(certain, len(self.homes), self.reach.is_estimate)

    @cached_property
    def bands(self):
        """[`Band`], the nearest first; on an estimate also what is perhaps reached though reckoned farther."""
        by_band = defaultdict(list)
        for area in self.compounds.values():
            by_band[next((minutes for minutes in BANDS if area.minutes <= minutes), None)].append(area)
        titles = {BANDS[0]: f"{BANDS[0]}分钟以内"}
        titles |= {most: f"{least}到{most}分钟" for least, most in pairwise(BANDS)}
        if self.reach.is_estimate:
            titles[None] = f"{BANDS[-1]}分钟以上，路不绕也走得到"
        return [Band(title, Listing.of(by_band[minutes])) for minutes, title in titles.items()]

    @property
    def grid_list(self):
        return Listing.of(self.grids.values())

    @property
    def has_samples(self):
        branches = (company.branch for company in self.branches)
        return any(record.is_sample for record in (*self.compounds.values(), *self.grids.values(), *branches))


def _number(reach, walks):
    return Number(sum(metres <= reach.certain for metres in walks), len(walks), reach.is_estimate)
