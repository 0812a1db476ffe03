"""Courses: classes and troupes that meet again and again over a term. Each meeting is an Activity."""

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from simple_history.models import HistoricalRecords

from homes.models.scope import AtPlaceQuerySet


class CourseQuerySet(AtPlaceQuerySet):
    def public(self):
        """What residents may see: at least one of its sessions has been published."""
        return self.filter(Exists(self._sessions().public()))

    def running(self, on=None):
        """Those whose term is not over on the day `on` (today unless told)."""
        return self.filter(until__gte=on or timezone.localdate())

    def for_cards(self, at=None):
        """Everything a card of a course shows, in one query: with `next_at` (or None) and `coming`, its sessions."""
        coming = self._sessions().upcoming(at)
        number = coming.order_by().values("course").annotate(number=Count("pk")).values("number")
        return self.select_related("kind", "home").annotate(
            next_at=Subquery(coming.values("starts_at")[:1]), coming=Subquery(number)
        )

    @staticmethod
    def _sessions():
        return Course.sessions.rel.related_model.objects.filter(course=OuterRef("pk"))


class Course(models.Model):
    """A class or a troupe from its first day to its last; `Activity.course` names it."""

    title = models.CharField("课程", max_length=60)
    slug = models.SlugField("网址代号", max_length=60, unique=True)
    kind = models.ForeignKey("activities.ActivityKind", models.PROTECT, related_name="courses", verbose_name="种类")
    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="courses", verbose_name="在哪个家")
    branch = models.ForeignKey(
        "branches.Branch", models.PROTECT, null=True, blank=True, related_name="courses", verbose_name="哪个支部办"
    )
    division = models.ForeignKey(
        "branches.Division", models.PROTECT, related_name="courses", editable=False, verbose_name="所在区划"
    )
    teacher = models.CharField("老师", max_length=40, blank=True, help_text="公开显示，请先征得同意。")
    lead = models.CharField("一句话介绍", max_length=120, blank=True)
    description = models.TextField("详细介绍", max_length=2000, blank=True)
    since = models.DateField("第一次课")
    until = models.DateField("最后一次课")
    is_sample = models.BooleanField("示例数据", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects = CourseQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="课程历史")

    class Meta:
        verbose_name = verbose_name_plural = "课程"
        ordering = ("-since", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="course_ends_after_it_begins",
                violation_error_message="最后一次课不能早于第一次课。",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"/courses/{self.slug}/"

    @property
    def short_address(self):
        """Where paper leads: config/short_addresses.py."""
        return f"/c/{self.pk}"
