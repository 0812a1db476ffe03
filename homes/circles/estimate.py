"""Walking metres without a street network: the straight line times a factor, by which nobody should swear.

On real networks a factor of 1.4 puts 12 to 20 of 100 pairs within a straight quarter of an hour on the wrong side
(decision 5), so what it says comes in three bands, and with the word 估算 wherever it is shown.
"""

from collections import defaultdict
from heapq import nsmallest
from math import cos, degrees, floor, pi, radians, sin

from branches.coordinates import EARTH_RADIUS, metres_between

CERTAIN, POSSIBLE = 1.75, 1.15  # times the straight line: walks that are longer, or shorter, were hardly ever measured
CORNERS = 64  # of a circle that is drawn
METRES_A_DEGREE = radians(1) * EARTH_RADIUS


class Estimate:
    """A source of walking metres: straight lines × `factor`."""

    kind = "estimate"

    def __init__(self, factor):
        self.factor = factor

    def metres(self, origins, places, limit):
        """Yield (index of the origin, index of the place, whole metres) for every walk of at most `limit` metres.

        Both are sequences of (longitude, latitude) in WGS-84 degrees.
        """
        straight = limit / self.factor
        squares = defaultdict(list)  # none smaller than a walk, so that nine of them hold all that can be reached
        high = straight / METRES_A_DEGREE
        wide = high / cos(radians(min(80, max((abs(latitude) for _, latitude in places), default=0))))
        for index, (longitude, latitude) in enumerate(places):
            squares[floor(longitude / wide), floor(latitude / high)].append(index)
        for origin, point in enumerate(origins):
            column, row = floor(point[0] / wide), floor(point[1] / high)
            for square in ((column + x, row + y) for x in (-1, 0, 1) for y in (-1, 0, 1)):
                for place in squares.get(square, ()):
                    walked = metres_between(point, places[place]) * self.factor
                    if walked <= limit:
                        yield origin, place, round(walked)

    def nearest(self, origin, places, count):
        """[(index of the place, whole metres)] of the `count` places nearest to an origin, the nearest first."""
        straight = ((metres_between(origin, place), index) for index, place in enumerate(places))
        return [(index, round(metres * self.factor)) for metres, index in nsmallest(count, straight)]

    def reaches(self, origin, limits):
        """{limit: GeoJSON geometry}: circles about an origin, one for each walk of `limit` metres."""
        return {limit: self._circle(origin, limit / self.factor) for limit in limits}

    @staticmethod
    def _circle(origin, radius):
        longitude, latitude = origin
        high = degrees(radius / EARTH_RADIUS)
        wide = high / cos(radians(latitude))
        turns = [2 * pi * corner / CORNERS for corner in range(CORNERS)]
        ring = [[round(longitude + wide * cos(turn), 6), round(latitude + high * sin(turn), 6)] for turn in turns]
        return {"type": "MultiPolygon", "coordinates": [[[*ring, ring[0]]]]}


def band(metres, factor, limit):
    """Where an estimated walk of `metres` stands to one of `limit`: "certain" within it, "possible", or "out"."""
    straight = metres / factor
    if straight * CERTAIN <= limit:
        return "certain"
    return "possible" if straight * POSSIBLE <= limit else "out"
