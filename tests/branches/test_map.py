"""The drawn map: north is up, everything inside the frame, nothing placed that has no place."""

from branches.coordinates import metres_between
from branches.map import MARGIN, WIDTH, Projection, draw
from branches.models import Division

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[112.9, 28.0], [113.1, 28.0], [113.1, 28.2], [112.9, 28.2], [112.9, 28.0]]],
}


def test_corners_touch_the_margin_and_north_is_up():
    projection = Projection(SQUARE)
    assert projection.place(112.9, 28.2) == (MARGIN, MARGIN)
    assert projection.place(113.1, 28.0) == (WIDTH - MARGIN, round(projection.height - MARGIN, 1))


def test_a_metre_is_as_long_to_the_east_as_to_the_north():
    projection = Projection(SQUARE)
    x, y = projection.place(113.0, 28.1)
    east, north = projection.place(113.01, 28.1)[0] - x, y - projection.place(113.0, 28.11)[1]
    metres = metres_between((113.0, 28.1), (113.01, 28.1)) / metres_between((113.0, 28.1), (113.0, 28.11))
    assert abs(east / north - metres) < 0.02


def test_markers_keep_their_numbers_and_the_unplaced_are_counted():
    division = Division(name="望岳区", outline=SQUARE)
    places = [
        (113.0, 28.1, {"label": "甲", "number": 1, "href": "/a/"}),
        (None, None, {"label": "乙", "number": 2}),
        (113.05, 28.1, {"label": "丙", "number": 3}),
    ]
    drawn = draw(division, places, "家在哪里")
    assert [(marker.label, marker.number) for marker in drawn.markers] == [("甲", 1), ("丙", 3)]
    assert drawn.unplaced == 1
    assert drawn.outline.startswith("M")
    assert drawn.outline.endswith("Z")


def test_several_pieces_and_holes_are_one_path():
    pieces = {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"], SQUARE["coordinates"]]}
    assert Projection(pieces).path().count("M") == 2


def test_no_outline_no_map():
    assert draw(None, [], "") is None
    assert draw(Division(name="无图区"), [], "") is None
