"""A map without tiles: the district's outline and numbered points, as numbers for an SVG.

Equirectangular about the middle of the outline, which at the size of a district is exact to a few metres.
"""

from dataclasses import dataclass, field
from math import cos, radians

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

WIDTH = 400  # SVG user units; the height follows from the outline
MARGIN = 24


@dataclass(frozen=True)
class Marker:
    """A point in SVG units. `href` makes it a link; `number` is what the list beside the map calls it."""

    x: float
    y: float
    label: str
    number: int | str = ""
    href: str = ""
    sample: bool = False

    @property
    def spoken(self):
        """What a reader who does not see the map is told of the point."""
        told = _("%(number)s号，%(label)s") % {"number": self.number, "label": self.label}
        return told + (_("（示例数据）") if self.sample else "")


@dataclass(frozen=True)
class Map:
    """`outline` is the `d` of one path; `viewbox` is the SVG attribute."""

    width: float
    height: float
    outline: str
    title: str
    markers: list[Marker] = field(default_factory=list)
    unplaced: int = 0
    here: tuple[float, float] | None = None  # where the reader is

    @property
    def description(self):
        places = len(self.markers)
        drawn = ngettext("轮廓示意图，标出%d处。", "轮廓示意图，标出%d处。", places) % places
        return drawn + ("没有号码的黄点是您的位置。" if self.here else "")

    @property
    def viewbox(self):
        return f"0 0 {self.width:g} {self.height:g}"


def rings_of(outline):
    """The rings of a GeoJSON Polygon or MultiPolygon, those of holes among them."""
    polygons = outline["coordinates"] if outline["type"] == "MultiPolygon" else [outline["coordinates"]]
    return [ring for polygon in polygons for ring in polygon]


def box_of(points):
    """(west, south, east, north) of (longitude, latitude) points."""
    longitudes, latitudes = zip(*((float(point[0]), float(point[1])) for point in points), strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


class Projection:
    """From WGS-84 degrees to SVG units, fitted around a GeoJSON Polygon or MultiPolygon, or around a part of it.

    `box` is that part: (west, south, east, north) in degrees.
    """

    def __init__(self, outline, box=None):
        self.rings = rings_of(outline)
        self.west, south, east, self.north = box or box_of(point for ring in self.rings for point in ring)
        self.squeeze = cos(radians((south + self.north) / 2))
        span = max((east - self.west) * self.squeeze, 1e-9)
        self.scale = (WIDTH - 2 * MARGIN) / span
        self.height = round((self.north - south) * self.scale + 2 * MARGIN, 1)

    def place(self, longitude, latitude):
        """Return (x, y), rounded to a tenth of a unit."""
        x = (float(longitude) - self.west) * self.squeeze * self.scale + MARGIN
        y = (self.north - float(latitude)) * self.scale + MARGIN
        return round(x, 1), round(y, 1)

    def degrees(self, x, y):
        """Where in the world a point of the drawing is: (longitude, latitude)."""
        return (x - MARGIN) / self.squeeze / self.scale + self.west, self.north - (y - MARGIN) / self.scale

    def path(self):
        parts = []
        for ring in self.rings:
            points = (self.place(*point[:2]) for point in ring)
            parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
        return "".join(parts)


def draw(division, places, title, *, box=None, here=None):
    """Draw `places`, an iterable of (longitude, latitude, {label, number, href, sample}), on a division's outline.

    `box` is the part of it to draw, in degrees; `here` is where the reader is, (longitude, latitude).
    Returns a `Map`, or None where the division has no outline. Places without a position are counted, not guessed.
    """
    if division is None or not division.outline:
        return None
    projection = Projection(division.outline, box)
    markers, unplaced = [], 0
    for longitude, latitude, about in places:
        if longitude is None:
            unplaced += 1
        else:
            x, y = projection.place(longitude, latitude)
            markers.append(Marker(x=x, y=y, **about))
    at = projection.place(*here) if here else None
    return Map(WIDTH, projection.height, projection.path(), title, markers, unplaced, at)
