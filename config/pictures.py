"""The picture that a shared link shows: a door plate on warm paper, with what it is called, when and where.

1200 by 630, as Open Graph has it. WeChat cuts a square out of the middle and shows it as large as a thumbnail: all that
is written stands in that square, in large letters. No personal data: `Picture` holds all that is drawn.
"""

import hashlib
import io
import re
from functools import cache, lru_cache
from typing import NamedTuple

from noto_cjk_sans_otc import FONT_PATH
from PIL import Image, ImageDraw, ImageFont

from config.marks_drawn import FINE, mark

WIDTH, HEIGHT = 1200, 630
DESIGN = 1  # grows with every change of how it is drawn: pictures that were stored are drawn anew
SIMPLIFIED = 2  # the face of the font file
MIDDLE, WITHIN = WIDTH // 2, 590  # the square, with a margin
BAND = 74  # at the foot, with the name of the portal
DISC, SMALL, LEADING = 132, 34, 1.18  # the ground of the mark; small letters; from line to line of the name
EDGE, LINE = 9, 3  # of the plate, to its gold line, and the line
COLOURS = 96
# of static/css/tokens.css
PAPER, INK, INK_2, GOLD, ROOF_LINE, WHITE = (
    "#fbf6ec", "#231a15", "#50453b", "#f5c542", "#d9a441", "#ffffff",
)  # fmt: skip
RED, RED_DEEP, AMBER = "#941a12", "#6f100a", "#6b4700"
HUES = {
    "red": (RED, "#fbe9e3"), "green": ("#0b5639", "#e3f1e6"), "blue": ("#1b4878", "#e4eef7"),
    "amber": (AMBER, "#fdf0c9"), "ink": (INK_2, "#f1e9dc"),
}  # fmt: skip
# leaves of the ginkgo beside the square: x, y, size, turned by
LEAVES = (
    (40, 60, 150, 20), (170, 250, 100, -35), (20, 330, 120, -70), (205, 40, 70, 60), (150, 430, 84, 110),
    (1010, 50, 130, -25), (930, 240, 76, 40), (1050, 290, 120, 75), (950, 420, 104, -110), (1120, 180, 64, 10),
)  # fmt: skip
NAME_SIZES = (116, 104, 92, 80, 70, 62, 54, 48, 42)
TOGETHER = re.compile(r"老党员之家|党员之家|[A-Za-z0-9:.\-–]+|.")  # what a line does not break inside
NOT_FIRST = "，。、：；！？）》”’…·,.!?)%"
NOT_LAST = "（《“‘("


class Picture(NamedTuple):
    """What is drawn: a mark with its hue, the name on the plate, a few words above and below it."""

    drawing: str  # in templates/components/: marks/train, kinds/talk
    hue: str
    above: str
    name: str
    lines: tuple[str, ...]
    foot: str  # whose portal it is
    is_sample: bool = False

    @property
    def version(self):
        """Changes with what is drawn."""
        return hashlib.sha256(repr((DESIGN, tuple(self))).encode()).hexdigest()[:12]

    @property
    def words(self):
        """What it says, for whoever cannot see it."""
        sample = "示例数据" if self.is_sample else ""
        return "，".join(part for part in (self.name, self.above, *self.lines, sample) if part)


@cache
def font(size):
    return ImageFont.truetype(str(FONT_PATH), size, index=SIMPLIFIED)


def wide(text, size):
    return font(size).getlength(text)


def wrapped(text, size, most):
    """The lines of a text, none wider than `most`, as even as they can be; a mark never begins a line."""
    pieces = []
    for piece in TOGETHER.findall(text):
        if pieces and (piece in NOT_FIRST or pieces[-1][-1] in NOT_LAST):
            pieces[-1] += piece
        else:
            pieces += [piece] if wide(piece, size) <= most else list(piece)
    widths, places = [wide(piece, size) for piece in pieces], _places(pieces)
    best = {0: (0, 0, 0)}  # after so many pieces: (lines, unevenness, where the last line begins)
    for end in range(1, len(pieces) + 1):
        ways, left = [], most
        for start in range(end - 1, -1, -1):
            left -= widths[start]
            if left < 0 and start < end - 1:
                break
            lines, uneven, _ = best[start]
            ways.append((lines + 1, uneven + left * left + places[start] * size * size, start))
        best[end] = min(ways)
    lines, end = [], len(pieces)
    while end:
        start = best[end][2]
        lines.insert(0, "".join(pieces[start:end]).strip())
        end = start
    return lines


def _places(pieces):
    """How bad it would be to begin a line with each piece: not at all with 老党员之家 and behind a mark or a space; a
    little behind an even number of characters, since most words have two; more within a word.
    """
    places, since = [], 0
    for before, piece in zip(["", *pieces], pieces, strict=False):
        natural = not before or "党员之家" in piece or before[-1] in f"{NOT_FIRST} "
        since = 0 if natural else since + 1
        places.append(0 if natural else 1 if since % 2 == 0 else 2)
    return places


def fitting(text, sizes, most, height):
    """(size, lines) of the largest letters in which a text has room; in the smallest, its end is left out."""
    for size in sizes:
        lines = wrapped(text, size, most)
        if len(lines) * size * LEADING <= height:
            return size, lines
    return size, shortened(lines, int(height / size / LEADING), size, most)


def shortened(lines, number, size, most):
    """The first lines, the last of them ending in … where there are more."""
    if len(lines) <= number:
        return lines
    last = lines[number - 1]
    while wide(f"{last}…", size) > most:
        last = last[:-1]
    return [*lines[: number - 1], f"{last}…"]


def write(brush, y, text, size, colour, *, bold=0, x=MIDDLE):
    """A line of text around `x`, its middle at `y`."""
    brush.text((x, y), text, font=font(size), fill=colour, anchor="mm", stroke_width=bold, stroke_fill=colour)


@cache
def ground():
    """What every picture stands on: paper with leaves, the band at the foot."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    leaf = mark("marks/ginkgo", 300, ROOF_LINE)
    for x, y, size, turned in LEAVES:
        small = leaf.rotate(turned, Image.Resampling.BICUBIC).resize((size, size), Image.Resampling.LANCZOS)
        picture.paste(small, (x, y), small.getchannel("A").point(lambda value: value * 6 // 10))
    brush = ImageDraw.Draw(picture)
    brush.rectangle((0, HEIGHT - BAND, WIDTH, HEIGHT), fill=RED_DEEP)
    brush.rectangle((0, HEIGHT - BAND, WIDTH, HEIGHT - BAND + 5), fill=ROOF_LINE)
    return picture


def draw(picture):
    """The picture as the bytes of a PNG."""
    canvas = ground().copy()
    brush = ImageDraw.Draw(canvas)
    hue, tint = HUES[picture.hue]
    canvas.paste(_rounded(DISC, DISC, 40, tint), (MIDDLE - DISC // 2, 20), _corners(DISC, DISC, 40))
    drawing = mark(picture.drawing, DISC - 32, hue)
    canvas.paste(drawing, (MIDDLE - drawing.width // 2, 20 + (DISC - drawing.height) // 2), drawing)
    if picture.is_sample:
        _label(brush, MIDDLE + 190, 54, "示例数据")
    below = [line for text in picture.lines for line in shortened(wrapped(text, SMALL, WITHIN), 2, SMALL, WITHIN)]
    foot = HEIGHT - BAND - 14
    _plate(canvas, 20 + DISC + 14, foot - 44 * len(below) - 6 * bool(below), picture)
    for number, line in enumerate(reversed(below)):
        write(brush, foot - 22 - 44 * number, line, SMALL, INK)
    write(brush, HEIGHT - BAND // 2 + 2, picture.foot, 32, WHITE, bold=1)
    out = io.BytesIO()
    canvas.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(32)
def _corners(width, height, radius):
    """Where a plate with round corners is, its edge fine."""
    large = Image.new("L", (width * FINE, height * FINE))
    ImageDraw.Draw(large).rounded_rectangle((0, 0, large.width - 1, large.height - 1), radius * FINE, fill=255)
    return large.resize((width, height), Image.Resampling.LANCZOS)


def _rounded(width, height, radius, *colours):
    """Plates of these colours, each lying a little inside the one before."""
    plate = Image.new("RGB", (width, height), colours[0])
    inside = EDGE
    for colour in colours[1:]:
        size = width - 2 * inside, height - 2 * inside
        plate.paste(Image.new("RGB", size, colour), (inside, inside), _corners(*size, radius - inside))
        inside += LINE
    return plate


def _plate(canvas, top, foot, picture):
    """The enamel plate of a house with a gold line inside its edge: small what is above the name, and the name."""
    width, height = WITHIN + 20, foot - top
    place = (MIDDLE - width // 2, top)
    canvas.paste(_rounded(width, height, 20, RED, GOLD, RED), place, _corners(width, height, 20))
    brush = ImageDraw.Draw(canvas)
    if picture.above:
        (above,) = shortened(wrapped(picture.above, SMALL, WITHIN - 50), 1, SMALL, WITHIN - 50)
        write(brush, top + 42, above, SMALL, GOLD)
        top += 44
    size, lines = fitting(picture.name, NAME_SIZES, WITHIN - 44, foot - top - 34)
    first = (top + foot) / 2 - size * LEADING * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        write(brush, first + number * size * LEADING, line, size, WHITE, bold=max(1, size // 40))


def _label(brush, x, y, text):
    half = wide(text, 30) / 2 + 14
    brush.rounded_rectangle((x - half, y - 26, x + half, y + 26), radius=8, fill="#fdf0c9", outline=AMBER, width=3)
    write(brush, y, text, 30, AMBER, bold=1, x=x)
