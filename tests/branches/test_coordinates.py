"""Datums are converted exactly, and never guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from branches.coordinates import Datum, bearing, from_wgs84, inside, metres_between, parse_datum, to_wgs84

CHANGSHA = (112.9823, 28.1941)
china = st.tuples(st.floats(75, 134), st.floats(19, 53))


@given(point=china, datum=st.sampled_from(Datum))
@settings(max_examples=300, deadline=None)
def test_a_point_comes_back_to_within_a_centimetre(point, datum):
    there = from_wgs84(*point, datum)
    assert metres_between(to_wgs84(*there, datum), point) <= 0.01


@pytest.mark.parametrize(("datum", "metres"), [(Datum.WGS84, 0), (Datum.GCJ02, 660), (Datum.BD09, 1230)])
def test_the_datums_lie_as_far_apart_as_they_should(datum, metres):
    assert metres_between(from_wgs84(*CHANGSHA, datum), CHANGSHA) == pytest.approx(metres, abs=30)


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("WGS-84", Datum.WGS84),
        ("wgs84", Datum.WGS84),
        (" gcj-02 ", Datum.GCJ02),
        ("GCJ02", Datum.GCJ02),
        ("bd_09", Datum.BD09),
        (Datum.BD09, Datum.BD09),
    ],
)
def test_a_declared_datum_is_understood(text, datum):
    assert parse_datum(text) is datum


@pytest.mark.parametrize("text", ["", None, "高德", "CGCS2000", "WGS", "84", "GCJ-02 BD-09"])
def test_an_undeclared_datum_is_refused(text):
    with pytest.raises(ValueError, match="没有写明基准"):
        parse_datum(text)


@pytest.mark.parametrize("datum", Datum)
def test_every_datum_says_where_it_is_met(datum):
    assert datum.hint


def test_metres_between_two_known_points():
    assert metres_between((0, 0), (0, 1)) == pytest.approx(111_195, abs=1)
    assert metres_between(CHANGSHA, CHANGSHA) == 0


SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
HOLE = [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]
ISLAND = [[20, 20], [21, 20], [21, 21], [20, 21], [20, 20]]


@pytest.mark.parametrize(
    ("point", "expected"),
    [((1, 1), True), ((5, 5), False), ((11, 5), False), ((-1, 5), False), ((20.5, 20.5), False), ((5, 9.9), True)],
)
def test_inside_a_polygon_with_a_hole(point, expected):
    assert inside({"type": "Polygon", "coordinates": [SQUARE, HOLE]}, *point) is expected


def test_inside_any_part_of_a_multipolygon():
    outline = {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [ISLAND]]}
    assert inside(outline, 20.5, 20.5)
    assert inside(outline, "1.5", "1.5")  # decimals and texts from forms count as numbers
    assert not inside(outline, 5, 5)


def test_the_direction_from_one_point_to_another():
    turned = [bearing((113, 28), there) for there in ((113, 28.01), (113.01, 28), (113, 27.99), (112.99, 28))]
    assert turned == pytest.approx([0, 90, 180, 270], abs=0.01)
