"""The figures that the circles have to reach (docs/circles.md), on the town and on a real network.

How fast, and in how much memory, is asked by `make bench-circles`.
"""

from itertools import pairwise
from pathlib import Path

import pytest
import shapely
from django.conf import settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as some

from branches.coordinates import inside
from homes.circles import extract
from homes.circles.network import Network
from homes.circles.pace import PACES, USUAL
from tests.homes.circles import agreement, town

REAL = Path(settings.BASE_DIR).parent / "shared/data/streets/porto-alegre.osm.pbf"
LIMIT = USUAL.metres()
land = some.integers(0, 10**6).map(lambda seed: town.degrees(*town.somewhere(1, seed)[0]))


def test_minutes_and_outlines_of_the_town(town_network):
    found = agreement.with_truth(town_network, homes=10, places=600)
    assert found.mean_error <= 0.25
    assert found.late_error <= 0.60
    assert found.wrong_side == found.unanswered == 0
    assert found.missed <= 0.02
    assert found.over <= 0.03
    assert found.across_the_river == 0


def test_no_outline_reaches_over_the_river_but_by_the_bridge(town_network):
    home = (-130, 450)
    outline = town_network.reaches(town.degrees(*home), [LIMIT])[LIMIT]
    assert inside(outline, *town.degrees(0, town.BRIDGE))
    assert inside(outline, *town.degrees(120, town.BRIDGE + 15))
    assert not inside(outline, *town.degrees(0, town.CLOSED_BRIDGE))
    assert not inside(outline, *town.degrees(110, -150)), "straight it is 650 m, on foot 1,270"
    assert inside(outline, *town.degrees(*home))


@examples(max_examples=12)
@given(land)
def test_more_minutes_always_hold_what_fewer_do(town_network, home):
    limits = [USUAL.metres(minutes) for minutes in (5, 10, 15, 20)]
    outlines = [shapely.geometry.shape(each) for each in town_network.reaches(home, limits).values()]
    assert all(outline.is_valid and outline.area for outline in outlines)
    for less, more in pairwise(outlines):
        assert less.difference(more.buffer(2e-6)).is_empty
        assert less.area < more.area


@examples(max_examples=30)
@given(land, land, land)
def test_walks_always_behave_like_walks(town_network, a, b, c):
    told = dict.fromkeys(((x, y) for x in range(3) for y in range(3)), 10**6)
    told |= {(x, y): metres for x, y, metres in town_network.metres([a, b, c], [a, b, c], 10_000)}
    assert all(abs(told[x, y] - told[y, x]) <= 0.05 * 60 * USUAL.speed for x, y in told)
    assert told[0, 2] <= told[0, 1] + told[1, 2] + 2, "a way about is never shorter"
    reached = [{pair[:2] for pair in town_network.metres([a, b], [b, c], pace.metres())} for pace in PACES]
    assert reached[0] <= reached[1] <= reached[2]


def test_outlines_and_metres_agree_on_real_streets():
    if not REAL.exists():
        pytest.skip(f"the real extract is not here: {REAL}")
    network = Network.build(extract.read(REAL))
    assert len(network.nodes) > 30_000
    homes, places = (agreement.beside_streets(network, count, seed) for seed, count in enumerate((12, 3000)))
    asked, disagreed = agreement.of_outlines(network, homes, places)
    assert asked > 500
    assert disagreed / asked <= 0.01
    assert agreement.with_reference(network, homes[:3], places[:6]) <= 1
