"""Notices: what a body has to say, from whom and since when, until a day."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from homes.models.scope import AtPlaceQuerySet

PINNED_MOST = 3


class NoticeQuerySet(AtPlaceQuerySet):
    def public(self, at=None):
        """What residents may open: published by this moment, withdrawn ones among them."""
        now = at or timezone.now()
        return self.filter(status__in=(Notice.Status.PUBLISHED, Notice.Status.WITHDRAWN), publish_at__lte=now)

    def current(self, at=None):
        """What stands in the list: published by this moment, not withdrawn, not past its day; pinned ones first."""
        today = timezone.localdate(at)
        shown = self.public(at).filter(status=Notice.Status.PUBLISHED)
        return shown.filter(Q(expires_on=None) | Q(expires_on__gte=today)).order_by("-pinned", "-publish_at", "-pk")


class Notice(models.Model):
    """A notice (通知公告). Published at a moment that may lie ahead; gone from the lists after its day by itself."""

    class Status(models.TextChoices):
        """Written only by activities/notices.py. 已发布 with a moment ahead is what staff read as 定时发布."""

        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤回"

    title = models.CharField("标题", max_length=80)
    body = models.TextField("正文", max_length=5000)
    source = models.CharField("来源", max_length=60, help_text="哪个单位发的。")
    home = models.ForeignKey(
        "homes.Home", models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="哪个家",
        help_text="留空就是给整个区划看的。",
    )  # fmt: skip
    branch = models.ForeignKey(
        "branches.Branch", models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="哪个支部"
    )
    division = models.ForeignKey("branches.Division", models.PROTECT, related_name="notices", verbose_name="给哪里看")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    publish_at = models.DateTimeField("发布时间", null=True, blank=True, editable=False)
    expires_on = models.DateField("看到哪一天", null=True, blank=True, help_text="过了这一天，就不在列表里了。")
    pinned = models.BooleanField("置顶", default=False, editable=False)
    note = models.CharField("撤回原因", max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        "branches.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="谁写的"
    )
    is_sample = models.BooleanField("示例数据", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = NoticeQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["updated_at", "version"], verbose_name="通知历史")

    class Meta:
        verbose_name = verbose_name_plural = "通知公告"
        ordering = ("-publish_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", publish_at=None)
                | Q(status__in=("published", "withdrawn"), publish_at__isnull=False),
                name="notice_published_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | (~Q(note="") & Q(pinned=False)), name="notice_withdrawn_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(publish_at=None) | Q(expires_on__gte=F("publish_at__date")),
                name="notice_expires_after_publishing",
                violation_error_message="“看到哪一天”不能早于发布的日子。",
            ),
        ]
        indexes = [models.Index(fields=("status", "publish_at"), name="notice_list")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"/notices/{self.pk}/"


class NoticeFileQuerySet(AtPlaceQuerySet):
    place_path = "notice__"
    division_path = "notice__division"
    branch_path = "notice__branch"


class NoticeFile(models.Model):
    """A file that goes with a notice: checked by content, kept under a generated name."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="files", verbose_name="通知公告")
    title = models.CharField("附件名称", max_length=80)
    file = models.FileField("附件", upload_to="notices", max_length=120, editable=False)
    kind = models.CharField("类型", max_length=8, editable=False)
    size = models.PositiveIntegerField("大小", editable=False)  # bytes
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = NoticeFileQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="附件历史")

    class Meta:
        verbose_name = verbose_name_plural = "通知附件"
        ordering = ("pk",)

    def __str__(self):
        return self.title
