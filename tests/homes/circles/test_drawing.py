"""The drawn circle: inside its frame, its labels apart, and light however many streets there are."""

import re
from itertools import pairwise
from math import cos, hypot, sin

import pytest

from homes.circles import drawing
from homes.circles.estimate import Estimate
from homes.circles.pace import LIMITS, PACES, USUAL
from homes.circles.reach import Reach
from homes.models import Home, ServiceCircle

POINT = (112.98, 28.11)


def circle(**fields):
    return ServiceCircle(longitude=POINT[0], latitude=POINT[1], **fields)


def measured(streets=()):
    """On a street network whose outlines happen to be round."""
    outlines = {str(metres): shape for metres, shape in Estimate(1.2).reaches(POINT, LIMITS).items()}
    return circle(network_id=1, outlines=outlines, streets=list(streets))


def corners(path):
    """[(x, y)] of the steps of a path."""
    found = []
    for line in re.findall(r"M[^MZ]*", path):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", line)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        found.append(points[0])
        for step in points[1:]:
            found.append((found[-1][0] + step[0], found[-1][1] + step[1]))
    return found


@pytest.mark.parametrize("pace", PACES, ids=[pace.key for pace in PACES])
@pytest.mark.parametrize("kind", ["network", "estimate"])
def test_outlines_lie_in_the_frame_one_in_the_other_with_labels_apart(kind, pace):
    reach = Reach(measured() if kind == "network" else circle(factor=1.4), pace)
    drawn = drawing.draw(reach, [Home(name="旁边的家", slug="beside", longitude=112.982, latitude=28.112)], "圈")
    labels = {"network": ["15分钟", "10分钟", "5分钟"], "estimate": ["可能走得到", "肯定走得到"]}[kind]
    assert [shape.label for shape in drawn.outlines] == labels  # the widest is painted first
    sizes = []
    for shape in drawn.outlines:
        away = [hypot(x - drawing.MIDDLE, y - drawing.MIDDLE) for x, y in corners(shape.path)]
        assert max(away) == pytest.approx(min(away), rel=0.02)  # about the home in the middle
        sizes.append(max(away))
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == pytest.approx(drawing.MIDDLE - drawing.MARGIN, abs=0.5)
    middles = [(shape.x, shape.y) for shape in drawn.outlines]
    assert all(abs(y - top) >= 22 or abs(x - left) >= 116 for (x, y), (left, top) in pairwise(middles))
    metres = {"network": pace.metres() / 1.2, "estimate": pace.metres() / 1.15}[kind]
    assert drawn.scale.units / drawn.scale.metres == pytest.approx(sizes[0] / metres, rel=0.01)
    (marker,) = drawn.markers
    assert (marker.number, marker.x > drawing.MIDDLE, marker.y < drawing.MIDDLE) == (1, True, True)  # north-east


def test_of_many_streets_the_long_ones_are_drawn_until_the_page_is_full():
    long = [[POINT[0] - 0.005, POINT[1]], [POINT[0] + 0.005, POINT[1]]]
    elsewhere = [[POINT[0] + 0.1, POINT[1]], [POINT[0] + 0.11, POINT[1]]]
    lanes = [
        [[POINT[0] + cos(turn) * away, POINT[1] + sin(turn) * away] for away in (0.004, 0.0042, 0.0045)]
        for turn in range(360)
        for _ in range(12)
    ]
    drawn = drawing.draw(Reach(measured([*lanes, long, elsewhere]), USUAL), [], "圈")
    assert 0.9 * drawing.STREET_CHARACTERS < len(drawn.streets) <= drawing.STREET_CHARACTERS
    assert drawn.streets.index("M") == 0
    first, second = corners(drawn.streets)[:2]
    assert second[0] - first[0] > 100  # the long one; that of another place is not there
    assert all(-20 <= x <= drawing.SIZE + 20 for x, _ in corners(drawn.streets))


def test_what_cannot_be_seen_is_left_out_of_a_line():
    wavy = [(0, 0), (10, 0.1), (20, -0.1), (30, 5), (40, 0)]
    assert drawing.thinned(wavy, 0.6) == [(0, 0), (20, -0.1), (30, 5), (40, 0)]
    assert drawing.path_of([(0, 0), (0.2, 0.1), (3, -4)], "", 0) == "M0 0l3-4"
