"""The map of a circle as numbers for an SVG: its outlines, the streets beneath, the home in the middle, other homes.

Flat geometry about the home, which at a mile is exact to a metre. Lines are thinned to what can be seen at this size,
and of the streets the long ones are drawn first, until the page would become heavy.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, hypot, radians
from typing import NamedTuple

from branches.map import Marker
from homes.circles.estimate import METRES_A_DEGREE

SIZE = 400  # SVG user units, as wide as the other maps
MIDDLE = SIZE / 2
MARGIN = 34  # above and below the outlines, for words on their edge
LEAST = 200  # metres to the edge, however small the circle
THIN, THIN_STREETS = 0.2, 0.6  # units that a thinned line may be off
LABEL_HALF = 58  # units: half of the widest label, 可能走得到
APART = 60  # units between a label and what it must not cover
STREET_CHARACTERS = 24_000
SCALES = (50, 100, 200, 500)  # metres
SCALE_UNITS = 120  # a scale bar is no longer


class Shape(NamedTuple):
    """An outline: `path` is the `d` of one path; `x` and `y` are the middle of its label."""

    key: str
    label: str
    words: str
    path: str
    x: float
    y: float


class Scale(NamedTuple):
    metres: int
    units: float


@dataclass(frozen=True)
class Drawing:
    """`outlines` with the widest first, as they are painted; `streets` is the `d` of one path, empty without any."""

    title: str
    outlines: list[Shape]
    streets: str
    markers: list[Marker]
    scale: Scale
    is_estimate: bool
    size: int = field(default=SIZE)
    middle: float = field(default=MIDDLE)

    @property
    def description(self):
        lines = "、".join(shape.label for shape in reversed(self.outlines))
        homes = f"，编了号的点是别的家，一共{len(self.markers)}个" if self.markers else ""
        return f"家在正中间，四周的线是{lines}的范围{homes}。下面的名单用文字说了同样的内容。"

    @property
    def keys(self):
        """For the explanation beside the map, the innermost first."""
        return list(reversed(self.outlines))


class _View:
    """From WGS-84 degrees to SVG units, `point` in the middle and everything of `geometries` inside."""

    def __init__(self, point, geometries):
        self.longitude, self.latitude = point
        self.wide = METRES_A_DEGREE * cos(radians(self.latitude))
        reach = max(
            (max(abs(x), abs(y)) for geometry in geometries for ring in _rings(geometry) for x, y in self.metres(ring)),
            default=0,
        )
        self.scale = (MIDDLE - MARGIN) / max(reach, LEAST)

    def metres(self, points):
        for longitude, latitude, *_ in points:
            yield (longitude - self.longitude) * self.wide, (latitude - self.latitude) * METRES_A_DEGREE

    def place(self, points):
        return [(MIDDLE + x * self.scale, MIDDLE - y * self.scale) for x, y in self.metres(points)]


def draw(reach, homes, title):
    """Draw a `Reach` (homes/circles/reach.py) and the `homes` inside, in the order in which the page lists them."""
    circle = reach.circle
    point = float(circle.longitude), float(circle.latitude)
    outlines = reach.outlines()
    view = _View(point, [outline.geometry for outline in outlines])
    markers = []
    for number, home in enumerate(homes, 1):
        (x, y), *_ = view.place([(float(home.longitude), float(home.latitude))])
        about = {"label": home.name, "number": number, "href": home.get_absolute_url(), "sample": home.is_sample}
        markers.append(Marker(x=round(x, 1), y=round(y, 1), **about))
    return Drawing(
        title=title,
        outlines=_shapes(view, outlines, markers),
        streets=_streets(view, circle.streets),
        markers=markers,
        scale=_scale(view),
        is_estimate=reach.is_estimate,
    )


def _rings(geometry):
    return [ring for polygon in geometry["coordinates"] for ring in polygon]


def _shapes(view, outlines, markers):
    """The outlines with their labels, each where it is farthest from everything else on the map."""
    rings = [[thinned(view.place(ring), THIN) for ring in _rings(outline.geometry)] for outline in outlines]
    taken = [(MIDDLE, MIDDLE), (SIZE - MARGIN, MARGIN), (MARGIN * 2, SIZE - MARGIN)]  # the home, north, the scale
    taken += [(marker.x, marker.y) for marker in markers]
    shapes = []
    for number, (outline, own) in enumerate(zip(outlines, rings, strict=True)):
        others = [point for index, some in enumerate(rings) if index != number for ring in some for point in ring]
        x, y = max(own[0], key=lambda place: _freedom(place, taken, others))
        x = min(max(x, LABEL_HALF), SIZE - LABEL_HALF)
        taken.append((x, y))
        path = "".join(path_of(ring[:-1], "Z", 1) for ring in own)
        shapes.append(Shape(outline.key, outline.label, outline.words, path, round(x, 1), round(y, 1)))
    return shapes[::-1]


def _freedom(place, taken, others):
    """How good a place is for a label: away from what is `taken`, off the lines of `others`, then the northernmost."""
    x, y = min(max(place[0], LABEL_HALF), SIZE - LABEL_HALF), place[1]
    # words are wider than they are high: what is beside them must be twice as far away as what is above
    clear = min(hypot((x - left) / 2, y - top) for left, top in taken)
    off = min((abs(y - top) for left, top in others if abs(x - left) < LABEL_HALF / 2), default=APART)
    return round(min(clear, APART / 2) + min(off, APART / 4) - abs(x - place[0]), 1), -y


def _streets(view, lines):
    """As much of the streets as a page can bear, the longest first."""
    pieces = [piece for line in lines for piece in _visible(view.place(line))]
    drawn, room = [], STREET_CHARACTERS
    for piece in sorted(pieces, key=_length, reverse=True):
        path = path_of(thinned(piece, THIN_STREETS), "", 0)
        room -= len(path)
        if room < 0:
            break
        drawn.append(path)
    return "".join(drawn)


def _visible(points):
    """The parts of a line that lie on the map, each with its neighbours beyond the edge."""
    here = [0 <= x <= SIZE and 0 <= y <= SIZE for x, y in points]
    piece = []
    for index, point in enumerate(points):
        if any(here[max(0, index - 1) : index + 2]):
            piece.append(point)
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _length(points):
    return sum(hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(points))


def path_of(points, end, digits):
    """The `d` of a line, rounded to so many digits: steps from point to point, half as long as numbers of their own."""
    kept = [(round(x, digits), round(y, digits)) for x, y in points]
    steps = [(round(x1 - x0, digits), round(y1 - y0, digits)) for (x0, y0), (x1, y1) in pairwise(kept)]
    words = " ".join(f"{x:g} {y:g}" for x, y in steps if x or y)
    return f"M{kept[0][0]:g} {kept[0][1]:g}l{words}{end}".replace(" -", "-") if words else ""


def thinned(points, off):
    """Douglas and Peucker: without the points that lie no more than `off` units beside the line of those kept."""
    kept, parts = {0, len(points) - 1}, [(0, len(points) - 1)]
    while parts:
        first, last = parts.pop()
        away, farthest = max(
            ((_beside(points[index], points[first], points[last]), index) for index in range(first + 1, last)),
            default=(0, first),
        )
        if away > off:
            kept.add(farthest)
            parts += [(first, farthest), (farthest, last)]
    return [points[index] for index in sorted(kept)]


def _beside(point, start, end):
    """How far a point is from the line between two others."""
    (x, y), (x0, y0), (x1, y1) = point, start, end
    length = hypot(x1 - x0, y1 - y0)
    if not length:
        return hypot(x - x0, y - y0)
    along = max(0, min(1, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length**2))
    return hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))


def _scale(view):
    metres = max((metres for metres in SCALES if metres * view.scale <= SCALE_UNITS), default=SCALES[0])
    return Scale(metres, round(metres * view.scale, 1))
