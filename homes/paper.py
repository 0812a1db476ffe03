"""How much room words take on paper: a sheet that hangs on a wall has one page, whatever there is to say."""

from itertools import groupby
from math import ceil

NARROW = 0.6  # of the width of a Chinese character: a digit, a Latin letter, a space
INTERVALS = 3  # of a day that are told one by one


def ems(text):
    """The width of a text, in Chinese characters."""
    return sum(NARROW if letter.isascii() else 1 for letter in text)


def lines(text, wide):
    """How many lines of `wide` characters a text takes; an empty one takes none."""
    return sum(ceil(ems(part) / wide) or 1 for part in text.splitlines())


def weekly_hours(days):
    """The seven `Day`s of a week in as few lines as say it: [(星期一到星期五, [9:00–12:00, …])].

    A day that opens more often than anybody remembers is told from its first opening to its last closing.
    """
    found = []
    for hours, alike in groupby(days, key=_hours):
        first, *rest = alike
        last = f"到{rest[-1].label}" if rest[1:] else f"、{rest[0].label}" if rest else ""
        found.append((f"{first.label}{last}", hours))
    return found


def _hours(day):
    told = [f"{each.opens:%-H:%M}–{each.closes:%-H:%M}" for each in day.intervals]
    if len(told) > INTERVALS:
        return [f"{told[0].partition('–')[0]}–{told[-1].partition('–')[2]}", "中间有休息"]
    return told
