"""Dates on a sheet of paper: what comes every week is said once, the rest by day, as large as there is room."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from math import floor
from typing import NamedTuple

from django.utils import timezone

from activities import outbox
from homes.paper import lines

OFTEN = 3  # of a month or a course: then it is said as 每周三
WEEKDAYS = "一二三四五六日"
WHERE = 20  # letters of a place that is not the home
HEADING = 2  # lines
GAP = "；"  # between what is said of one activity and the next


class Size(NamedTuple):
    """How large the letters are: `name` for the style sheet (static/css/poster.css), characters on a line, the height
    of a line in millimetres, columns."""

    name: str
    wide: float
    high: float
    columns: int = 1

    def lines_in(self, room):
        return floor(room / self.high) * self.columns


SIZES = (Size("large", 24, 9.6), Size("middle", 30, 7.7), Size("close", 16, 6.45, columns=2))
ROOM, LESS_ROOM = 160, 138  # millimetres for the list; below a name of several lines


@dataclass
class Entry:
    """What is said under one label: of every Wednesday, or of one day."""

    label: str
    pieces: list[str] = field(default_factory=list)
    count: int = 0  # activities

    def lines(self, size, *more):
        return lines(f"{self.label} {GAP.join([*self.pieces, *more])}", size.wide)


class Sheet(NamedTuple):
    """A month as it is printed: `size` is the name of the letters, `left_out` counts what there was no room for."""

    size: str
    weekly: list[Entry]
    days: list[Entry]
    left_out: int

    @property
    def printed(self):
        return sum(entry.count for entry in (*self.weekly, *self.days))


def rhythms(activities):
    """What comes again on the same weekday at the same hours, and what does not: ([those alike], [the others])."""
    alike = defaultdict(list)
    for activity in activities:
        begins = timezone.localtime(activity.starts_at)
        alike[begins.weekday(), outbox.hours(activity), activity.title, activity.where].append(activity)
    often = [rows for _, rows in sorted(alike.items(), key=_in_a_week) if len(rows) >= OFTEN]
    told = {activity.pk for rows in often for activity in rows}
    return often, [activity for activity in activities if activity.pk not in told]


def _in_a_week(item):
    """Monday first, within a day the earliest."""
    (weekday, *_), rows = item
    return weekday, timezone.localtime(rows[0].starts_at).time(), rows[0].pk


def every_week(activity):
    """每周三"""
    return f"每周{_weekday(activity)}"


def dates(activities):
    """12月2日、9日、16日，1月6日"""
    days = [timezone.localdate(activity.starts_at) for activity in activities]
    months = groupby(days, key=lambda day: (day.year, day.month))
    return "，".join(f"{month}月{'、'.join(f'{day.day}日' for day in rows)}" for (_, month), rows in months)


def month_sheet(activities, now, room=ROOM):
    """The `Sheet` of a month's activities in their order, in the largest letters that hold all of them.

    Where even the smallest do not, what is over is left out first, then what comes last.
    """
    coming = [activity for activity in activities if activity.ends_at > now]
    for rows in (activities, coming or activities):
        for size in SIZES:
            sheet = _laid_out(rows, size, room)
            if not sheet.left_out:
                return sheet._replace(left_out=len(activities) - len(rows))
    return sheet._replace(left_out=len(activities) - len(rows) + sheet.left_out)


def _laid_out(activities, size, room):
    often, others = rhythms(activities)
    weekly, days, left, full = [], [], size.lines_in(room), False
    for rows in often:
        entry = Entry(every_week(rows[0]), [f"{_said(rows[0])}（{_days(rows)}）"], len(rows))
        left, full = _take(entry.lines(size) + (0 if weekly else HEADING), left, full)
        if not full:
            weekly.append(entry)
    for day, rows in groupby(others, key=lambda activity: timezone.localdate(activity.starts_at)):
        entry, taken = Entry(f"{day.day}日 周{WEEKDAYS[day.weekday()]}"), 0 if days else -HEADING
        for activity in rows:
            needed = entry.lines(size, _said(activity))
            left, full = _take(needed - taken, left, full)
            if not full:
                entry.pieces.append(_said(activity))
                entry.count += 1
                taken = needed
        if entry.count:
            days.append(entry)
    sheet = Sheet(size.name, weekly, days, 0)
    return sheet._replace(left_out=len(activities) - sheet.printed)


def _take(needed, left, full):
    """(the lines that are left, whether it was too much): once something has no room, nothing after it is printed."""
    return (left, True) if full or needed > left else (left - needed, False)


def _said(activity):
    """上午9:00 合唱班※（小巷 梧桐巷）: ※ where one has to put one's name down."""
    begins = outbox.clock(timezone.localtime(activity.starts_at))
    where = "" if activity.setting == activity.Setting.HOME else f"（{activity.where[:WHERE]}）"
    return f"{begins} {activity.title}{'※' if activity.takes_sign_up else ''}{where}"


def _days(activities):
    return f"{'、'.join(str(timezone.localdate(each.starts_at).day) for each in activities)}日"


def _weekday(activity):
    return WEEKDAYS[timezone.localdate(activity.starts_at).weekday()]
