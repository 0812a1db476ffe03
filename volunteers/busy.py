"""What somebody has to do at a time: accepted orders, shifts, and what other apps tell (their sign-ups).

Whoever gives a volunteer something to do locks them first (`Volunteer.objects.locked`), or two would both find the
hour free.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from branches.transitions import IllegalTransition
from volunteers import telling
from volunteers.models import Assignment, Shift, ShiftPlace


@dataclass(frozen=True)
class Clash:
    """One thing somebody has at that time, in words: 早上护学 11月23日上午7:30到8:30."""

    what: str
    starts_at: datetime
    ends_at: datetime
    record: models.Model

    def __str__(self):
        return f"{self.what} {span(self.starts_at, self.ends_at)}"


@dataclass(frozen=True)
class Elsewhere:
    """What an app to the right of this one knows about the hours of people.

    `rows(starts_at, ends_at)` are what anybody has at that time, with a `person_key`; `clash(row)` is a Clash of it.
    """

    rows: callable
    clash: callable


ELSEWHERE = []  # filled by the apps when they are ready


def span(starts_at, ends_at):
    """11月23日上午7:30到8:30"""
    begins, ends = timezone.localtime(starts_at), timezone.localtime(ends_at)
    return f"{_day(begins)}{telling.hours(begins, ends)}"


def clashes(volunteer, starts_at, ends_at, *, apart_from=None):
    """What this person has between the two moments, the first one first; `apart_from` is a record that may stay.

    That is an assignment, a place in a shift, or a whole order or shift.
    """
    found = [
        Clash(str(row.order.category), row.visit_at, row.visit_ends_at, row)
        for row in _visits(starts_at, ends_at).filter(volunteer=volunteer).select_related("order__category")
    ]
    found += [
        Clash(str(row.shift.duty), row.shift.starts_at, row.shift.ends_at, row)
        for row in _places(starts_at, ends_at).filter(volunteer=volunteer).select_related("shift__duty")
    ]
    if volunteer.person_key:
        for each in ELSEWHERE:
            rows = each.rows(starts_at, ends_at).filter(person_key=volunteer.person_key)
            found += [each.clash(row) for row in rows]
    found = [each for each in found if apart_from is None or apart_from not in _names_of(each.record)]
    return sorted(found, key=lambda each: (each.starts_at, each.what))


def refuse_clash(volunteer, starts_at, ends_at, *, apart_from=None):
    """IllegalTransition where this person has something else at that time."""
    if found := clashes(volunteer, starts_at, ends_at, apart_from=apart_from):
        raise IllegalTransition(f"这个时间已经有别的事：{'、'.join(map(str, found))}。")


def with_clash(volunteers, starts_at, ends_at):
    """These volunteers, each with `is_busy`: whether they have anything between the two moments."""
    return volunteers.annotate(is_busy=reduce(or_, _things(starts_at, ends_at)))


def free(volunteers, starts_at, ends_at):
    """Those of them who have nothing between the two moments.

    Each thing is asked by itself: PostgreSQL makes a join of one question, and goes through the rows for an `or`.
    """
    return volunteers.filter(*(~each for each in _things(starts_at, ends_at)))


def _things(starts_at, ends_at):
    """One condition for each thing that a volunteer may have at that time."""
    yield Exists(_visits(starts_at, ends_at).filter(volunteer=OuterRef("pk")))
    yield Exists(_places(starts_at, ends_at).filter(volunteer=OuterRef("pk")))
    for each in ELSEWHERE:  # looked through once, not once a volunteer: no index there begins with the key
        rows = each.rows(starts_at, ends_at).exclude(person_key="")
        yield Q(person_key__in=rows.order_by().values("person_key"))


def _visits(starts_at, ends_at):
    return Assignment.objects.held().filter(visit_at__lt=ends_at, visit_ends_at__gt=starts_at)


def _places(starts_at, ends_at):
    shifts = Shift.objects.filter(status=Shift.Status.PLANNED, starts_at__lt=ends_at, ends_at__gt=starts_at)
    return ShiftPlace.objects.standing().filter(shift__in=shifts)


def _names_of(record):
    """The record, and the order or the shift that it is part of."""
    return [record, getattr(record, "order", None), getattr(record, "shift", None)]


def _day(moment):
    return f"{moment.month}月{moment.day}日"
