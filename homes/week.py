"""The coming seven days of a home as a reader asks for them: which day, open when, or why not."""

from dataclasses import dataclass
from datetime import date, timedelta

from homes.models.hours import Weekday, on_day


@dataclass(frozen=True)
class Day:
    """One day. `intervals` have `opens` and `closes`; none means closed, or that nobody has said, where it is not
    known. `reason`: why it differs from the usual.
    """

    date: date
    intervals: list
    reason: str
    today: bool
    is_known: bool

    @property
    def label(self):
        return Weekday(self.date.weekday()).label


def next_opening(home, at):
    """When the door opens next on a day after that of the local moment `at`, in words: 明天8:30, 星期三9:00.

    "" where that is not within a week, or not known. `home` is from `with_opening`.
    """
    today = at.date()
    for day in week(home.weekly, home.special, today)[1:]:
        if day.intervals:
            near = {1: "明天", 2: "后天"}.get((day.date - today).days, day.label)
            return f"{near}{day.intervals[0].opens:%-H:%M}"
    return ""


def in_short(hours):
    """The usual week in a line: 星期一到星期五 8:30–17:30，星期六 9:00–12:00. "" where it is not known."""
    by_day, by_times = {}, {}
    for row in sorted(hours, key=lambda row: (row.weekday, row.opens)):
        by_day.setdefault(row.weekday, []).append(f"{row.opens:%-H:%M}–{row.closes:%-H:%M}")
    for day, times in by_day.items():
        by_times.setdefault("、".join(times), []).append(day)
    return "，".join(f"{_days(days)} {times}" for times, days in by_times.items())


def _days(days):
    """星期一到星期五、星期日"""
    runs = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    if runs == [list(Weekday)]:
        return "每天"
    labels = [[Weekday(day).label for day in run] for run in runs]
    return "、".join(f"{run[0]}到{run[-1]}" if len(run) > 2 else "、".join(run) for run in labels)


def week(hours, exceptions, first, today=None):
    """Seven `Day`s from the day `first`: the weekly rule, and exceptions where there are any. `today` is marked.

    `hours` and `exceptions` are the rows of one home. Returns [] where no hours are known at all.
    """
    hours, exceptions = list(hours), list(exceptions)
    if not hours and not exceptions:
        return []
    days = (first + timedelta(days=offset) for offset in range(7))
    told = ((day, *on_day(hours, exceptions, day)) for day in days)
    return [Day(day, rows, reason, day == today, bool(hours or reason)) for day, rows, reason in told]
