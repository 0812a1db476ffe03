"""How long somebody has served: closed orders, shifts they stood in, activities they were at; each minute of it once.

Nobody is compared with anybody: there is a statement for one person, and no list of hours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from volunteers.models import Assignment, ServiceOrder, Shift, ShiftPlace


@dataclass(frozen=True)
class Row:
    """One thing somebody did, in words that name nobody else."""

    starts_at: datetime
    ends_at: datetime
    what: str
    where: str
    minutes: int

    @property
    def day(self):
        return timezone.localdate(self.starts_at)


@dataclass(frozen=True)
class Statement:
    """What one person did from a day to a day, both included."""

    first: date
    last: date
    rows: list

    @property
    def minutes(self):
        return sum(row.minutes for row in self.rows)

    @property
    def total(self):
        return in_words(self.minutes)


ELSEWHERE = []  # callables: rows of what a volunteer was at, told by the apps to the right when they are ready


def in_words(minutes):
    """3小时20分钟"""
    hours, rest = divmod(minutes, 60)
    return "".join([f"{hours}小时" if hours else "", f"{rest}分钟" if rest or not hours else ""])


def served(volunteer):
    """Everything that counts, the earliest first. What fell on something else that counts already, counts not again."""
    rows = [*_visits(volunteer), *_shifts(volunteer)]
    attended = [row for tell in ELSEWHERE for row in tell(volunteer)]
    for row in sorted(attended, key=lambda row: (row.starts_at, row.ends_at, row.what)):
        if not any(row.starts_at < other.ends_at and other.starts_at < row.ends_at for other in rows):
            rows.append(row)
    return sorted(rows, key=lambda row: (row.starts_at, row.what))


def statement(volunteer, first, last):
    """The rows of one period; a row belongs to the day on which it began."""
    return Statement(first, last, [row for row in served(volunteer) if first <= row.day <= last])


def _visits(volunteer) -> Iterable[Row]:
    done = Assignment.objects.filter(
        volunteer=volunteer, status=Assignment.Status.COMPLETED, order__status=ServiceOrder.Status.CLOSED
    )
    for row in done.select_related("order__category", "order__division"):
        at = row.visit_at or row.order.done_at
        ends_at = row.visit_ends_at or at
        yield Row(at, ends_at, str(row.order.category), row.order.division.short_name, row.minutes)


def _shifts(volunteer) -> Iterable[Row]:
    stood = ShiftPlace.objects.filter(
        volunteer=volunteer, status=ShiftPlace.Status.SERVED, shift__status=Shift.Status.PLANNED
    )
    for row in stood.select_related("shift__duty__team"):
        shift = row.shift
        yield Row(shift.starts_at, shift.ends_at, str(shift.duty), str(shift.duty.team), row.minutes)
