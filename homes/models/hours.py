"""When a home is open: a weekly rule, and dated exceptions that beat it.

Times are wall-clock times in the site's time zone; an interval holds from `opens` up to, not including, `closes`.
"""

from datetime import date, time
from functools import lru_cache
from typing import NamedTuple

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet
from homes.models import lines


class HoursQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q(home__in=self.model.home.field.related_model.objects.visible_to(user))


class Weekday(models.IntegerChoices):
    MONDAY = 0, gettext_noop("星期一")
    TUESDAY = 1, gettext_noop("星期二")
    WEDNESDAY = 2, gettext_noop("星期三")
    THURSDAY = 3, gettext_noop("星期四")
    FRIDAY = 4, gettext_noop("星期五")
    SATURDAY = 5, gettext_noop("星期六")
    SUNDAY = 6, gettext_noop("星期日")


class OpeningHours(models.Model):
    """One interval of the weekly rule. A day may have several, which do not overlap."""

    home = models.ForeignKey("homes.Home", models.CASCADE, related_name="hours", verbose_name="家")
    weekday = models.PositiveSmallIntegerField("星期", choices=Weekday)
    opens = models.TimeField("开门")
    closes = models.TimeField("关门")

    objects = HoursQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="开放时间历史")

    class Meta:
        verbose_name = verbose_name_plural = "开放时间"
        ordering = ("weekday", "opens")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__gte=0, weekday__lte=6), name="hours_weekday_exists"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="hours_close_after_open",
                violation_error_message="关门时间要晚于开门时间。",
            ),
            models.UniqueConstraint(fields=("home", "weekday", "opens"), name="hours_once"),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class OpeningException(models.Model):
    """Days that differ from the weekly rule: closed for a holiday, or open for these hours instead."""

    home = models.ForeignKey("homes.Home", models.CASCADE, related_name="exceptions", verbose_name="家")
    first_day = models.DateField("从")
    last_day = models.DateField("到", help_text="只有一天就填同一天。")
    opens = models.TimeField("开门", null=True, blank=True, help_text="两个时间都留空，就是这几天不开放。")
    closes = models.TimeField("关门", null=True, blank=True)
    reason = models.CharField("原因", max_length=60, help_text="写给居民看，例如：国庆节休息。")

    objects = HoursQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="特殊安排历史")

    class Meta:
        verbose_name = verbose_name_plural = "特殊安排"
        ordering = ("first_day", "opens")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="exception_ends_after_it_begins",
                violation_error_message="结束那天不能早于开始那天。",
            ),
            models.CheckConstraint(
                condition=Q(opens=None, closes=None)
                | Q(opens__isnull=False, closes__isnull=False, closes__gt=F("opens")),
                name="exception_hours_whole",
                violation_error_message="开门、关门时间要么都填（关门晚于开门），要么都不填（不开放）。",
            ),
        ]

    def __str__(self):
        days = f"{self.first_day:%m-%d}" + (f" 至 {self.last_day:%m-%d}" if self.last_day != self.first_day else "")
        return f"{days} {self.reason}"

    @property
    def is_closed(self):
        return self.opens is None


# --- the same as it is read with a home: HomeQuerySet.with_opening
class Interval(NamedTuple):
    """What one of `OpeningHours` says."""

    weekday: int
    opens: time
    closes: time


class Arrangement(NamedTuple):
    """What an `OpeningException` says."""

    first_day: date
    last_day: date
    opens: time | None
    closes: time | None
    reason: str

    @property
    def is_closed(self):
        return self.opens is None


class Opening(NamedTuple):
    """What a door tells at a moment."""

    is_known: bool  # whether anybody has said when it is open, usually or this day
    reason: str  # why it stays shut all of a day that differs from the usual; "" on any other day
    until: time | None  # when it closes; None while it is closed
    later: time | None  # when it opens again this day, if it does


@lru_cache(1000)  # many homes have the same hours
def read_weekly(text):
    """The lines of `with_opening` as `Interval`s, in order."""
    rows = lines.read(text)
    return tuple(sorted(Interval(day, clock(opens), clock(closes)) for day, opens, closes in rows))


@lru_cache(1000)
def read_special(text):
    """The lines of `with_opening` as `Arrangement`s, in order."""
    rows = (
        Arrangement(date.fromisoformat(first), date.fromisoformat(last), clock(opens), clock(closes), reason)
        for first, last, opens, closes, reason in lines.read(text)
    )
    return tuple(sorted(rows, key=lambda row: (row.first_day, row.opens or time.min)))


def clock(text):
    return time.fromisoformat(text) if text else None


def on_day(hours, exceptions, day):
    """(the intervals of a day in order, why it differs from the usual or ""), of the rows of one home."""
    special = [row for row in exceptions if row.first_day <= day <= row.last_day]
    rows = special or [row for row in hours if row.weekday == day.weekday()]
    intervals = sorted((row for row in rows if row.opens is not None), key=lambda row: row.opens)
    return intervals, special[0].reason if special else ""


def at_clock(intervals, moment):
    """(when the door closes, when it opens again) at a time of the day that has these intervals; None for never."""
    until = next((row.closes for row in intervals if row.opens <= moment < row.closes), None)
    return until, next((row.opens for row in intervals if row.opens > moment), None)
