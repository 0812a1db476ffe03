"""What sorts of things go on: a list the district edits."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from branches.access import ListQuerySet


class ActivityKind(models.Model):
    """A sort of activity, with what is usual for it: posting one starts from these."""

    slug = models.SlugField("网址代号", max_length=40, unique=True)
    name = models.CharField("种类", max_length=20, unique=True)
    sentence = models.CharField("说明", max_length=120, blank=True)
    usual_minutes = models.PositiveSmallIntegerField(
        "通常多少分钟", default=90, validators=[MinValueValidator(10), MaxValueValidator(600)]
    )
    usual_capacity = models.PositiveSmallIntegerField(
        "通常多少名额", null=True, blank=True, help_text="留空就是不限。", validators=[MinValueValidator(1)]
    )
    day_before_at = models.TimeField(
        "前一天几点截止报名", null=True, blank=True, help_text="例如用餐要提前备菜。留空就是开始前两小时截止。"
    )
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_archived = models.BooleanField("已归档", default=False)

    objects = ListQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="活动种类历史")

    class Meta:
        verbose_name = verbose_name_plural = "活动种类"
        ordering = ("order", "pk")

    def __str__(self):
        return self.name
