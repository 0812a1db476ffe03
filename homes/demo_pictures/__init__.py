"""Pictures for the sample homes: warm, flat scenes drawn here, so that a demo needs no photograph of any real place."""

from random import Random

from homes.demo_pictures.building import building
from homes.demo_pictures.canvas import CAMPHOR, GINKGO, HEIGHT, WIDTH, WOOD, Canvas, mixed
from homes.demo_pictures.indoors import potted_plant, scroll, shelf, table, window
from homes.demo_pictures.outdoors import fallen_leaves, hills, house, lantern, sun_and_clouds, towers, tree

SKIES = (  # (name, top, bottom, sun, far hill, near hill)
    ("清晨", "#f7d9b5", "#fdf1dc", "#fff3cf", "#c9cdb8", "#a9b795"),
    ("晴天", "#bcdcea", "#f3f3e3", "#fff6d8", "#b3c9bd", "#93b08f"),
    ("傍晚", "#f0b48c", "#fbe3bd", "#ffe2a0", "#c6a58f", "#9c8a72"),
    ("雨后", "#c4d3d3", "#eef0e4", "#fbfaee", "#b2c2bd", "#8ca596"),
)

# what stands on the table, as the alternative text says it; a theme without things of its own has cups and leaves
THINGS = {
    "brush": "桌上铺着纸笔",
    "tea": "桌上一壶热茶",
    "erhu": "椅子旁靠着一把二胡",
    "book": "桌上放着几本书",
    "ginkgo": "桌上几杯茶、几片银杏叶",
}
TEACUPS = "桌上几杯茶"
WORKS = "works"  # what neighbours have built together


def draw(mark, seed, *, indoors=False):
    """Return (picture, alt): a Pillow image of 1200 × 800, and a sentence that says what it shows.

    `mark` is a `Theme.Mark`, what stands in the foreground follows from it; or `WORKS`, indoors when they are done.
    """
    canvas = Canvas(Random(f"{mark} {seed} {indoors}"))  # noqa: S311 - a picture, not a secret
    words = works(canvas, indoors=indoors) if mark == WORKS else room(canvas, mark) if indoors else yard(canvas, mark)
    return canvas.finished(), f"示例图：{words}"


def yard(canvas, mark):
    """A courtyard under hills: the house, trees, a path, and the theme's own things."""
    rng = canvas.rng
    name, top, bottom, sun, far, near = rng.choice(SKIES)
    canvas.fade(top, bottom, 0, 520)
    sun_and_clouds(canvas, sun, top)
    hills(canvas, 330, 60, far)
    towers(canvas, mixed(far, bottom, 0.35), bottom)
    hills(canvas, 410, 45, near)
    canvas.fade("#e6d3ab", "#d9bf8f", 500, HEIGHT)
    canvas.area([(0, 500), (WIDTH, 500), (WIDTH, 545), (0, 560)], mixed(near, "#6f8a55", 0.45))
    golden = mark == "ginkgo" or rng.random() < 0.65
    left = rng.random() < 0.5
    middle = 700 if left else 500
    tree(canvas, 150 if left else 1050, 600, 1.0, CAMPHOR)
    house(canvas, middle)
    tree(canvas, 130 if left else 1070, 690, 1.35, GINKGO if golden else CAMPHOR)
    tree(canvas, 1130 if left else 60, 640, 0.9, CAMPHOR if golden else GINKGO)
    if golden:
        fallen_leaves(canvas)
    table(canvas, 300 if left else 900, 660, mark)
    return f"{name}的小院，白墙红门，门前{'银杏金黄' if golden else '树影正浓'}，{THINGS.get(mark, TEACUPS)}。"


def works(canvas, *, indoors):
    """A house of many floors whose lift is renewed; afterwards with the lamps on."""
    name, top, bottom, sun, far, near = canvas.rng.choice(SKIES)
    canvas.fade(top, bottom, 0, 640)
    sun_and_clouds(canvas, sun, top)
    hills(canvas, 430, 50, far)
    towers(canvas, mixed(far, bottom, 0.35), bottom)
    canvas.fade("#e6d3ab", "#d9bf8f", 640, HEIGHT)
    canvas.area([(0, 620), (WIDTH, 620), (WIDTH, 660), (0, 672)], mixed(near, "#6f8a55", 0.45))
    building(canvas, finished=indoors)
    tree(canvas, 150, 690, 1.1, CAMPHOR)
    tree(canvas, 1070, 700, 1.25, GINKGO)
    return f"{name}的小区，楼前{'新电梯亮着灯，门口坐着歇脚的人' if indoors else '搭着架子，正在换电梯'}。"


def room(canvas, mark):
    """A sunny room: a window, scrolls on the wall, a table and chairs, and the theme's own things."""
    rng = canvas.rng
    wall = rng.choice(("#f6ead2", "#efe3cd", "#e9e6d3", "#f4e2cf"))
    canvas.fade("#fffaf0", wall, 0, 560)
    canvas.box(0, 380, WIDTH, 180, mixed(wall, "#8f6f4c", 0.32))
    canvas.box(0, 374, WIDTH, 10, WOOD)
    canvas.fade("#c99e6a", "#b4854f", 560, HEIGHT)
    for slant in range(-6, 26):
        canvas.line([(slant * 60, 560), (slant * 110 - 440, HEIGHT)], "#b98c58", 2)
    window(canvas, 430, rng.choice(SKIES))
    canvas.area([(330, HEIGHT), (500, 590), (760, 590), (700, HEIGHT)], "#d8b17b")
    scroll(canvas, 150)
    scroll(canvas, 260)
    shelf(canvas, 900)
    for x in (380, 820):
        lantern(canvas, x, 60)
    table(canvas, 600, 640, mark)
    potted_plant(canvas, 90, 640)
    return f"明亮的活动室，窗外有树，墙上挂着字画，{THINGS.get(mark, TEACUPS)}。"
