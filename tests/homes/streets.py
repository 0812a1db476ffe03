"""Streets for tests of what is made of walks: how far each place is, as it is told."""

from typing import NamedTuple

from homes.circles.walks import Source
from homes.models import StreetNetwork


class Streets(NamedTuple):
    """A source of measured walks: {(longitude, latitude) of a place: metres}; nobody walks to any other."""

    walks: dict
    legs: tuple = ()

    def nearest(self, origin, places, count):
        reached = sorted((self.walks[place], index) for index, place in enumerate(places) if place in self.walks)
        return [(index, metres) for metres, index in reached[:count]]

    def way(self, origin, place):
        return self.legs


def measured(walks, legs=()):
    row = StreetNetwork(source="town.osm.pbf", licence="© OpenStreetMap contributors, ODbL 1.0", nodes=4, edges=4)
    return Source(Streets(walks, legs), row, None)
