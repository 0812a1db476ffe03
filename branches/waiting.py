"""What waits for whom, told in one way: on the first page of the staff pages, and on that of the desk.

An app names in its `what_waits.py` what waits in it, as functions from a user to `Line`s, and its `AppConfig.ready`
registers them by `add_waiting`. A line leads to exactly the list that it counts; all lines are counted in one query.
"""

from typing import NamedTuple

from django.db.models import Count, IntegerField, QuerySet, Value

MOST = 1000  # of one sort are counted: what is beyond is no more work for today than that
WAITING = []  # (function, keys of the roles whose work it is first of all)


class Line(NamedTuple):
    """So many of something wait: `3份` `报到等着确认`. `rows` are scoped by `visible_to`, in any order; or a number,
    where what waits are no rows of one table. `overdue` comes first; `upkeep`, for which nobody waits, last.
    """

    rows: QuerySet | int
    unit: str
    label: str
    hint: str
    url: str
    overdue: bool = False
    upkeep: bool = False
    count: int = 0  # filled in by `lines_for`, at most MOST
    more: bool = False  # than `count`


class Part(NamedTuple):
    """A part of a list of the desk, told by its heading there, and by its label as a line; `?part=key` shows it alone.

    `page` names the address at which something is done about one of its rows.
    """

    key: str
    heading: str
    label: str
    what: str
    rows: QuerySet
    page: str = ""
    overdue: bool = False
    upkeep: bool = False

    def line(self, unit, address):
        url = f"{address}?part={self.key}"
        return Line(self.rows, unit, self.label, self.what, url, self.overdue, self.upkeep)


def part_named(parts, key):
    """The part with this key, or None."""
    return next((part for part in parts if part.key == key), None)


def add_waiting(function, *mainly):
    """Register `function(user) -> lines`: none of what this user could do nothing about. `mainly` are the roles that
    find its lines before others of the same urgency.
    """
    WAITING.append((function, {role.key for role in mainly}))


def lines_for(user):
    """What waits for this user, the most pressing first; None for somebody who is never asked for anything."""
    roles = {posting.role for posting in user.current_postings}
    asked = [(line, not roles & mainly) for function, mainly in WAITING for line in function(user)]
    if not asked:
        return None
    numbers = counted([line.rows for line, _later in asked])
    found = [
        (line._replace(count=min(numbers[number], MOST), more=numbers[number] > MOST), later)
        for number, (line, later) in enumerate(asked)
    ]
    shown = [(line, later) for line, later in found if line.count]
    shown.sort(key=lambda each: (not each[0].overdue, each[0].upkeep, each[1]))
    return [line for line, _later in shown]


def counted(asked):
    """{place in `asked`: how many, no further than to one more than MOST}, in one query. Each is counted by its keys:
    as often as a join meets a row, it is one."""
    parts = [
        rows.model._base_manager.filter(pk__in=rows.order_by().values("pk")[: MOST + 1])
        .order_by()
        .annotate(waiting_place=Value(place, IntegerField()))
        .values("waiting_place")
        .annotate(waiting_rows=Count("pk"))
        .values_list("waiting_place", "waiting_rows")
        for place, rows in enumerate(asked)
        if isinstance(rows, QuerySet)
    ]
    known = {place: 0 if isinstance(rows, QuerySet) else rows for place, rows in enumerate(asked)}
    return known | dict(parts[0].union(*parts[1:], all=True).order_by() if parts else ())
