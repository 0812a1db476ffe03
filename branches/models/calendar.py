"""Which days are worked: holidays and the weekends that are worked instead, edited by the district once a year."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet

# {(month, day): name}, by 全国年节及纪念日放假办法 (2024); the others go by the moon
ALWAYS = {
    (1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节",
    (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节",
}  # fmt: skip


class CalendarDayQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q()  # one calendar for the whole district

    def holidays(self, first, last):
        """{day: name} of the days off between two days, both included, apart from plain weekends.

        Of a year that nobody has entered yet, those that are the same in every year.
        """
        known = dict(self.filter(day__range=(first, last), is_worked=False).values_list("day", "name"))
        always = {date(year, *day): name for year in self.years_open(first, last) for day, name in ALWAYS.items()}
        return known | {day: name for day, name in always.items() if first <= day <= last}

    def working_day_after(self, day, number):
        """The day that is `number` (1 to 250) working days after `day`: a deadline."""
        last = day + timedelta(days=2 * number + 30)  # more than any run of holidays takes out of it
        off = self.holidays(day, last)
        worked = set(self.filter(day__range=(day, last), is_worked=True).values_list("day", flat=True))
        following = (day + timedelta(days=step) for step in range(1, (last - day).days + 1))
        working = [each for each in following if each in worked or (each.weekday() < 5 and each not in off)]
        return working[number - 1]

    def working_days_between(self, first, last):
        """How many working days come after `first` up to `last`, that day included; 0 where it is not later."""
        off = self.holidays(first, last) if last > first else {}
        worked = set(self.filter(day__range=(first, last), is_worked=True).values_list("day", flat=True))
        following = (first + timedelta(days=step) for step in range(1, (last - first).days + 1))
        return sum(each in worked or (each.weekday() < 5 and each not in off) for each in following)

    def years_open(self, first, last):
        """The years between two days, both included, of which no day has been entered yet."""
        wanted = range(first.year, last.year + 1)
        entered = self.filter(day__year__range=(first.year, last.year)).values_list("day__year", flat=True)
        return sorted(set(wanted) - set(entered))


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
