"""Figures that were once published, kept as they were printed."""

from django.db import models

from branches.access import ScopedQuerySet


class PublishedFigureQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return models.Q()  # figures are public


class PublishedFigure(models.Model):
    """A number a report gave for the whole district on a day. Today's own count stands beside it, never over it."""

    key = models.SlugField("代号", max_length=40, allow_unicode=False)
    label = models.CharField("说明", max_length=80)
    value = models.BigIntegerField("数值")
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
