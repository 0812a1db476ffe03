"""The drawn marks of templates/components/ as pixels: the few kinds of shape that they are made of.

A mark is an SVG of 48 by 48 with lines in one colour and three ways to be filled (a: gold, w: white, i: as the line).
"""

import math
import re
from functools import cache

from django.template.loader import render_to_string
from PIL import Image, ImageDraw

FINE = 4  # drawn so many times larger, then made smaller: Pillow alone draws hard edges
SHAPE = re.compile(r"<(path|circle|ellipse|rect)\b([^>]*?)/?>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
PIECE = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)")
ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "A": 7, "Z": 0}
STEPS = 24  # straight pieces of a curve
VIEW, LINE = 48, 2.0  # the size of the drawing, and of its lines


@cache
def mark(drawing, size, line, *, gold="#f5c542", white="#ffffff"):
    """The drawing `marks/home` of the components, `size` pixels wide, on nothing."""
    scale = size * FINE / VIEW
    picture = Image.new("RGBA", (size * FINE, size * FINE))
    brush = ImageDraw.Draw(picture)
    fills = {"a": gold, "w": white, "i": line}
    for kind, text in SHAPE.findall(render_to_string(f"components/{drawing}.html")):
        attributes = dict(ATTRIBUTE.findall(text))
        for points, closed in outlines(kind, attributes):
            pixels = [(x * scale, y * scale) for x, y in points]
            fill = fills.get(attributes.get("class"))
            if fill and len(pixels) > 2:
                brush.polygon(pixels, fill=fill)
            _stroke(brush, pixels + pixels[:1] * closed, line, LINE * scale)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def _stroke(brush, pixels, colour, width):
    """A line with round ends and round corners."""
    brush.line(pixels, fill=colour, width=round(width), joint="curve")
    for x, y in (pixels[0], pixels[-1]):
        brush.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=colour)


def outlines(kind, attributes):
    """The lines of one shape: [(points, whether it is closed)]."""
    if kind == "path":
        return _path(attributes["d"])
    number = {name: float(value) for name, value in attributes.items() if name in ("cx", "cy", "r", "rx", "ry")}
    if kind == "rect":
        x, y, width, height = (float(attributes[name]) for name in ("x", "y", "width", "height"))
        return [(_rounded(x, y, width, height, number.get("rx", 0)), True)]
    rx, ry = number.get("rx", number.get("r")), number.get("ry", number.get("r"))
    return [(_ellipse(number["cx"], number["cy"], rx, ry, 0, 2 * math.pi), True)]


def _ellipse(cx, cy, rx, ry, first, last):
    steps = range(2 * STEPS + 1)
    angles = (first + (last - first) * step / (2 * STEPS) for step in steps)
    return [(cx + rx * math.cos(angle), cy + ry * math.sin(angle)) for angle in angles]


def _rounded(x, y, width, height, radius):
    quarter = math.pi / 2
    corners = ((x + width, y, -1), (x + width, y + height, 0), (x, y + height, 1), (x, y, 2))
    points = []
    for (right, low, turn), (dx, dy) in zip(corners, ((-1, 1), (-1, -1), (1, -1), (1, 1)), strict=True):
        centre = right + dx * radius, low + dy * radius
        points += _ellipse(*centre, radius, radius, turn * quarter, (turn + 1) * quarter)
    return points


def _path(text):
    """The lines of a path. Every command but those of quadratic curves, which no mark has."""
    pieces, lines, points = PIECE.findall(text), [], []
    x = y = 0.0
    command, control = "M", None
    while pieces:
        if pieces[0].isalpha():
            command = pieces.pop(0)
        kind = command.upper()
        values = [float(pieces.pop(0)) for _ in range(ARGUMENTS[kind])]
        ox, oy = (x, y) if command.islower() else (0.0, 0.0)
        if kind == "Z":
            lines.append((points, True))
            (x, y), points = points[0], []
            continue
        if kind == "M":
            lines += [(points, False)] * bool(points)
            x, y = values[0] + ox, values[1] + oy
            points, command = [(x, y)], "l" if command.islower() else "L"
            continue
        points = points or [(x, y)]
        if kind == "H":
            points.append((values[0] + ox, y))
        elif kind == "V":
            points.append((x, values[0] + oy))
        elif kind == "A":
            points += _arc((x, y), values, (values[5] + ox, values[6] + oy))
        else:
            ends = [(a + ox, b + oy) for a, b in zip(values[::2], values[1::2], strict=True)]
            if kind == "S":  # goes on from the curve before as a mirror would show it
                ends.insert(0, (2 * x - control[0], 2 * y - control[1]) if control else (x, y))
            points += _curve((x, y), *ends) if kind in "CS" else ends
            control = ends[1] if kind in "CS" else None
        x, y = points[-1]
    return lines + [(points, False)] * bool(points)


def _curve(start, first, second, end):
    def at(t, *values):
        return sum(
            weight * value
            for weight, value in zip(
                ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3), values, strict=True
            )
        )

    ends = list(zip(start, first, second, end, strict=True))
    return [tuple(at(step / STEPS, *values) for values in ends) for step in range(1, STEPS + 1)]


def _arc(start, values, end):
    """Part of a circle; the marks have no other arcs."""
    radius, large, sweep = values[0], values[3], values[4]
    dx, dy = end[0] - start[0], end[1] - start[1]
    apart = math.hypot(dx, dy)
    radius = max(radius, apart / 2)
    height = math.sqrt(radius**2 - apart**2 / 4) * (1 if large != sweep else -1)
    cx, cy = (start[0] + end[0]) / 2 - dy / apart * height, (start[1] + end[1]) / 2 + dx / apart * height
    first, last = (math.atan2(y - cy, x - cx) for x, y in (start, end))
    if sweep and last < first:
        last += 2 * math.pi
    if not sweep and last > first:
        last -= 2 * math.pi
    return _ellipse(cx, cy, radius, radius, first, last)
