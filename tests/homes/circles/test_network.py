"""Walks along streets: exact, one way where it is one way, and honest where there is none."""

import io
import random
from concurrent.futures import ThreadPoolExecutor
from math import hypot, isinf, nan

import numpy as np
import pytest

from branches.coordinates import inside
from homes.circles import network_file
from homes.circles.network import Network
from homes.circles.network_file import NetworkError
from homes.circles.streets import ExtractError
from tests.homes.circles import town
from tests.homes.circles.reference import Reference


def walk(network, start, end, limit=5000):
    """Whole metres between two points of a paper, or None."""
    found = list(network.metres([town.degrees(*start)], [town.degrees(*end)], limit))
    return found[0][2] if found else None


def test_every_walk_of_the_town_is_as_long_as_it_is(town_network):
    homes, places = town.somewhere(12, seed=1), town.somewhere(600, seed=2)
    told = {
        (home, place): metres
        for home, place, metres in town_network.metres(
            [town.degrees(*point) for point in homes], [town.degrees(*point) for point in places], 1500
        )
    }
    true = {(h, p): town.walk(home, place) for h, home in enumerate(homes) for p, place in enumerate(places)}
    assert set(told) >= {pair for pair, metres in true.items() if metres < 1499}
    assert max(abs(metres - true[pair]) for pair, metres in told.items()) <= 1
    assert any((homes[h][0] > 0) != (places[p][0] > 0) for h, p in told), "nobody went over the bridge"


def test_the_nearest_is_never_a_wrong_one(town_network):
    homes = town.somewhere(29, seed=3)
    for place in town.somewhere(150, seed=4):
        found = town_network.nearest(town.degrees(*place), [town.degrees(*home) for home in homes], 3)
        assert [metres for _, metres in found] == pytest.approx(
            sorted(town.walk(place, home) for home in homes)[:3], abs=1
        )
        assert all(abs(metres - town.walk(place, homes[home])) <= 1 for home, metres in found)
    far = [(1400, -1400), (-1400, 1400), (1420, -1450)]
    found = town_network.nearest(town.degrees(-1410, -1430), [town.degrees(*home) for home in far], 3)
    assert [home for home, _ in found] == [1, 0, 2], "those beyond the first two kilometres, too"


def test_the_same_as_by_hand_where_nothing_is_regular(network_of):
    """Slanted streets, some of them one way, some ending at a gate, some over one another."""
    dice = random.Random(7)  # noqa: S311 - nothing is kept secret by it
    paper = town.Paper()
    points = [(dice.uniform(-600, 600), dice.uniform(-600, 600)) for _ in range(90)]
    for number in range(110):
        x, y = dice.choice(points)
        near = sorted(points, key=lambda point: hypot(point[0] - x, point[1] - y))
        tags = {"oneway__foot": "yes"} if number % 3 == 0 else {"oneway__foot": "-1"} if number % 7 == 0 else {}
        paper.way(dice.sample(near[:6], 3), highway="footway", **tags)
    gates = points[:8]
    for gate in gates:
        paper.node(*gate, barrier="gate", access="private")
    network = network_of(paper)
    reference = Reference(network)
    corners = [point for point in points if (*point, 0) in paper.nodes]
    doors = [(x + dice.uniform(-15, 15), y + dice.uniform(-15, 15)) for x, y in corners[:40]] + corners[20:26]
    doors = [town.degrees(*door) for door in doors if all(hypot(x - door[0], y - door[1]) > 60 for x, y in gates)]
    told = {pair[:2]: pair[2] for pair in network.metres(doors, doors, 4000)}
    for a, start in enumerate(doors):
        for b, end in enumerate(doors):
            metres = 0 if a == b else reference.walk(start, end)
            assert told.get((a, b), 9999) == pytest.approx(9999 if isinf(metres) else metres, abs=0.6), (a, b)
    assert len(told) > 800
    assert any(told.get((a, b)) != told.get((b, a)) for a, b in told)


def test_one_way_for_feet_goes_around_the_other_way(network_of):
    ring = [(0, 0), (400, 0), (400, 400), (0, 400), (0, 0)]
    for points, said in ((ring, "yes"), (ring[::-1], "-1")):
        paper = town.Paper()
        paper.way([(400, -200), (400, 0)], highway="footway", oneway__foot="yes")
        paper.way(points, highway="footway", oneway__foot=said)
        paper.way([(600, 0), (400, 0)], highway="footway", oneway__foot="yes")
        network = network_of(paper)
        assert walk(network, (100, 0), (300, 0)) == 200
        assert walk(network, (300, 0), (100, 0)) == 1400
        assert walk(network, (0, 300), (0, 100)) == 200
        assert walk(network, (0, 100), (0, 300)) == 1400
        assert walk(network, (400, 0), (0, 0)) == 1200
        assert walk(network, (0, 0), (400, 0)) == 400
        outline = network.reaches(town.degrees(200, 0), [300])[300]["coordinates"][0][0]
        west, south = map(min, zip(*outline, strict=True))
        east, north = map(max, zip(*outline, strict=True))
        assert (west, south) == pytest.approx(town.degrees(175, -25), abs=2e-5)
        assert (east, north) == pytest.approx(town.degrees(425, 100), abs=2e-5)


def test_yards_are_filled_and_parks_are_not(network_of):
    paper = town.Paper()
    paper.way([(0, 0), (160, 0), (160, 160), (0, 160), (0, 0)], highway="residential")
    paper.way([(160, 0), (560, 0), (560, 400), (160, 400), (160, 160)], highway="residential")
    outline = network_of(paper).reaches(town.degrees(160, 80), [2000])[2000]
    assert inside(outline, *town.degrees(80, 80))
    assert not inside(outline, *town.degrees(360, 200))
    assert inside(outline, *town.degrees(360, 395))


def test_what_crosses_without_a_shared_node_does_not_meet_and_a_locked_gate_parts(network_of):
    paper = town.Paper()
    paper.way([(-300, 0), (0, 0), (300, 0)], highway="residential")
    paper.way([(0, -300), (0, 0), (0, 300)], layer=1, highway="residential", bridge="yes")
    paper.way([(0, 300), (300, 300), (300, 200)], layer=1, highway="path")
    paper.way([(300, 200), (300, 0)], layer=0, highway="path")
    paper.node(300, 200, layer=0, barrier="bollard")
    network = network_of(paper)
    assert walk(network, (-100, 1), (1, 100)) is None, "a bridge was left in the middle"
    paper.way([(0, 300), (-300, 300), (-300, 0)], highway="path")
    paper.nodes[0, 300, 0] = paper.nodes.pop((0, 300, 1))
    paper.ways[-1][0][0] = paper.nodes[0, 300, 0][0]
    assert walk(network_of(paper), (-100, 1), (1, 100)) == 1 + 200 + 300 + 300 + 200 + 1
    paper.node(-300, 300, barrier="gate", locked="yes")
    assert walk(network_of(paper), (-100, 1), (1, 100)) is None


def test_a_lost_footpath_catches_nobody_and_an_island_cannot_be_left(town_network, network_of):
    west, south = town.YARD
    assert town_network.snapped(town.degrees(west + 15, south + 5)) == pytest.approx(
        100 - 60 + 5 if False else 45, abs=0.1
    )
    island, shore = (5, sum(town.ISLAND) / 2), (-120, sum(town.ISLAND) / 2)
    assert town_network.snapped(town.degrees(*island)) == pytest.approx(5, abs=0.1)
    assert walk(town_network, shore, island) is None
    assert walk(town_network, island, (0, island[1] + 100)) == 105
    assert town_network.way(town.degrees(*shore), town.degrees(*island)) is None
    assert town_network.nearest(town.degrees(*island), [town.degrees(*shore)], 3) == []
    paper = town.Paper()
    paper.way([(0, 0), (200, 0)], highway="path")
    with pytest.raises(ExtractError, match="没有连成片的街道"):
        network_of(paper)


def test_doors_far_from_streets_at_one_point_or_nowhere_on_earth(town_network):
    home, far = town.degrees(-555, 20), town.degrees(-town.HALF - 301, 0)
    assert town_network.snapped(town.degrees(-town.HALF - 299, 0)) == pytest.approx(299, abs=0.1)
    assert town_network.snapped(far) is None
    assert list(town_network.metres([home], [far, (112.98, 80)], 10_000)) == []
    assert list(town_network.metres([home, far, home], [home, home, far], 100)) == [
        (0, 0, 0), (0, 1, 0), (1, 2, 0), (2, 0, 0), (2, 1, 0),
    ]  # fmt: skip
    assert town_network.way(home, home) == []
    assert town_network.way(home, far) is None
    assert town_network.reaches(far, [300, 600]) == {
        limit: {"type": "MultiPolygon", "coordinates": []} for limit in (300, 600)
    }
    assert list(town_network.metres([], [home], 100)) == list(town_network.metres([home], [], 100)) == []
    assert town_network.nearest(home, [], 3) == []
    assert town_network.nearest(home, [home, home], 1) == [(0, 0)]
    for wrong in ((nan, 28.1), (112.9, float("inf")), (28.1, 112.9), (181, 0)):
        with pytest.raises(ValueError, match="经纬度不对"):
            list(town_network.metres([home], [wrong], 100))
        with pytest.raises(ValueError, match="经纬度不对"):
            town_network.nearest(wrong, [home], 1)


def test_the_way_in_words(town_network, network_of):
    legs = town_network.way(town.degrees(-150, 410), town.degrees(150, 660))
    assert [(leg.street, round(leg.metres), round(leg.direction)) for leg in legs] == [
        ("", 10, 180), ("横20路", 50, 90), ("纵15街", 100, 0), ("示例桥", 200, 90), ("纵17街", 200, 0),
        ("横23路", 50, 90), ("", 40, 180),
    ]  # fmt: skip
    assert sum(leg.metres for leg in legs) == pytest.approx(town.walk((-150, 410), (150, 660)), abs=0.5)
    paper = town.Paper()
    paper.way([(0, 0), (200, 0)], highway="residential", name="坡下路")
    paper.way([(200, 0), (200, 30)], highway="steps")
    paper.way([(200, 30), (500, 30)], highway="residential", name="坡上路")
    legs = network_of(paper).way(town.degrees(0, 0), town.degrees(500, 30))
    assert [(leg.street, round(leg.metres), round(leg.direction), leg.steps) for leg in legs] == [
        ("坡下路", 200, 90, False), ("", 30, 0, True), ("坡上路", 300, 90, False),
    ]  # fmt: skip


def test_streets_for_a_drawing(town_network):
    lines = town_network.streets_near(town.degrees(-550, 50), 60)
    rows = sorted({round(latitude, 4) for line in lines for _, latitude in line})
    assert rows == [round(town.degrees(0, y)[1], 4) for y in (0, 100)]
    assert town_network.streets_near(town.degrees(0, 9000), 100) == []


def test_kept_in_a_file_and_read_again_by_several_at_once(town_network, tmp_path):
    kept = io.BytesIO()
    town_network.save(kept)
    town_network.save(tmp_path / "town.npz")
    assert len(kept.getvalue()) < 30_000
    read = Network.load(io.BytesIO(kept.getvalue()))
    assert (read.source_date, read.checksum, read.licence) == (
        town_network.source_date, town_network.checksum, town_network.licence,
    )  # fmt: skip
    homes = [town.degrees(*point) for point in town.somewhere(20, seed=5)]
    expected = list(town_network.metres(homes, homes, 1500))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda network: list(network.metres(homes, homes, 1500)), [read] * 8))
    assert answers == [expected] * 8
    assert Network.load(tmp_path / "town.npz").way(homes[0], homes[1]) == town_network.way(homes[0], homes[1])


def test_a_damaged_file_says_so(town_network, tmp_path):
    kept = io.BytesIO()
    town_network.save(kept)
    whole = kept.getvalue()
    middle = len(whole) // 2
    other = io.BytesIO()
    np.savez(other, something=np.arange(3))
    for content in (
        b"",
        b"nothing",
        whole[:middle],
        whole[:middle] + bytes(30) + whole[middle + 30 :],
        other.getvalue(),
    ):
        with pytest.raises(NetworkError, match="损坏"):
            Network.load(io.BytesIO(content))
    with pytest.raises(NetworkError, match="损坏"):
        Network.load(tmp_path / "nowhere.npz")
    wrong = town_network.arrays | {"ends": town_network.arrays["ends"] + len(town_network.nodes)}
    for arrays, about, words in ((wrong, {}, "对不上"), (town_network.arrays, {"format": 99}, "另一个版本")):
        changed = io.BytesIO()
        network_file.write(changed, arrays, town_network.names, about)
        with pytest.raises(NetworkError, match=words):
            Network.load(io.BytesIO(changed.getvalue()))
