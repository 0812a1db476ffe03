"""Which days are worked: holidays and the weekends that are worked instead, edited by the district once a year."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet


class CalendarDayQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q()  # one calendar for the whole district

    def holidays(self, first, last):
        """The days off between two days, both included, apart from plain weekends."""
        return set(self.filter(day__range=(first, last), is_worked=False).values_list("day", flat=True))


class CalendarDay(models.Model):
    """A day that differs from its weekday: off in a week, or worked at a weekend (调休)."""

    day = models.DateField("日期", unique=True)
    is_worked = models.BooleanField("上班", default=False, help_text="勾上就是调休上班，不勾就是放假。")
    name = models.CharField("为什么", max_length=20, help_text="例如国庆节。")

    objects = CalendarDayQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="放假安排历史")

    class Meta:
        verbose_name = verbose_name_plural = "放假安排"
        ordering = ("day",)

    def __str__(self):
        return f"{self.day:%Y-%m-%d} {self.name}"


def working_days_after(day, count):
    """The day that lies `count` working days after `day`, which itself does not count."""
    kept = dict(
        CalendarDay.objects.filter(day__gt=day, day__lte=day + timedelta(days=366)).values_list("day", "is_worked")
    )
    while count:
        day += timedelta(days=1)
        count -= kept.get(day, day.weekday() < 5)
    return day
