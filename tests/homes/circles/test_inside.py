"""What is told of a circle: in which band, at which pace, and nothing of people."""

from datetime import date
from itertools import pairwise

import pytest

from branches.models import CentreHousehold, Member
from homes.circles.inside import FOLDED, LISTED, Inside
from homes.circles.pace import BRISK, PACES, SLOW, USUAL
from homes.circles.reach import Reach
from homes.models import Home, HostedBranch, StreetNetwork
from tests.makers import make_compound, make_home, make_walks


@pytest.fixture
def network(db):
    return StreetNetwork.objects.create(
        source="here.osm.pbf", checksum="0" * 64, licence="ODbL 1.0", nodes=1, edges=1, kilometres=1, is_in_use=True
    )


def told(inside):
    """{title of a band: [(name, buildings reached, of how many, minutes)]}"""
    return {
        band.title: [(area.name, str(area.reached), area.buildings, area.minutes) for area in band.compounds.shown]
        for band in inside.bands
    }


def test_measured_walks_come_in_three_bands_and_haste_takes_nothing_away(cast, network):
    home = cast.homes["here"]
    near, far, bare = (make_compound(cast.communities["here"], name, 4) for name in ("近园", "远园", "空园"))
    circle = make_walks(home, near[0], metres=240, network=network)
    make_walks(home, near[1], metres=300)
    make_walks(home, near[2], far[0], metres=900)
    make_walks(home, near[3], far[1], metres=901)
    for row in bare:  # its own place is all that the map knows
        row.longitude = row.latitude = None
        row.save()
    make_walks(home, bare[0].compound, metres=301)
    make_walks(home, far[0].compound, metres=100)  # nobody lives in the middle of a compound whose buildings are known
    for other, status in (("开着的家", "open"), ("没开的家", "preparing"), ("关了的家", "closed")):
        make_walks(home, make_home(home.division, other, f"other-{status}", status=status), metres=500)
    HostedBranch.objects.filter(branch=cast.branches["next_door"]).update(home=Home.objects.get(slug="other-open"))
    usual = Inside(Reach(circle, USUAL))
    assert told(usual) == {
        "5分钟以内": [("近园", "3", 4, 4)],
        "5到10分钟": [("空园", "1", 0, 6)],
        "10到15分钟": [("远园", "1", 4, 15)],
    }
    assert [(grid.division, grid.name, str(grid.reached)) for grid in usual.grid_list.shown] == [
        ("甲社区", "近园网格", "3"),
        ("甲社区", "远园网格", "1"),
    ]
    assert (str(usual.buildings), str(usual.compounds_reached), str(usual.groups)) == ("4", "3", "2")
    assert [(neighbour.home.name, neighbour.minutes) for neighbour in usual.homes] == [("开着的家", 9)]
    # the one with groups inside, and the one that meets in a home inside
    assert {(company.branch.name, company.groups.most) for company in usual.branches} == {
        ("金丝雀银龄支部", 2),
        ("画眉鸟银龄支部", 0),
    }
    paced = [Inside(Reach(circle, pace)) for pace in PACES]
    assert [str(inside.buildings) for inside in paced] == ["2", "4", "6"]
    for slower, faster in pairwise(paced):
        assert set(slower.compounds) <= set(faster.compounds)
        assert all(faster.compounds[pk].minutes <= area.minutes for pk, area in slower.compounds.items())


@pytest.mark.parametrize(
    ("pace", "walk", "expected"),
    [
        (USUAL, 720, ("估算1", True, 12)),  # 900 × 1.4 / 1.75
        (USUAL, 721, ("估算最多1", False, 13)),
        (USUAL, 1095, ("估算最多1", False, 19)),  # 900 × 1.4 / 1.15
        (USUAL, 1096, None),
        (SLOW, 577, ("估算最多1", False, 13)),
        (BRISK, 1314, ("估算最多1", False, 19)),
    ],
)
def test_an_estimate_tells_the_possible_from_the_certain(cast, pace, walk, expected):
    building, *_ = make_compound(cast.communities["here"], "近园")
    circle = make_walks(cast.homes["here"], building, metres=walk)
    inside = Inside(Reach(circle, pace))
    found = [(str(area.reached), area.is_certain, area.minutes) for area in inside.compounds.values()]
    assert found == ([expected] if expected else [])
    assert [area.name for band in inside.bands for area in band.compounds.shown] == ["近园"][: len(found)]
    assert all(str(number).startswith("估算") for number in (inside.buildings, inside.groups, inside.grids_reached))


def test_centre_households_are_told_of_only_where_they_agreed(cast, network):
    (building,) = make_compound(cast.communities["here"], "近园")
    circle = make_walks(cast.homes["here"], building, network=network)
    group = building.groups.get()
    hosts = iter(Member.objects.order_by("pk"))
    agreed = {"since": date(2024, 1, 1), "consent_on": date(2024, 1, 1)}
    for changes in ({}, {"consent_on": None}, {"consent_withdrawn_on": date(2024, 2, 1)}, {"until": date(2024, 3, 1)}):
        CentreHousehold.objects.filter(host=(host := next(hosts))).delete()
        CentreHousehold.objects.create(group=group, host=host, **agreed | changes)
    assert Inside(Reach(circle, USUAL)).households == 1


def test_a_long_list_is_folded_and_what_does_not_fit_is_counted(cast, network, django_assert_num_queries):
    home, many = cast.homes["here"], LISTED + FOLDED + 4
    circle = make_walks(home, network=network)
    for number in range(many):
        make_walks(home, *make_compound(cast.communities["here"], f"{number:03}园", 2), metres=200)
    with django_assert_num_queries(3):
        listing = Inside(Reach(circle, USUAL)).bands[0].compounds
    assert (len(listing.shown), len(listing.folded), listing.uncounted) == (LISTED, FOLDED, 4)
    assert (listing.more, listing.buildings) == (many - LISTED, 2 * (many - LISTED))
    assert Home.objects.public().count() == 3  # none of them is a home
