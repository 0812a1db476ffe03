"""Sample places: enterprises, branches and their compounds, grids, buildings and Party groups."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from branches.coordinates import inside
from branches.demo_words import GARDENS, NUMERALS, enterprise
from branches.models import Branch, Building, Division, Enterprise, Grid, PartyGroup, ResidentCompound

FAR, NEAR = 0.008, 0.0008  # degrees: compounds lie some 800 m about a home, the buildings of one within 100 m
GRIDS = 3  # in a community
BY_BUILDING = 3  # groups of a branch; the rest of its buildings are one area
ENTERPRISES_A_YEAR = (date(2019, 12, 20), date(2020, 11, 30), date(2021, 9, 15), date(2022, 6, 30))


@dataclass(frozen=True)
class Seat:
    """A community that gets branches, (longitude, latitude) of the middle of it or None, and a telephone to print."""

    division: Division
    point: tuple | None
    telephone: str = ""


@dataclass
class BranchPlaces:
    """A sample branch and what it reaches its members through."""

    seat: Seat
    branch: Branch
    compounds: list = field(default_factory=list)
    buildings: dict = field(default_factory=dict)  # {compound: its buildings}
    groups: dict = field(default_factory=dict)  # {compound: the group of its buildings}


@dataclass
class Places:
    branches: list
    enterprises: list
    retired_from: dict  # {compound: the enterprises whose families live there}


def settle(block, seats, size, keep):
    """Make the places of a block: `size.branches_a_seat` branches for each seat; return them as `Places`."""
    dice = Random(f"places {block}")  # noqa: S311 - samples, not secrets
    branches = _branches(block, seats, size)
    keep([places.branch for places in branches])
    _compounds(block, branches, size, dice, keep)
    _buildings(block, branches, size, dice, keep)
    _groups(branches, keep)
    enterprises = [
        Enterprise(name=enterprise(block, number), handed_over_on=dice.choice(ENTERPRISES_A_YEAR), is_sample=True)
        for number in range(size.enterprises)
    ]
    retired_from = _family_quarters(keep(enterprises), branches, dice)
    return Places(branches, enterprises, retired_from)


def _branches(block, seats, size):
    branches = []
    for seat in seats:
        for turn in range(size.branches_a_seat):
            number = len(branches) + 1
            name = f"示例{seat.division.short_name}第{NUMERALS[turn]}银龄支部"
            branch = Branch(
                name=f"{name}（{block}-{number:02d}）" if block else name,
                slug=f"sample-{block}-{number:02d}",
                division=seat.division,
                telephone=seat.telephone,
                is_sample=True,
            )
            branches.append(BranchPlaces(seat, branch))
    return branches


def share(total, parts, index):
    """How many of `total` the part `index` of `parts` gets, at least one."""
    return max(1, total * (index + 1) // parts - total * index // parts)


def _compounds(block, branches, size, dice, keep):
    outline = Division.objects.district().outline
    number = block * 10_000
    for index, places in enumerate(branches):
        for _ in range(share(size.compounds, len(branches), index)):
            number += 1
            longitude, latitude = near(places.seat.point, FAR, outline, dice)
            places.compounds.append(
                ResidentCompound(
                    name=f"示例{GARDENS[number % len(GARDENS)]}{number}号院",
                    division=places.branch.division,
                    longitude=longitude,
                    latitude=latitude,
                    is_sample=True,
                )
            )
    keep([compound for places in branches for compound in places.compounds])
    through = Branch.compounds.through
    through.objects.bulk_create(
        (through(branch=places.branch, residentcompound=each) for places in branches for each in places.compounds),
        batch_size=500,
    )


def near(point, scatter, outline, dice):
    """A place about `point` inside the outline, as two texts of six decimals; (None, None) where no point is known."""
    if point is None:
        return None, None
    for _ in range(30):
        longitude, latitude = dice.gauss(point[0], scatter), dice.gauss(point[1], scatter)
        if outline is None or inside(outline, longitude, latitude):
            return f"{longitude:.6f}", f"{latitude:.6f}"
    return f"{point[0]:.6f}", f"{point[1]:.6f}"


def _buildings(block, branches, size, dice, keep):
    outline = Division.objects.district().outline
    grids, number = {}, block * 10_000
    for division in dict.fromkeys(places.branch.division for places in branches):
        grids[division] = [
            Grid(name=f"示例{number + turn}号网格", division=division, is_sample=True) for turn in range(1, GRIDS + 1)
        ]
        number += GRIDS
    keep([grid for each in grids.values() for grid in each])
    compounds = [(places, compound) for places in branches for compound in places.compounds]
    for index, (places, compound) in enumerate(compounds):
        point = (float(compound.longitude), float(compound.latitude)) if compound.longitude else None
        grid = dice.choice(grids[places.branch.division])
        buildings = places.buildings[compound] = []
        for name in range(1, share(size.buildings, len(compounds), index) + 1):
            longitude, latitude = near(point, NEAR, outline, dice)
            buildings.append(
                Building(
                    name=f"{name}栋",
                    compound=compound,
                    grid=grid,
                    longitude=longitude,
                    latitude=latitude,
                    is_sample=True,
                )
            )
    keep([building for places in branches for each in places.buildings.values() for building in each])


def _groups(branches, keep):
    """A group for the buildings of each of the first compounds, and one for the area that the others make."""
    buildings = []  # (group, building)
    for places in branches:
        branch, area = places.branch, None
        for turn, compound in enumerate(places.compounds):
            if turn < BY_BUILDING:
                group = PartyGroup(name=f"第{NUMERALS[turn]}党小组（{compound.name}）", branch=branch, is_sample=True)
            else:
                group = area = area or PartyGroup(
                    name="片区党小组", branch=branch, kind=PartyGroup.Kind.AREA, is_sample=True
                )
            places.groups[compound] = group
            buildings.extend((group, building) for building in places.buildings[compound])
    groups = {id(group): group for places in branches for group in places.groups.values()}
    keep(list(groups.values()))
    through = PartyGroup.buildings.through
    through.objects.bulk_create(
        (through(partygroup=group, building=building) for group, building in buildings), batch_size=500
    )


def _family_quarters(enterprises, branches, dice):
    """Give each enterprise one or two compounds; return {compound: its enterprises}."""
    compounds = [compound for places in branches for compound in places.compounds]
    retired_from, rows = {}, []
    through = Enterprise.compounds.through
    for each in enterprises:
        for compound in dice.sample(compounds, dice.choice((1, 1, 2))):
            retired_from.setdefault(compound, []).append(each)
            rows.append(through(enterprise=each, residentcompound=compound))
    through.objects.bulk_create(rows, batch_size=500)
    return retired_from
