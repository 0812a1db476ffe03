"""The drawn outline of a circle: a GeoJSON MultiPolygon in WGS-84 degrees."""

from itertools import pairwise
from math import cos, radians

from branches.coordinates import EARTH_RADIUS

SQUARE_METRES = 10_000  # a hectare


def hectares(geometry):
    """The area inside, holes taken off, to a tenth of a hectare; flat geometry, which a circle of a mile bears."""
    total = sum(
        _square_metres(ring) * (1 if number == 0 else -1)
        for polygon in geometry["coordinates"]
        for number, ring in enumerate(polygon)
    )
    return round(total / SQUARE_METRES, 1)


def _square_metres(ring):
    high = radians(1) * EARTH_RADIUS
    wide = high * cos(radians(ring[0][1]))
    x0, y0 = ring[0]  # from here, for the sake of small numbers
    twice = sum((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0) for (x1, y1), (x2, y2) in pairwise(ring))
    return abs(twice) / 2 * wide * high
