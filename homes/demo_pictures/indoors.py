"""The window and what hangs and stands in a room; the table, and on it what a theme is about."""

from math import cos, pi, sin

from homes.demo_pictures.canvas import CAMPHOR, DEEP, GINKGO, INK, PALE, RED, WOOD, mixed
from homes.demo_pictures.outdoors import ginkgo_leaf


def window(canvas, x, sky):
    """A window of three panes with the garden behind it."""
    _, top, bottom, sun, far, near = sky
    y, width, height = 90, 340, 240
    canvas.box(x - 16, y - 16, width + 32, height + 32, WOOD, 4)
    canvas.box(x, y, width, height, bottom)
    canvas.box(x, y, width, 110, mixed(top, bottom, 0.4))
    canvas.disc(x + 250, y + 60, 30, sun)
    ridge = [(x + step, y + 150 - 22 * sin(step / 52) - 12 * sin(step / 19)) for step in range(0, width + 1, 10)]
    canvas.area([*ridge, (x + width, y + height), (x, y + height)], far)
    canvas.box(x, y + 190, width, 50, near)
    for _ in range(26):
        spot = canvas.rng.uniform(x + 26, x + 130), canvas.rng.uniform(y + 50, y + 170)
        canvas.disc(*spot, canvas.rng.uniform(13, 25), canvas.rng.choice(GINKGO))
    canvas.box(x + 74, y + 160, 10, 80, "#6d5138")
    for pane in (1, 2):
        canvas.box(x + width * pane / 3 - 5, y, 10, height, WOOD)
    canvas.box(x, y + 76, width, 8, WOOD)
    canvas.box(x - 30, y + height + 16, width + 60, 16, mixed(WOOD, INK, 0.2), 4)


def scroll(canvas, x):
    """A hanging scroll: a landscape, or a branch in blossom."""
    rng = canvas.rng
    canvas.box(x - 40, 110, 80, 230, "#d9c7a2")
    canvas.box(x - 33, 136, 66, 176, PALE)
    for y in (106, 334):
        canvas.box(x - 48, y, 96, 10, "#5b3b28", 5)
    canvas.line([(x - 22, 106), (x, 84), (x + 22, 106)], INK, 2)
    if rng.random() < 0.5:
        for row, share in ((214, 0.72), (240, 0.5), (268, 0.25)):
            peak = rng.randint(-14, 14)
            slope = [(x - 33, row + 26), (x + peak - 14, row), (x + peak, row - 18), (x + peak + 12, row + 2)]
            canvas.area([*slope, (x + 33, row + 24), (x + 33, 312), (x - 33, 312)], mixed(INK, PALE, share))
    else:
        canvas.line([(x - 20, 306), (x - 6, 250), (x + 12, 214), (x + 8, 170)], INK, 5)
        canvas.line([(x - 4, 246), (x - 22, 206)], INK, 3)
        for _ in range(11):
            canvas.disc(x + rng.uniform(-24, 22), rng.uniform(160, 240), rng.uniform(4, 6.5), "#c65a4b")
    canvas.box(x + 17, 294, 11, 11, RED)


def shelf(canvas, x):
    """A bookshelf with books, a clock and a pot."""
    rng = canvas.rng
    canvas.box(x, 170, 230, 400, mixed(WOOD, INK, 0.15), 4)
    for row in range(4):
        y = 186 + row * 96
        canvas.box(x + 12, y, 206, 82, mixed(WOOD, "#f6ead2", 0.45))
        if row == 1:
            canvas.disc(x + 60, y + 44, 34, PALE)
            canvas.arc(x + 60, y + 44, 34, 0, 360, DEEP, 6)
            canvas.line([(x + 60, y + 22), (x + 60, y + 44), (x + 78, y + 52)], INK, 4)
        spot = x + (112 if row == 1 else 18)
        while spot < x + 196:
            thick, high = rng.randint(11, 22), rng.randint(48, 74)
            colour = rng.choice((RED, "#1b4b7a", "#0b5d3b", "#b07a1e", "#e4d3ae", "#6b5846", "#c98f5a"))
            canvas.box(spot, y + 82 - high, thick, high, colour, 2)
            canvas.box(spot + 2, y + 92 - high, thick - 4, 5, mixed(colour, PALE, 0.55))
            spot += thick + rng.choice((2, 2, 2, 16))


def potted_plant(canvas, x, ground):
    for step in range(9):
        angle = pi * (1.08 + 0.84 * step / 8)
        reach = 130 + 26 * (step % 2)
        tip = (x + cos(angle) * reach, ground - 70 + sin(angle) * reach)
        bend = (x + cos(angle) * reach * 0.42, ground - 80 + sin(angle) * reach * 0.72)
        canvas.area(
            [(x - 8, ground - 60), bend, tip, (bend[0] + 20, bend[1] + 12), (x + 8, ground - 60)], CAMPHOR[step % 4]
        )
    canvas.area([(x - 52, ground - 66), (x + 52, ground - 66), (x + 38, ground + 34), (x - 38, ground + 34)], "#b5603a")
    canvas.box(x - 58, ground - 78, 116, 20, "#c67148", 5)


def table(canvas, x, top, mark):
    """A table with stools on both sides, and on it what the theme is about. `top` is the height of its board."""
    for side in (-1, 1):
        stool(canvas, x + side * 190, top + 62)
    for side in (-1, 1):
        canvas.box(x + side * 104 - 8, top, 16, 118, mixed(WOOD, INK, 0.3), 3)
    canvas.box(x - 138, top, 276, 20, mixed(WOOD, "#ffffff", 0.06), 8)
    canvas.box(x - 128, top + 20, 256, 16, mixed(WOOD, INK, 0.2))
    if mark == "erhu":
        erhu(canvas, x + 152, top + 66)
        teapot(canvas, x - 30, top)
    elif mark == "brush":
        paper_and_brushes(canvas, x, top)
    elif mark == "book":
        books(canvas, x, top)
    elif mark == "tea":
        teapot(canvas, x, top)
        cups(canvas, (x - 108, x + 84, x + 122), top)
    else:
        cups(canvas, (x - 60, x + 50), top)
        canvas.box(x - 8, top - 34, 16, 34, "#d8e3e0", 4)
        for turn in (-0.6, 0, 0.6):
            ginkgo_leaf(canvas, x + turn * 22, top - 38, 24, GINKGO[1], turn)


def stool(canvas, x, top):
    for side in (-1, 1):
        canvas.box(x + side * 30 - 6, top + 6, 12, 58, mixed(WOOD, INK, 0.35), 3)
    canvas.box(x - 44, top, 88, 16, mixed(WOOD, INK, 0.08), 7)


def teapot(canvas, x, top):
    clay = "#8a3f2a"
    canvas.arc(x + 40, top - 34, 21, -100, 110, clay, 8)
    canvas.area([(x - 30, top - 26), (x - 66, top - 54), (x - 58, top - 60), (x - 24, top - 44)], clay)
    canvas.disc(x, top - 30, 40, clay, 31)
    canvas.disc(x - 10, top - 38, 18, mixed(clay, PALE, 0.2), 11)
    canvas.box(x - 22, top - 64, 44, 9, mixed(clay, INK, 0.25), 4)
    canvas.disc(x, top - 67, 7, mixed(clay, INK, 0.25))
    steam(canvas, x - 62, top - 70)


def cups(canvas, places, top):
    for x in places:
        canvas.area([(x - 17, top - 25), (x + 17, top - 25), (x + 10, top), (x - 10, top)], PALE)
        canvas.box(x - 17, top - 27, 34, 6, "#1b4b7a", 2)
        steam(canvas, x, top - 34)


def steam(canvas, x, y):
    for shift in (-6, 6):
        wave = [(x + shift + 5 * sin(step / 2.2), y - step * 4) for step in range(9)]
        canvas.line(wave, "#fffdf6", 2.5)


def paper_and_brushes(canvas, x, top):
    canvas.area([(x - 84, top), (x - 66, top - 15), (x + 48, top - 15), (x + 54, top)], PALE)
    for row, length in ((-11, 70), (-6, 84)):
        canvas.line([(x - 58, top + row), (x - 58 + length, top + row)], INK, 3)
    canvas.box(x + 74, top - 52, 36, 52, "#3f6b7d", 6)
    for lean, colour in ((-16, WOOD), (-3, "#c9a15f"), (11, WOOD), (20, "#7a4a3a")):
        canvas.line([(x + 92, top - 50), (x + 92 + lean, top - 112)], colour, 5)
        canvas.area([(x + 87 + lean, top - 110), (x + 97 + lean, top - 110), (x + 92 + lean * 1.2, top - 136)], INK)
    canvas.box(x - 122, top - 12, 30, 12, INK, 3)


def books(canvas, x, top):
    for level, (width, colour) in enumerate(((112, "#1b4b7a"), (96, RED), (104, "#b07a1e"), (84, "#0b5d3b"))):
        canvas.box(x - 116 + level * 5, top - 18 * (level + 1), width, 17, colour, 3)
        canvas.box(x - 116 + level * 5 + width - 9, top - 18 * (level + 1) + 3, 9, 11, PALE)
    canvas.area([(x + 14, top - 4), (x + 62, top - 16), (x + 62, top - 4)], PALE)
    canvas.area([(x + 110, top - 4), (x + 62, top - 16), (x + 62, top - 4)], "#f0e4cb")
    canvas.box(x + 12, top - 5, 100, 5, "#7a4a3a", 2)
    for spot in (x - 76, x - 44):
        canvas.arc(spot, top - 86, 12, 0, 360, INK, 3)
    canvas.line([(x - 64, top - 86), (x - 56, top - 86)], INK, 3)


def erhu(canvas, x, ground):
    """Standing upright: body, neck, two pegs, the bow beside it."""
    canvas.line([(x, ground), (x + 14, ground - 210)], "#5b2c1c", 7)
    canvas.line([(x + 4, ground - 6), (x + 15, ground - 180)], "#e8dcc2", 1.5)
    for y in (-196, -172):
        canvas.line([(x + 2, ground + y + 4), (x - 24, ground + y + 1)], "#3d1c12", 8)
    canvas.box(x - 27, ground - 20, 54, 40, "#6d2f1c", 9)
    canvas.disc(x - 8, ground, 14, "#d9c9a4", 16)
    canvas.line([(x + 34, ground + 14), (x + 44, ground - 168)], "#9a6a42", 4)
    canvas.line([(x + 39, ground + 12), (x + 47, ground - 162)], PALE, 2)
