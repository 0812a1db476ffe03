"""A map without tiles: the district's outline and numbered points, as numbers for an SVG.

Equirectangular about the middle of the outline, which at the size of a district is exact to a few metres.
"""

from dataclasses import dataclass, field
from math import cos, hypot, radians

WIDTH = 400  # SVG user units; the height follows from the outline
MARGIN = 24
UNSEEN = 0.6  # units


@dataclass(frozen=True)
class Marker:
    """A point in SVG units. `href` makes it a link; `number` is what the list beside the map calls it."""

    x: float
    y: float
    label: str
    number: int | str = ""
    href: str = ""
    sample: bool = False


@dataclass(frozen=True)
class Map:
    """`outline` is the `d` of one path; `viewbox` is the SVG attribute."""

    width: float
    height: float
    outline: str
    title: str
    markers: list[Marker] = field(default_factory=list)
    unplaced: int = 0

    @property
    def description(self):
        return f"轮廓示意图，标出{len(self.markers)}处。"

    @property
    def viewbox(self):
        return f"0 0 {self.width:g} {self.height:g}"


class Projection:
    """From WGS-84 degrees to SVG units, fitted around a GeoJSON Polygon or MultiPolygon."""

    def __init__(self, outline):
        polygons = outline["coordinates"] if outline["type"] == "MultiPolygon" else [outline["coordinates"]]
        self.rings = [ring for polygon in polygons for ring in polygon]
        longitudes, latitudes = zip(*((point[0], point[1]) for ring in self.rings for point in ring), strict=True)
        self.west, self.north = min(longitudes), max(latitudes)
        self.squeeze = cos(radians((min(latitudes) + max(latitudes)) / 2))
        span = max((max(longitudes) - self.west) * self.squeeze, 1e-9)
        self.scale = (WIDTH - 2 * MARGIN) / span
        self.height = round((self.north - min(latitudes)) * self.scale + 2 * MARGIN, 1)

    def place(self, longitude, latitude):
        """Return (x, y), rounded to a tenth of a unit."""
        x = (float(longitude) - self.west) * self.squeeze * self.scale + MARGIN
        y = (self.north - float(latitude)) * self.scale + MARGIN
        return round(x, 1), round(y, 1)

    def degrees(self, x, y):
        """(longitude, latitude) of a point in SVG units, the way back from `place`."""
        return (x - MARGIN) / self.scale / self.squeeze + self.west, self.north - (y - MARGIN) / self.scale

    def rough_path(self, polygons):
        """The outer rings of GeoJSON polygons in whole units, with no more corners than can be seen; short to send."""
        return "".join(_rough([self.place(*point[:2]) for point in polygon[0]]) for polygon in polygons)

    def path(self):
        parts = []
        for ring in self.rings:
            points = (self.place(*point[:2]) for point in ring)
            parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
        return "".join(parts)


def _rough(ring):
    middle = len(ring) // 2  # a closed ring has no ends: both halves have
    corners = [(round(x), round(y)) for x, y in (*_corners(ring[: middle + 1])[:-1], *_corners(ring[middle:])[:-1])]
    start, before, parts = corners[0], corners[0], []
    for corner in corners[1:]:
        if corner != before:
            parts.append(f"{corner[0] - before[0]} {corner[1] - before[1]}".replace(" -", "-"))
            before = corner
    return f"M{start[0]} {start[1]}l{' '.join(parts)}z" if parts else ""


def _corners(line):
    """The ends of a line and those of its points that bend it by more than can be seen (Ramer–Douglas–Peucker)."""
    (x0, y0), (x1, y1) = line[0], line[-1]
    length = hypot(x1 - x0, y1 - y0)
    bends = [
        abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length if length else hypot(x - x0, y - y0)
        for x, y in line[1:-1]
    ]
    if not bends or max(bends) <= UNSEEN:
        return [line[0], line[-1]]
    at = bends.index(max(bends)) + 1
    return [*_corners(line[: at + 1])[:-1], *_corners(line[at:])]


def draw(division, places, title):
    """Draw `places`, an iterable of (longitude, latitude, {label, number, href, sample}), on a division's outline.

    Returns a `Map`, or None where the division has no outline. Places without a position are counted, not guessed.
    """
    if division is None or not division.outline:
        return None
    projection = Projection(division.outline)
    markers, unplaced = [], 0
    for longitude, latitude, about in places:
        if longitude is None:
            unplaced += 1
        else:
            x, y = projection.place(longitude, latitude)
            markers.append(Marker(x=x, y=y, **about))
    return Map(WIDTH, projection.height, projection.path(), title, markers, unplaced)
