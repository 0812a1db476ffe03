"""Where the pictures are drawn, and the colours they share."""

from PIL import Image, ImageColor, ImageDraw

WIDTH, HEIGHT = 1200, 800
SMOOTH = 2  # drawn at twice the size and shrunk, which smooths the edges

GINKGO = ("#e9b52f", "#f2c84b", "#d99f1e", "#f7d873")
CAMPHOR = ("#5d8a55", "#6f9c62", "#4c7748", "#86ad74")
RED, DEEP, GOLD, INK, WOOD, PALE = "#a3261c", "#6d0f0a", "#f5c542", "#3a332d", "#9a6a42", "#fffaf0"


class Canvas:
    """Pillow's drawing calls in points of the finished picture."""

    def __init__(self, rng):
        self.rng = rng
        self.image = Image.new("RGB", (WIDTH * SMOOTH, HEIGHT * SMOOTH))
        self.pen = ImageDraw.Draw(self.image)

    def area(self, points, colour):
        self.pen.polygon([(x * SMOOTH, y * SMOOTH) for x, y in points], fill=colour)

    def box(self, x, y, width, height, colour, radius=0):
        corners = [x * SMOOTH, y * SMOOTH, (x + width) * SMOOTH, (y + height) * SMOOTH]
        self.pen.rounded_rectangle(corners, radius * SMOOTH, fill=colour)

    def disc(self, x, y, across, colour, high=None):
        high = high or across
        self.pen.ellipse(
            [(x - across) * SMOOTH, (y - high) * SMOOTH, (x + across) * SMOOTH, (y + high) * SMOOTH], fill=colour
        )

    def line(self, points, colour, width):
        self.pen.line([(x * SMOOTH, y * SMOOTH) for x, y in points], colour, round(width * SMOOTH), joint="curve")

    def arc(self, x, y, across, start, end, colour, width):
        corners = [(x - across) * SMOOTH, (y - across) * SMOOTH, (x + across) * SMOOTH, (y + across) * SMOOTH]
        self.pen.arc(corners, start, end, colour, round(width * SMOOTH))

    def fade(self, top, bottom, first, last):
        """A vertical gradient between two heights."""
        above, below = ImageColor.getrgb(top), ImageColor.getrgb(bottom)
        for row in range(first * SMOOTH, last * SMOOTH):
            share = (row / SMOOTH - first) / (last - first)
            colour = tuple(round(a + (b - a) * share) for a, b in zip(above, below, strict=True))
            self.pen.line([(0, row), (WIDTH * SMOOTH, row)], colour)

    def finished(self):
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def mixed(colour, other, share):
    """`colour` with `share` (0 to 1) of `other` in it."""
    pairs = zip(ImageColor.getrgb(colour), ImageColor.getrgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
