"""The picture of the district that is pressed on: made here, so that it works without scripts.

A browser says where on an `<input type="image">` somebody pressed, in pixels of its size on the page; that size is
fixed, so that the pixels are a place. A first press is as exact as a finger on a whole district; the answer brings the
part of the picture about it, four times as large, to press on again.
"""

from math import cos, radians
from typing import NamedTuple

from django.db.models import Avg
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from branches.map import WIDTH, Projection, box_of, rings_of
from branches.models import Division, ResidentCompound
from config.caching import public_page
from config.site import district
from homes.models import Home

PIXELS = 280  # the width of the picture on the page: fits the narrowest phone in the largest text
PARTS = 4  # a part is as wide as a quarter of the district; they overlap by half
LETTER = 24  # SVG units, 16 px of the page and a little more


class Label(NamedTuple):
    """A name on the picture, about its middle."""

    x: float
    y: float
    text: str

    def covers(self, other):
        apart = LETTER * (len(self.text) + len(other.text)) / 2
        return abs(self.x - other.x) < apart and abs(self.y - other.y) < LETTER * 1.2


class Picture:
    """The outline of a district, or of a part of it: `part` is "column-row", or "" for the whole."""

    def __init__(self, outline, part=""):
        self.part = part
        self.box = _box(outline, part) if part else box_of(point for ring in rings_of(outline) for point in ring)
        self.projection = Projection(outline, self.box)
        self.width, self.height = PIXELS, round(PIXELS * self.projection.height / WIDTH)

    @property
    def url(self):
        return reverse("homes:near_map") + (f"?part={self.part}" if self.part else "")

    def at(self, x, y):
        """The (longitude, latitude) of a press, given in pixels; ValueError where it is none on the picture."""
        x, y = int(x), int(y)
        if not (0 <= x <= self.width and 0 <= y <= self.height):
            raise ValueError("not on the picture")
        return self.projection.degrees(x * WIDTH / self.width, y * WIDTH / self.width)

    def shows(self, point):
        west, south, east, north = self.box
        return west <= point[0] <= east and south <= point[1] <= north


def _sides(outline):
    """(west, south, width, height) of the lattice of parts, in degrees; each is a square on the ground."""
    west, south, east, north = box_of(point for ring in rings_of(outline) for point in ring)
    wide = (east - west) / PARTS
    return west, south, wide, wide * cos(radians((south + north) / 2))


def _box(outline, part):
    """ValueError where there is no such part."""
    column, row = (int(number) for number in part.split("-"))
    west, south, wide, high = _sides(outline)
    left, bottom = west + wide * (column / 2 - 0.5), south + high * (row / 2 - 0.5)
    *_, east, north = box_of(point for ring in rings_of(outline) for point in ring)
    if left > east or bottom > north:
        raise ValueError("beyond the outline")
    return left, bottom, left + wide, bottom + high


def part_about(outline, point):
    """The part in whose middle a point lies, more or less; "" for a point that is in none."""
    west, south, wide, high = _sides(outline)
    column, row = round((point[0] - west) / wide * 2), round((point[1] - south) / high * 2)
    try:
        part = f"{column}-{row}"
        return part if Picture(outline, part).shows(point) else ""
    except ValueError:
        return ""


@require_safe
@public_page
def near_map(request):
    """The picture itself, an SVG without scripts and styles: the outline, names to go by, and a dot for each home."""
    here = district()
    if here is None or not here.outline:
        raise Http404
    try:
        picture = Picture(here.outline, request.GET.get("part", "")[:7])
    except ValueError as error:
        raise Http404 from error
    homes = Home.objects.public().exclude(longitude=None).values_list("longitude", "latitude")
    context = {
        "picture": picture,
        "path": picture.projection.path(),
        "dots": [picture.projection.place(*point) for point in homes if picture.shows([float(x) for x in point])],
        "labels": _labels(picture),
        "letter": LETTER,
    }
    response = render(request, "homes/near_map.svg", context, content_type="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def _labels(picture):
    """Names of streets on the whole, of communities on a part, each amid its compounds; none over another."""
    column = "division__name" if picture.part else "division__parent__name"
    placed = ResidentCompound.objects.filter(is_archived=False).exclude(longitude=None)
    middles = placed.order_by(column).values_list(column).annotate(x=Avg("longitude"), y=Avg("latitude"))
    labels = []
    for name, x, y in middles:
        if name and picture.shows((float(x), float(y))):
            text = Division(name=name).short_name.removesuffix("街道")
            label = Label(*picture.projection.place(x, y), text)
            if not any(label.covers(other) for other in labels):
                labels.append(label)
    return labels
