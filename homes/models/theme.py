"""What homes are known for, and what a visitor finds in them: the two lists that the whole district shares."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet


class SharedQuerySet(ScopedQuerySet):
    """Records that belong to the whole district and are public."""

    def scope(self, user, postings):
        return Q()


class Theme(models.Model):
    """What a home is known for: space industry, railways, a warm kitchen. Several homes may share one."""

    class Mark(models.TextChoices):
        """The drawn marks in templates/components/marks/."""

        HOME = "home", "家"
        ROCKET = "rocket", "火箭"
        TRAIN = "train", "火车"
        LIGHTNING = "lightning", "闪电"
        BOWL = "bowl", "热碗"
        LECTERN = "lectern", "讲台"
        LETTERBOX = "letterbox", "信筒"
        VEST = "vest", "红背心"
        STAR = "star", "五角星"
        SPROUT = "sprout", "禾苗"
        BRUSH = "brush", "毛笔"
        ERHU = "erhu", "二胡"
        TEA = "tea", "茶"
        BOOK = "book", "书"
        GINKGO = "ginkgo", "银杏叶"

    class Hue(models.TextChoices):
        """Names of colour tokens in static/css/tokens.css; each has 7:1 contrast on paper and on white."""

        RED = "red", "红"
        GREEN = "green", "绿"
        BLUE = "blue", "蓝"
        AMBER = "amber", "金棕"
        INK = "ink", "墨"

    slug = models.SlugField("网址代号", max_length=40, unique=True)
    name = models.CharField("主题", max_length=30, unique=True)
    lead = models.CharField("一句话介绍", max_length=80, blank=True)
    story = models.TextField("主题故事", blank=True)
    mark = models.CharField("图标", max_length=12, choices=Mark, default=Mark.HOME)
    hue = models.CharField("颜色", max_length=8, choices=Hue, default=Hue.RED)
    enterprises = models.ManyToManyField(
        "branches.Enterprise", related_name="themes", blank=True, verbose_name="来自这些企业"
    )
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_archived = models.BooleanField("已归档", default=False, help_text="归档后居民看不到，记录仍然保留。")
    is_sample = models.BooleanField("示例数据", default=False)

    objects = SharedQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="主题历史")

    class Meta:
        verbose_name = verbose_name_plural = "主题"
        ordering = ("order", "pk")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"/themes/{self.slug}/"


class Facility(models.Model):
    """Something a visitor finds in a home: a reading room, a warm kitchen, a letterbox."""

    slug = models.SlugField("网址代号", max_length=40, unique=True)
    name = models.CharField("设施", max_length=20, unique=True)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_archived = models.BooleanField("已归档", default=False, help_text="归档后居民看不到，记录仍然保留。")

    objects = SharedQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="设施历史")

    class Meta:
        verbose_name = verbose_name_plural = "设施"
        ordering = ("order", "pk")

    def __str__(self):
        return self.name
