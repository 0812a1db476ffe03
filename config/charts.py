"""Charts drawn by the server: from labels and numbers to lengths, in parts of the width and in lines of text.

Widths are parts of a hundred and heights are in the size of the letters, so that a chart is as wide as its reader's
screen and its writing as large as the rest of the page, whatever size is chosen.
"""

from itertools import groupby
from typing import NamedTuple

LONGEST = 72  # of a hundred: the rest is for the number behind the bar
LABEL_MOST = 9  # letters that fit a small screen in the largest text; the table beneath says all of it
ROW = 3.1  # lines of text that a bar and its label take


class Bar(NamedTuple):
    """A row: `words` is the number as it is said; `label_at`, `at` and `words_at` are heights, `length` a width."""

    label: str
    short: str
    words: str
    length: float
    label_at: float
    at: float
    words_at: float
    url: str = ""


class Bars(NamedTuple):
    bars: list
    height: float
    described: str


class Point(NamedTuple):
    """A moment: `x` and `y` in parts of a hundred, `y` from the top; `anchor` says where its writing stands."""

    label: str
    short: str
    words: str
    x: float
    y: float
    anchor: str
    is_named: bool  # below the line
    is_told: bool  # above the point


class Line(NamedTuple):
    points: list  # those that are known
    lines: list  # [(points of a polyline, points of the ground below it)], one for each stretch without a gap
    rows: list  # (label, words, change) for the table
    described: str


def bars(rows):
    """`rows` are (label, value or None where it is not to be drawn, words[, address])."""
    most = max((value or 0 for _label, value, *_ in rows), default=0) or 1
    drawn = [
        Bar(
            label,
            label if len(label) <= LABEL_MOST else f"{label[: LABEL_MOST - 1]}…",
            words,
            round(float((value or 0) / most * LONGEST), 2),
            round(number * ROW + 1, 2),
            round(number * ROW + 1.4, 2),
            round(number * ROW + 2.3, 2),
            *address,
        )
        for number, (label, value, words, *address) in enumerate(rows)
    ]
    return Bars(drawn, round(len(rows) * ROW, 2), _of_bars(rows))


def _of_bars(rows):
    drawn = [(value, label, words) for label, value, words, *_ in rows if value]
    if not drawn:
        return "还没有可以画的数字。"
    most = max(value for value, _label, _words in drawn)
    first = [label for value, label, _words in drawn if value == most]
    names = "、".join(first[:3]) + ("等" if len(first) > 3 else "")
    words = next(words for value, _label, words in drawn if value == most)
    return f"一共{len(rows)}条横线，一条一个地方。最多的是{names}，{words}。每个地方的数字都在下面的表格里。"


def line(rows):
    """`rows` are (label, short label, value or None where nothing is drawn, words, change), the oldest first."""
    values = [value for _label, _short, value, _words, _change in rows if value is not None]
    most = float(max(values, default=0)) or 1.0
    points = {
        number: Point(
            label,
            short,
            words,
            round((number + 0.5) / len(rows) * 100, 2),
            round(100 - float(value) / most * 100, 2),
            "start" if number == 0 else "end" if number == len(rows) - 1 else "middle",
            number in {0, len(rows) // 2, len(rows) - 1},
            False,
        )
        for number, (label, short, value, words, _change) in enumerate(rows)
        if value is not None
    }
    for number in {min(points), max(points)} if points else ():
        points[number] = points[number]._replace(is_told=True)
    stretches = [
        [points[number] for _place, number in stretch]
        for _gap, stretch in groupby(enumerate(points), lambda pair: pair[1] - pair[0])
    ]
    lines = [(_trace(stretch), _ground(stretch)) for stretch in stretches]
    table = [(label, words, change) for label, _short, _value, words, change in rows]
    return Line(list(points.values()), lines, table, _of_line(list(points.values())))


def _trace(points):
    return " ".join(f"{point.x},{point.y}" for point in points)


def _ground(points):
    return f"{points[0].x},100 {_trace(points)} {points[-1].x},100"


def _of_line(points):
    if not points:
        return "还没有可以画的数字。"
    first, last = points[0], points[-1]
    if first == last:
        return f"{last.label}是{last.words}。"
    return f"从{first.label}的{first.words}，到{last.label}的{last.words}。每个月的数字都在下面的表格里。"
