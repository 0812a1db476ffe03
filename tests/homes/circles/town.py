"""An invented town whose walks are known in closed form, and how it is written down as an .osm.pbf.

Positions are metres east and north of its middle. A grid of streets, one every 100 m, 3 km by 3 km, is parted by a
river 200 m wide that runs from south to north. Over the river lead a bridge to walk on (`BRIDGE` m north of the
middle), a bridge that says foot=no and one of a motorway. In the river lies an island with a path that leads nowhere.
In a yard ends a footpath that nothing joins, and a railway line runs across streets without meeting them.
"""

import random
from datetime import UTC, datetime
from math import cos, radians

import osmium
from osmium.osm.mutable import Node, Way

from branches.coordinates import EARTH_RADIUS

MIDDLE = (112.98, 28.10)  # longitude and latitude, in 天心区
BLOCK, HALF, BANK = 100, 1500, 100  # metres: between streets, from the middle to the rim, and to the river's banks
BRIDGE, CLOSED_BRIDGE, MOTORWAY_BRIDGE = 500, 0, -500
ISLAND = (-1300, -700)  # where its path begins and ends
YARD = (-760, 140)  # where the lost footpath begins; it is 30 m long
SOURCE_DATE = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
METRES_A_DEGREE = radians(1) * EARTH_RADIUS


def degrees(x, y, at=MIDDLE):
    """Longitude and latitude of a point x metres east and y metres north of the middle."""
    longitude, latitude = at
    return longitude + x / (METRES_A_DEGREE * cos(radians(latitude))), latitude + y / METRES_A_DEGREE


def walk(start, end):
    """Metres on foot between two points (x, y) of the land, door to door, each to the street that is nearest to it."""
    (leg, first), (other, last) = _street(start), _street(end)
    ways = [_along(first, a) + _between(a, b) + _along(b, last) for a in _crossings(first) for b in _crossings(last)]
    if set(_crossings(first)) == set(_crossings(last)):
        ways.append(_along(first, last))
    return leg + min(ways) + other


def on_land(x, y):
    """Whether there are streets all about: not in the river, and not beyond the rim."""
    return BANK <= abs(x) <= HALF and abs(y) <= HALF


def somewhere(count, seed):
    """Points (x, y) of the land, always the same for a seed; none as far from one street as from another."""
    dice = random.Random(seed)  # noqa: S311 - nothing is kept secret by it
    points = []
    while len(points) < count:
        x, y = dice.uniform(-HALF, HALF), dice.uniform(-HALF, HALF)
        if on_land(x, y) and abs(abs(x - BLOCK * round(x / BLOCK)) - abs(y - BLOCK * round(y / BLOCK))) > 0.1:
            points.append((x, y))
    return points


def _street(point):
    """(metres to the nearest street, the point there)."""
    x, y = point
    across, along = BLOCK * round(x / BLOCK), BLOCK * round(y / BLOCK)
    return min((abs(x - across), (across, y)), (abs(y - along), (x, along)))


def _crossings(point):
    """The crossings at both ends of the block's side on which a point of a street lies."""
    x, y = point
    if x % BLOCK:
        return [(BLOCK * (x // BLOCK), y), (BLOCK * (x // BLOCK + 1), y)]
    return [(x, BLOCK * (y // BLOCK)), (x, BLOCK * (y // BLOCK + 1))]


def _along(a, b):
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _between(a, b):
    """Metres between two crossings: around corners, and over the bridge where the river lies between them."""
    if (a[0] > 0) == (b[0] > 0):
        return _along(a, b)
    return abs(a[1] - BRIDGE) + abs(a[0] - b[0]) + abs(b[1] - BRIDGE)


class Paper:
    """Ways between points in metres, written down in the order the format asks for: first nodes, then ways."""

    def __init__(self, at=MIDDLE):
        self.at, self.nodes, self.ways = at, {}, []

    def node(self, x, y, layer=0, **tags):
        """The number of the node at a point, the same each time; other layers share none of their nodes."""
        number, known = self.nodes.setdefault((x, y, layer), (len(self.nodes) + 1, {}))
        known.update(tags)
        return number

    def way(self, points, layer=0, **tags):
        """A way through points; a key like oneway:foot is given as oneway__foot."""
        tags = {key.replace("__", ":"): value for key, value in tags.items()}
        self.ways.append(([self.node(*point, layer=layer) for point in points], tags))

    def write(self, path, source_date=SOURCE_DATE):
        header = osmium.io.Header()
        if source_date:
            header.set("osmosis_replication_timestamp", f"{source_date:%Y-%m-%dT%H:%M:%SZ}")
        with osmium.SimpleWriter(osmium.io.File(str(path), "pbf"), header=header, overwrite=True) as writer:
            for (x, y, _layer), (number, tags) in self.nodes.items():
                writer.add_node(Node(id=number, location=degrees(x, y, self.at), tags=tags))
            for number, (refs, tags) in enumerate(self.ways, 1):
                writer.add_way(Way(id=number, nodes=refs, tags=tags))
        return path


def write(path, at=MIDDLE):
    """Write the town down at `path`, its middle at `at`; returns the path."""
    paper = Paper(at)
    lines = range(-HALF, HALF + 1, BLOCK)
    for bank in (-1, 1):
        columns = [x for x in lines if x * bank >= BANK]
        for y in lines:
            paper.way([(x, y) for x in columns], highway="residential", name=f"横{(y + HALF) // BLOCK + 1}路")
        for x in columns:
            paper.way([(x, y) for y in lines], highway="residential", name=f"纵{(x + HALF) // BLOCK + 1}街")
    over = [(-BANK, BRIDGE), (BANK, BRIDGE)]
    paper.way(over, highway="footway", bridge="yes", name="示例桥")
    paper.way([(x, CLOSED_BRIDGE) for x, _ in over], highway="primary", bridge="yes", foot="no")
    paper.way([(x, MOTORWAY_BRIDGE) for x, _ in over], highway="motorway", bridge="yes")
    paper.way([(0, y) for y in ISLAND], highway="path", name="示例洲小路")
    paper.way([YARD, (YARD[0] + 30, YARD[1])], highway="footway")
    paper.way([(-HALF, -250), (HALF, 350)], layer=1, railway="rail")
    return paper.write(path)
