"""A community asks for a home of its own (建“家”申报): the three conditions with their evidence, and the review."""

import unicodedata

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet
from branches.models.organisation import Position
from branches.private_files import private_files
from homes.models.home import Home

WORDS_MOST = 1000


class ApplicationQuerySet(ScopedQuerySet):
    branch_path = "branch"

    def scope(self, user, postings):
        """Inside the posting's area; what one has written oneself; for those above nothing that was never handed in."""
        return (super().scope(user, postings) & Q(number__isnull=False)) | Q(applicant=user.pk) | self._drafts(postings)

    def _drafts(self, postings):
        """Drafts are read where they are written: in the community and its branch."""
        near = [posting for posting in postings if posting.role in ("community", "secretary")]
        by_area = {posting.division_id for posting in near if posting.division_id}
        by_branch = [posting for posting in near if posting.branch_id]
        return self.in_areas(by_area) | self.of_branches(by_branch)

    def live(self):
        """Under way: neither a draft nor at an end."""
        return self.filter(status__in=HomeApplication.LIVE)

    def counted(self):
        """What the figure 申报 counts: handed in, and not taken back."""
        return self.exclude(status__in=(HomeApplication.Status.DRAFT, HomeApplication.Status.WITHDRAWN))

    def in_notice(self):
        """What everybody may read."""
        return self.filter(status=HomeApplication.Status.PUBLIC_NOTICE)

    def overdue(self, on=None):
        """Whose reviewers are late. While an application is returned its clock stands still."""
        waiting = (HomeApplication.Status.SUBMITTED, HomeApplication.Status.STREET_OK)
        return self.filter(status__in=waiting, due_on__lt=on or timezone.localdate())


class HomeApplication(Position):
    """One application. Returned ones keep their number; an approved one has become exactly one home."""

    class Status(models.TextChoices):
        """Written only by homes/applying.py."""

        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "已申报"
        RETURNED = "returned", "退回补正"
        STREET_OK = "street_ok", "街道初审通过"
        PUBLIC_NOTICE = "public_notice", "公示中"
        APPROVED = "approved", "已批准"
        REJECTED = "rejected", "不予通过"
        WITHDRAWN = "withdrawn", "已撤回"

    LIVE = (Status.SUBMITTED, Status.RETURNED, Status.STREET_OK, Status.PUBLIC_NOTICE)

    class Tenure(models.TextChoices):
        OWN = "own", "社区自有"
        LENT = "lent", "单位或居民借用"
        RENTED = "rented", "租用"
        SHARED = "shared", "和别的场所合用"

    class Rejection(models.TextChoices):
        CONDITIONS = "conditions", "三个条件还不具备"
        NEAR = "near", "附近已经有家"
        PLACE = "place", "场所不合适"
        OBJECTION = "objection", "公示期间有异议，查实了"
        OTHER = "other", "其他"

    # what a reviewer may name when something has to be put right
    RETURNABLE = (
        "name", "address", "branch_words", "place_words", "area", "tenure", "team_words", "team_size", "plan_words",
        "asked", "documents",
    )  # fmt: skip

    number = models.CharField("申报编号", max_length=12, unique=True, null=True, blank=True, editable=False)
    name = models.CharField("打算叫什么", max_length=60, help_text="例如：某某社区老党员之家。")
    host = models.CharField("设在", max_length=10, choices=Home.Host, default=Home.Host.COMMUNITY)
    division = models.ForeignKey(
        "branches.Division", models.PROTECT, related_name="home_applications", verbose_name="哪个社区"
    )
    address = models.CharField("地址", max_length=120, help_text="写到门牌号。")
    address_key = models.CharField(max_length=120, editable=False)

    branch = models.ForeignKey(
        "branches.Branch", models.PROTECT, null=True, blank=True, related_name="home_applications", verbose_name="支部"
    )
    branch_words = models.TextField("有支部：支部的情况", max_length=WORDS_MOST, blank=True)
    place_words = models.TextField("有阵地：场所的情况", max_length=WORDS_MOST, blank=True)
    area = models.PositiveIntegerField("面积（平方米）", null=True, blank=True, validators=[MinValueValidator(1)])
    tenure = models.CharField("场所从哪里来", max_length=8, choices=Tenure, blank=True)
    team_words = models.TextField("有志愿服务团队：队伍的情况", max_length=WORDS_MOST, blank=True)
    team_size = models.PositiveIntegerField("志愿者人数", null=True, blank=True, validators=[MinValueValidator(1)])
    plan_words = models.TextField("建成以后打算办些什么", max_length=WORDS_MOST, blank=True)
    asked = models.DecimalField(
        "申请经费（元）", max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )

    status = models.CharField("状态", max_length=14, choices=Status, default=Status.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)  # one more with every step
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="home_applications",
        verbose_name="申报人",
    )
    submitted_on = models.DateField("申报日期", null=True, blank=True, editable=False)  # the first time
    due_on = models.DateField("最晚哪天审完", null=True, blank=True, editable=False)
    days_left = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)  # working days, while returned
    returned_at_street = models.BooleanField(default=False, editable=False)  # which level is waiting for the applicant
    verdict = models.CharField("退回或不通过的原因", max_length=300, blank=True, editable=False)
    returned_fields = models.JSONField("要补正的地方", default=dict, blank=True, editable=False)  # {field: words}
    rejection = models.CharField("为什么不通过", max_length=12, choices=Rejection, blank=True, editable=False)
    notice_words = models.TextField("公示的内容", max_length=WORDS_MOST, blank=True, editable=False)
    notice_from = models.DateField("公示从", null=True, blank=True, editable=False)
    notice_until = models.DateField("公示到", null=True, blank=True, editable=False)  # this day included
    ceiling = models.DecimalField("经费上限（元）", max_digits=12, decimal_places=2, null=True, editable=False)
    decided_on = models.DateField("批准或不通过的日期", null=True, blank=True, editable=False)
    home = models.OneToOneField(
        Home, models.PROTECT, null=True, blank=True, editable=False, related_name="application", verbose_name="建成的家"
    )
    is_sample = models.BooleanField("示例数据", default=False, editable=False)
    created_at = models.DateTimeField("开始填写", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = ApplicationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["updated_at"], verbose_name="申报历史")

    class Meta(Position.Meta):
        verbose_name = verbose_name_plural = "建“家”申报"
        ordering = ("-submitted_on", "-pk")
        constraints = [
            *Position.Meta.constraints,
            models.UniqueConstraint(
                fields=("division", "address_key"),
                condition=Q(status__in=("submitted", "returned", "street_ok", "public_notice")),
                name="one_live_application_an_address",
            ),
            models.CheckConstraint(
                condition=Q(number=None, status__in=("draft", "withdrawn")) | Q(number__isnull=False),
                name="application_handed_in_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(status="approved", home__isnull=False) | (~Q(status="approved") & Q(home=None)),
                name="application_approved_is_a_home",
            ),
        ]
        indexes = [models.Index(fields=("status", "due_on"), name="application_waiting")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.address_key = address_key(self.address)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return f"/applications/{self.number}/"


def address_key(address):
    """An address as it is compared: full-width as the usual letters, no blanks, no points."""
    plain = unicodedata.normalize("NFKC", address).casefold()
    return "".join(each for each in plain if each.isalnum())


class OfApplicationQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q(application__in=HomeApplication.objects.visible_to(user))


class ApplicationDocument(models.Model):
    """Evidence for one of the conditions; served only to who may read the application."""

    class Condition(models.TextChoices):
        BRANCH = "branch", "有支部"
        PLACE = "place", "有阵地"
        TEAM = "team", "有志愿服务团队"
        OTHER = "other", "其他材料"

    REQUIRED = (Condition.BRANCH, Condition.PLACE, Condition.TEAM)

    application = models.ForeignKey(HomeApplication, models.PROTECT, related_name="documents", verbose_name="申报")
    condition = models.CharField("证明什么", max_length=6, choices=Condition)
    title = models.CharField("材料名称", max_length=60)
    file = models.FileField("文件", upload_to="applications", storage=private_files, editable=False)
    kind = models.CharField("格式", max_length=4, editable=False)  # pdf, docx, xlsx, webp
    is_archived = models.BooleanField("已换掉", default=False, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申报材料"
        ordering = ("pk",)

    def __str__(self):
        return f"{self.title}（{self.get_condition_display()}）"
