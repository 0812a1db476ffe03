"""What was: a few words and pictures of an activity that is over. How many came is counted from the sign-ups."""

from django.db import models
from simple_history.models import HistoricalRecords

from activities.models.scope import OfActivityQuerySet


class RecapQuerySet(OfActivityQuerySet):
    def public(self):
        return self.filter(activity__status="finished")


class Recap(models.Model):
    """活动回顾. `others` are people nobody wrote down, as at an open-air talk."""

    activity = models.OneToOneField("activities.Activity", models.PROTECT, related_name="recap", verbose_name="活动")
    words = models.TextField("活动回顾", max_length=2000)
    others = models.PositiveSmallIntegerField("没有签到的人数", default=0)
    created_by = models.ForeignKey(
        "branches.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="谁写的"
    )
    is_sample = models.BooleanField("示例数据", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects = RecapQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="回顾历史")

    class Meta:
        verbose_name = verbose_name_plural = "活动回顾"
        ordering = ("-activity__starts_at",)

    def __str__(self):
        return f"{self.activity}的回顾"

    @property
    def head_count(self):
        """How many came."""
        return self.activity.sign_ups.filter(status="attended").count() + self.others


class RecapPhotoQuerySet(OfActivityQuerySet):
    place_path = "recap__activity__"
    division_path = "recap__activity__division"
    branch_path = "recap__activity__branch"

    def shown(self):
        return self.filter(is_archived=False)

    def public(self):
        """What residents may open."""
        return self.shown().filter(recap__activity__status="finished")


class RecapPhoto(models.Model):
    """One photograph in two sizes, re-encoded by homes/photos.py."""

    recap = models.ForeignKey(Recap, models.PROTECT, related_name="photos", verbose_name="活动回顾")
    large = models.ImageField("大图", upload_to="recaps", width_field="width", height_field="height", editable=False)
    small = models.ImageField("小图", upload_to="recaps", editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField("图片说明", max_length=80, help_text="照片里有什么？读给看不见的人听。")
    is_archived = models.BooleanField("收起", default=False)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = RecapPhotoQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="回顾照片历史")

    class Meta:
        verbose_name = verbose_name_plural = "回顾照片"
        ordering = ("pk",)

    def __str__(self):
        return self.alt
