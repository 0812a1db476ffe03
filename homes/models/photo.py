"""Photographs of a home. Only re-encoded pictures are kept: see homes/photos.py."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet


class PhotoQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q(home__in=self.model.home.field.related_model.objects.visible_to(user))

    def shown(self):
        return self.filter(is_archived=False)


class Photo(models.Model):
    """One photograph in two sizes, both WebP without metadata, under generated names."""

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="photos", verbose_name="家")
    large = models.ImageField("大图", upload_to="photos", width_field="width", height_field="height", editable=False)
    small = models.ImageField("小图", upload_to="photos", editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField("图片说明", max_length=80, help_text="照片里有什么？读给看不见的人听。")
    order = models.PositiveSmallIntegerField("顺序", default=0, help_text="数字小的在前，第一张是封面。")
    is_archived = models.BooleanField("收起", default=False, help_text="收起后居民看不到，照片仍然保留。")
    is_sample = models.BooleanField("示例图", default=False)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = PhotoQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="照片历史")

    class Meta:
        verbose_name = verbose_name_plural = "照片"
        ordering = ("order", "pk")

    def __str__(self):
        return self.alt
