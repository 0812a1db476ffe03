"""A house of seven floors with a lift on its front: being renewed behind a scaffold, or in use."""

from homes.demo_pictures.canvas import WOOD

FLOORS, LEFT, RIGHT, GROUND, STOREY = 7, 330, 890, 660, 76
WALL, SHADE, GLASS, STEEL = "#f3e6d0", "#dcc9a8", "#b9d3d9", "#8f9aa0"
LAMP, DARK = "#ffe2a0", "#5f4a3a"


def building(canvas, *, finished):
    """The house in the middle of the picture."""
    top = GROUND - FLOORS * STOREY - 30
    canvas.box(LEFT, top, RIGHT - LEFT, GROUND - top, WALL)
    canvas.box(LEFT - 16, top - 18, RIGHT - LEFT + 32, 22, "#a6503f")
    for floor in range(FLOORS):
        y = GROUND - (floor + 1) * STOREY
        canvas.box(LEFT, y + STOREY - 8, RIGHT - LEFT, 5, SHADE)
        for x in (LEFT + 34, LEFT + 128, RIGHT - 204, RIGHT - 110):
            lit = canvas.rng.random() < 0.4
            canvas.box(x, y + 14, 74, 44, LAMP if lit else GLASS)
            canvas.line([(x + 37, y + 14), (x + 37, y + 58)], WALL, 4)
    _lift(canvas, top, finished=finished)
    if not finished:
        _scaffold(canvas, top)


def _lift(canvas, top, *, finished):
    middle = (LEFT + RIGHT) // 2
    canvas.box(middle - 62, top - 40, 124, GROUND - top + 40, "#e2eef0" if finished else "#cfc6b8")
    for y in range(top - 40, GROUND, STOREY):
        canvas.line([(middle - 62, y), (middle + 62, y)], STEEL, 4)
    if finished:
        canvas.box(middle - 44, GROUND - 2 * STOREY - 6, 88, STOREY - 10, LAMP)
        canvas.box(middle - 40, GROUND - 68, 80, 68, DARK)
        canvas.line([(middle, GROUND - 66), (middle, GROUND)], LAMP, 4)
        canvas.box(middle - 170, GROUND + 26, 96, 10, WOOD)
        for x in (middle - 148, middle - 104):
            canvas.disc(x, GROUND - 4, 26, "#d8a47f")
            canvas.box(x - 16, GROUND + 8, 32, 26, "#941a12" if x < middle - 120 else "#1b4878", radius=8)


def _scaffold(canvas, top):
    for x in range(LEFT + 170, RIGHT - 140, 62):
        canvas.line([(x, top - 60), (x, GROUND + 8)], STEEL, 6)
    for y in range(top - 40, GROUND, STOREY):
        canvas.line([(LEFT + 160, y), (RIGHT - 150, y)], STEEL, 6)
    canvas.box(LEFT + 170, GROUND - 190, 380, 92, "#0b5639")
