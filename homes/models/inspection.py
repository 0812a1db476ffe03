"""What a good home has (立线达标): the checklist that the district edits, and the visits that go through it."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from simple_history.models import HistoricalRecords

from branches.access import ListQuerySet, ScopedQuerySet
from branches.private_files import private_files
from homes.models.application import HomeApplication
from homes.models.home import Home


class Standard(models.Model):
    """One line of the checklist."""

    class Section(models.TextChoices):
        BRANCH = "branch", "有支部"
        PLACE = "place", "有阵地"
        TEAM = "team", "有志愿服务团队"
        LIFE = "life", "有活动"
        SAFETY = "safety", "安全、方便"

    section = models.CharField("哪一类", max_length=8, choices=Section)
    name = models.CharField("标准", max_length=80)
    hint = models.CharField("怎样算达标", max_length=160, blank=True)
    is_required = models.BooleanField("必须达标", default=False)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_archived = models.BooleanField("已归档", default=False, help_text="以后检查不再用，以前的检查记录不变。")
    is_sample = models.BooleanField("示例数据", default=False)

    objects = ListQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="标准历史")

    class Meta:
        verbose_name = verbose_name_plural = "达标标准"
        ordering = ("order", "pk")
        constraints = [models.UniqueConstraint(fields=("section", "name"), name="standard_once")]

    def __str__(self):
        return self.name


class InspectionQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q(application__in=HomeApplication.objects.visible_to(user)) | Q(home__in=Home.objects.visible_to(user))

    def with_score(self):
        """Add `met` and `asked`: how many standards were met, of how many that apply there."""
        result = InspectionItem.Result
        return self.annotate(
            met=Count("items", filter=Q(items__result=result.MET)),
            asked=Count("items", filter=~Q(items__result=result.NOT_HERE)),
        ).order_by("-on", "-pk")  # said again, because a query that counts forgets the model's own


class Inspection(models.Model):
    """Somebody went and looked: at the place of an application, or at a home. Appended, never changed."""

    application = models.ForeignKey(
        HomeApplication, models.PROTECT, null=True, blank=True, related_name="inspections", verbose_name="申报"
    )
    home = models.ForeignKey(Home, models.PROTECT, null=True, blank=True, related_name="inspections", verbose_name="家")
    on = models.DateField("哪天去看的")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁去看的")
    words = models.TextField("看到什么", max_length=600)
    is_sample = models.BooleanField("示例数据", default=False, editable=False)
    created_at = models.DateTimeField("记录时间", auto_now_add=True)

    objects = InspectionQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="检查历史")

    class Meta:
        verbose_name = verbose_name_plural = "达标检查"
        ordering = ("-on", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(application__isnull=False) | Q(home__isnull=False), name="inspection_of_something"
            )
        ]

    def __str__(self):
        return f"{self.home or self.application}（{self.on:%Y-%m-%d}）"


class OfInspectionQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q(inspection__in=Inspection.objects.visible_to(user))


class InspectionItem(models.Model):
    """One standard as it was found that day, in the words it had that day."""

    class Result(models.TextChoices):
        MET = "met", "达标"
        PARTLY = "partly", "部分达标"
        UNMET = "unmet", "没有达标"
        NOT_HERE = "not_here", "这里用不上"

    WITH_NOTE = (Result.PARTLY, Result.UNMET)

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="items", verbose_name="检查")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="+", verbose_name="标准")
    name = models.CharField("标准", max_length=80, editable=False)
    section = models.CharField("哪一类", max_length=8, choices=Standard.Section, editable=False)
    is_required = models.BooleanField("必须达标", default=False, editable=False)
    result = models.CharField("结果", max_length=8, choices=Result)
    note = models.CharField("说明", max_length=160, blank=True)

    objects = OfInspectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查结果"
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("inspection", "standard"), name="standard_once_an_inspection")]

    def __str__(self):
        return f"{self.name}：{self.get_result_display()}"


class InspectionPhoto(models.Model):
    """What was seen, encoded anew; served only to who may read the inspection."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="photos", verbose_name="检查")
    picture = models.ImageField(
        "照片", upload_to="inspections", storage=private_files, width_field="width", height_field="height",
        editable=False,
    )  # fmt: skip
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField("照片里是什么", max_length=80)

    objects = OfInspectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查照片"
        ordering = ("pk",)

    def __str__(self):
        return self.alt
