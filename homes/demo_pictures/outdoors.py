"""Sky, hills, towers, the house and the trees around it."""

from math import cos, pi, sin

from homes.demo_pictures.canvas import DEEP, GINKGO, GOLD, HEIGHT, INK, RED, WIDTH, WOOD, mixed

WALLS = ("#fbf4e6", "#f6ead2", "#f2e4cf", "#fdf8ee")
ROOFS = (("#5b5f63", "#474b4f"), ("#7a4a3a", "#623a2d"), ("#4f5d58", "#3d4945"))


def sun_and_clouds(canvas, sun, sky):
    rng = canvas.rng
    x, y = rng.randint(180, 1020), rng.randint(90, 170)
    for across, share in ((120, 0.8), (88, 0.55), (58, 0.0)):
        canvas.disc(x, y, across, mixed(sun, sky, share))
    for _ in range(3):
        cx, cy, size = rng.randint(60, 1140), rng.randint(50, 190), rng.uniform(0.7, 1.25)
        white = mixed("#ffffff", sky, 0.25)
        for dx, dy, across in ((-55, 8, 34), (-15, -10, 46), (35, -2, 40), (70, 12, 26)):
            canvas.disc(cx + dx * size, cy + dy * size, across * size, white)
        canvas.box(cx - 88 * size, cy + 8 * size, 184 * size, 30 * size, white, 15 * size)


def hills(canvas, base, rise, colour):
    first, second = canvas.rng.uniform(0, 2 * pi), canvas.rng.uniform(0, 2 * pi)
    ridge = [
        (x, base - rise * sin(x / 260 + first) - rise * 0.45 * sin(x / 97 + second)) for x in range(0, WIDTH + 20, 10)
    ]
    canvas.area([*ridge, (WIDTH + 10, 540), (0, 540)], colour)


def towers(canvas, colour, light):
    rng = canvas.rng
    x = rng.randint(-20, 60)
    while x < WIDTH:
        width, high = rng.randint(46, 80), rng.randint(90, 210)
        canvas.box(x, 470 - high, width, high, colour)
        for floor in range(482 - high, 460, 22):
            for window in range(int(x) + 9, int(x + width) - 12, 16):
                canvas.box(window, floor, 8, 11, mixed(colour, light, rng.choice((0.25, 0.55))))
        x += width + rng.choice((8, 14, 40, 130))


def house(canvas, middle):
    """A white house with a tiled roof, of one or two storeys."""
    rng = canvas.rng
    wall, tiles = rng.choice(WALLS), rng.choice(ROOFS)
    half, floor = rng.randint(235, 275), 620
    canvas.area(
        [
            (middle - half - 50, floor + 16),
            (middle + half + 50, floor + 16),
            (middle + half + 90, floor + 34),
            (middle - half - 90, floor + 34),
        ],
        "#c3a678",
    )
    if rng.random() < 0.4:
        upper = half - 60
        canvas.box(middle - upper, 262, 2 * upper, 150, wall)
        for step in (-1, 0, 1):
            _lattice(canvas, middle + step * upper * 0.62 - 43, 300, 86, 62)
        _roof(canvas, middle, upper, 262, 92, tiles)
        _roof(canvas, middle, half, 410, 44, tiles)
        wall_top = 410
    else:
        wall_top = 395
        _roof(canvas, middle, half, wall_top, 130, tiles)
    left = middle - half
    canvas.box(left, wall_top + 18, 2 * half, floor - wall_top - 18, wall)
    canvas.box(left, wall_top + 18, 2 * half, 10, mixed(wall, INK, 0.25))
    canvas.box(left, floor - 46, 2 * half, 46, mixed(wall, "#8d8579", 0.5))
    for x in (left + 32, middle + half - 32 - 110):
        _lattice(canvas, x, wall_top + 64, 110, 88)
    _door(canvas, middle, floor)
    for x in (middle - 132, middle + 132):
        lantern(canvas, x, wall_top + 38)


def _roof(canvas, middle, half, eaves, rise, tiles):
    """Slopes with rows of tiles, a ridge, and eaves that turn up."""
    roof, ridge = tiles
    peak, inset = eaves - rise, rise * 0.72
    top, foot = half + 20 - inset, half + 52
    canvas.area(
        [
            (middle - half - 62, eaves + 18),
            (middle - half - 20, eaves - 12),
            (middle - top, peak + 10),
            (middle + top, peak + 10),
            (middle + half + 20, eaves - 12),
            (middle + half + 62, eaves + 18),
        ],
        roof,
    )
    rows = round(foot / 12)
    for row in range(-rows + 2, rows - 1):
        share = row / rows
        canvas.line([(middle + share * top, peak + 14), (middle + share * foot, eaves + 12)], ridge, 3)
    canvas.box(middle - top - 14, peak - 6, 2 * top + 28, 20, ridge, 8)
    canvas.line(
        [
            (middle - half - 74, eaves + 4),
            (middle - half - 40, eaves + 18),
            (middle + half + 40, eaves + 18),
            (middle + half + 74, eaves + 4),
        ],
        ridge,
        12,
    )


def _lattice(canvas, x, y, width, height):
    canvas.box(x - 8, y - 8, width + 16, height + 16, WOOD, 3)
    canvas.box(x, y, width, height, "#fbe7b4")
    for step in range(1, 4):
        canvas.line([(x + width * step / 4, y), (x + width * step / 4, y + height)], WOOD, 4)
    for step in range(1, 3):
        canvas.line([(x, y + height * step / 3), (x + width, y + height * step / 3)], WOOD, 4)
    canvas.box(x - 14, y + height + 8, width + 28, 10, mixed(WOOD, INK, 0.25), 3)


def _door(canvas, middle, floor):
    canvas.box(middle - 78, floor - 178, 156, 178, mixed(DEEP, INK, 0.2))
    for side in (-1, 1):
        x = middle - 68 if side < 0 else middle + 3
        canvas.box(x, floor - 168, 65, 168, RED)
        canvas.box(x + 9, floor - 154, 47, 62, mixed(RED, DEEP, 0.5), 3)
        canvas.box(x + 9, floor - 80, 47, 62, mixed(RED, DEEP, 0.5), 3)
        canvas.disc(middle + side * 12, floor - 86, 5, GOLD)
        canvas.box(middle + side * 96 - 13, floor - 172, 26, 130, RED, 2)
        for stroke in range(5):
            canvas.box(middle + side * 96 - 7, floor - 162 + stroke * 24, 14, 12, mixed(GOLD, RED, 0.15), 3)
    canvas.box(middle - 92, floor - 214, 184, 34, DEEP, 4)
    ginkgo_leaf(canvas, middle, floor - 186, 26, GOLD)
    canvas.box(middle - 98, floor, 196, 16, "#d8ccb8")
    canvas.area([(middle + 98, floor), (middle + 98, floor + 16), (middle + 236, floor + 16)], "#cabda6")
    canvas.line([(middle + 104, floor - 46), (middle + 228, floor - 22)], INK, 4)
    for x, y in ((108, -46), (166, -34), (224, -23)):
        canvas.line([(middle + x, floor + y), (middle + x, floor + 14)], INK, 4)
    canvas.area(
        [(middle - 90, floor + 16), (middle + 90, floor + 16), (middle + 190, HEIGHT), (middle - 190, HEIGHT)],
        "#e9dcc0",
    )
    for row, y in enumerate((floor + 44, floor + 84, floor + 134)):
        spread = 104 + row * 30
        canvas.line([(middle - spread, y), (middle + spread, y)], "#d3c19c", 3)


def lantern(canvas, x, y):
    canvas.line([(x, y - 22), (x, y)], INK, 2)
    canvas.box(x - 11, y - 2, 22, 6, GOLD, 2)
    canvas.disc(x, y + 24, 25, "#c2331f", 21)
    canvas.disc(x, y + 24, 12, "#d6513a", 21)
    canvas.box(x - 11, y + 42, 22, 6, GOLD, 2)
    canvas.line([(x, y + 48), (x, y + 64)], GOLD, 4)


def tree(canvas, x, ground, size, palette):
    """A trunk and a crown of overlapping discs, lighter towards the sun."""
    rng = canvas.rng
    canvas.disc(x, ground + 2, 74 * size, "#b99f70", 13 * size)
    canvas.area(
        [
            (x - 14 * size, ground),
            (x - 7 * size, ground - 190 * size),
            (x + 7 * size, ground - 190 * size),
            (x + 15 * size, ground),
        ],
        "#6d5138",
    )
    for lean in (-1, 1):
        canvas.line([(x, ground - 130 * size), (x + lean * 52 * size, ground - 200 * size)], "#6d5138", 9 * size)
    for layer, colour in enumerate((palette[2], palette[0], palette[1], palette[3])):
        for _ in range(15 - 3 * layer):
            angle, reach = rng.uniform(0, 2 * pi), rng.uniform(0, 1) ** 0.6
            across = rng.uniform(26, 44) * size * (1 - layer * 0.17)
            canvas.disc(
                x + (cos(angle) * reach * 92 - layer * 9) * size,
                ground + (-235 + sin(angle) * reach * 82 - layer * 13) * size,
                across,
                colour,
            )


def ginkgo_leaf(canvas, x, y, size, colour, turn=0.0):
    """A fan with a notch and a stalk; `turn` in radians."""
    fan = [(0, 0)]
    for step in range(13):
        angle = pi * (1.12 + 0.76 * step / 12)
        reach = 1 - (0.3 if step == 6 else 0.06 * (step % 2))
        fan.append((cos(angle) * reach, sin(angle) * reach))
    stalk = [(0, 0), (0.06, 0.5)]
    canvas.area([_turned(x, y, size, point, turn) for point in fan], colour)
    canvas.line([_turned(x, y, size, point, turn) for point in stalk], colour, max(1.5, size * 0.09))


def _turned(x, y, size, point, turn):
    px, py = point
    return x + (px * cos(turn) - py * sin(turn)) * size, y + (px * sin(turn) + py * cos(turn)) * size


def fallen_leaves(canvas):
    rng = canvas.rng
    for _ in range(70):
        y = rng.triangular(600, 795, 780)
        ginkgo_leaf(canvas, rng.uniform(0, WIDTH), y, 5 + (y - 600) / 26, rng.choice(GINKGO), rng.uniform(0, 2 * pi))
