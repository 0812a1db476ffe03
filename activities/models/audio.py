"""The audio library (有声图书馆): recordings to listen to."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from homes.models.scope import AtPlaceQuerySet


class AudioItemQuerySet(AtPlaceQuerySet):
    branch_path = None

    def public(self):
        return self.filter(is_public=True)


class AudioItem(models.Model):
    """One recording with its reader, its length and its words."""

    slug = models.SlugField("网址代号", max_length=60, unique=True)
    title = models.CharField("题目", max_length=80)
    reader = models.CharField("朗读的人", max_length=40, help_text="公开显示，请先征得同意。")
    home = models.ForeignKey(
        "homes.Home", models.PROTECT, null=True, blank=True, related_name="recordings", verbose_name="哪个家录的"
    )
    theme = models.ForeignKey(
        "homes.Theme", models.PROTECT, null=True, blank=True, related_name="recordings", verbose_name="主题"
    )
    division = models.ForeignKey(
        "branches.Division", models.PROTECT, related_name="recordings", verbose_name="所在区划"
    )
    seconds = models.PositiveIntegerField("长度（秒）", validators=[MinValueValidator(1)], editable=False)
    file = models.FileField("录音", upload_to="audio", max_length=120, editable=False)
    media_type = models.CharField("类型", max_length=20, editable=False)
    transcript = models.TextField("文字稿", max_length=20000)
    is_public = models.BooleanField("公开", default=False)
    is_sample = models.BooleanField("示例数据", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = AudioItemQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["updated_at"], verbose_name="录音历史")

    class Meta:
        verbose_name = verbose_name_plural = "有声图书"
        ordering = ("-created_at", "-pk")
        constraints = [models.CheckConstraint(condition=Q(seconds__gte=1), name="audio_lasts")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"/library/{self.slug}/"

    @property
    def length_in_words(self):
        """3分20秒"""
        minutes, seconds = divmod(self.seconds, 60)
        return (f"{minutes}分" if minutes else "") + (f"{seconds}秒" if seconds or not minutes else "钟")
