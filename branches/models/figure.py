"""Figures: as they were published, as they were counted on a day, and what explains the difference."""

from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from branches.access import ScopedQuerySet
from branches.models.appended import Appended


class PublishedFigureQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q()  # figures are public


class PublishedFigure(models.Model):
    """A number a report gave for the whole district on a day. Today's own count stands beside it, never over it."""

    key = models.SlugField("代号", max_length=40, allow_unicode=False)
    label = models.CharField("说明", max_length=80)
    value = models.DecimalField("数值", max_digits=14, decimal_places=2)
    unit = models.CharField("单位", max_length=8)
    at_least = models.BooleanField("是“以上、余、多”的约数", default=False)
    published_on = models.DateField("发布日期")
    source = models.CharField("来源", max_length=80)
    order = models.PositiveSmallIntegerField("顺序", default=0)

    objects = PublishedFigureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "已发布的数字"
        ordering = ("-published_on", "order")
        constraints = [models.UniqueConstraint(fields=("key", "published_on"), name="figure_once_a_day")]

    def __str__(self):
        return f"{self.label}（{self.published_on:%Y-%m-%d}）"


class SnapshotQuerySet(models.QuerySet):
    def of_months(self, first, last):
        """What was kept on the last such day of each month, from the day `first` to the day `last`."""
        kept = self.filter(taken_on__range=(first, last))
        ends = kept.order_by().annotate(month=TruncMonth("taken_on")).values("month").annotate(end=Max("taken_on"))
        return kept.filter(taken_on__in=ends.values("end"))


class FigureSnapshot(Appended):
    """What the records said on a day, of the district (no division) or of one street."""

    key = models.SlugField("代号", max_length=40, allow_unicode=False)
    division = models.ForeignKey(
        "branches.Division", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="街道"
    )
    taken_on = models.DateField("哪天数的")
    value = models.DecimalField("数值", max_digits=14, decimal_places=2)
    is_sample = models.BooleanField("示例数据", default=False)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "留下的数字"
        ordering = ("taken_on", "pk")
        constraints = [  # two, for nothing is unlike nothing in a database
            models.UniqueConstraint(
                fields=("taken_on", "key"), condition=Q(division=None), name="snapshot_of_district_once_a_day"
            ),
            models.UniqueConstraint(
                fields=("taken_on", "key", "division"),
                condition=Q(division__isnull=False),
                name="snapshot_of_street_once_a_day",
            ),
        ]

    def __str__(self):
        return f"{self.key}（{self.taken_on:%Y-%m-%d}）"


class FigureNote(Appended):
    """Why today's count is not what was published, in the district's words. The newest is shown, the older stay."""

    key = models.SlugField("代号", max_length=40, allow_unicode=False)
    words = models.CharField("说明", max_length=200)
    written_on = models.DateField("哪天写的", default=timezone.localdate)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁写的")

    class Meta:
        verbose_name = verbose_name_plural = "数字的说明"
        ordering = ("-written_on", "-pk")

    def __str__(self):
        return f"{self.key}（{self.written_on:%Y-%m-%d}）"
