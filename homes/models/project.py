"""What neighbours do together (共建项目), for example new lifts: its plan, its steps, what is told of it in public."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils import timezone
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet
from branches.private_files import private_files
from homes.models.home import Home, HostedBranch
from homes.public_facts import refused

WORDS_MOST = 1000


def percent(done, total):
    """A whole number, rounded down so that 100 says that everything is done; None of nothing."""
    return 100 * (done or 0) // total if total else None


def no_household(text):
    """Validator of every text that is public: a project tells of sums and of lifts, never of a door."""
    if why := refused(text):
        raise ValidationError(why, code="household")


class ProjectQuerySet(ScopedQuerySet):
    division_path = "home__division"

    def scope(self, user, postings):
        condition = super().scope(user, postings)
        if any(posting.role == "organiser" for posting in postings):
            condition |= Q(home__in=Home.organisers.through.objects.filter(user=user).values("home"))
        return condition

    def of_branches(self, postings):
        """Projects of the homes where the branch meets."""
        hosted = HostedBranch.objects.filter(branch__in={posting.branch_id for posting in postings})
        return Q(home__in=hosted.values("home"))

    def public(self):
        """What everybody may read: from the moment the neighbours are asked, of a home that is shown.

        One that was given up before that has no day until which they were asked.
        """
        never_asked = Q(status=CommunityProject.Status.CANCELLED, consult_until=None)
        asked = self.exclude(status=CommunityProject.Status.PROPOSED).exclude(never_asked)
        return asked.filter(home__status__in=Home.PUBLIC)

    def with_progress(self):
        """Add `weight` and `weight_done` of what is planned and not waived; `CommunityProject.progress` reads them."""
        kept = Q(milestones__waived="")
        return self.annotate(
            weight=Sum("milestones__weight", filter=kept),
            weight_done=Sum("milestones__weight", filter=kept & Q(milestones__done_on__isnull=False)),
        )

    def without_news(self, since):
        """Being built, and nothing was told of it from the day `since` on."""
        told = ProjectUpdate.objects.filter(project=OuterRef("pk"), on__gte=since)
        return self.filter(~Exists(told), status=CommunityProject.Status.BUILDING)


class CommunityProject(models.Model):
    """One project of one home. `received` and `paid` are what its ledger adds up to, written with it under one lock."""

    class Status(models.TextChoices):
        """Written only by homes/projects.py."""

        PROPOSED = "proposed", "提议"
        CONSULTING = "consulting", "征询中"
        AGREED = "agreed", "已通过"
        NOT_AGREED = "not_agreed", "未通过"
        FUNDING = "funding", "筹资中"
        BUILDING = "building", "实施中"
        ACCEPTED = "accepted", "已验收"
        PAUSED = "paused", "暂停"
        CANCELLED = "cancelled", "终止"

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="projects", verbose_name="家")
    name = models.CharField("项目名称", max_length=60, validators=[no_household])
    slug = models.SlugField(
        "网址代号", max_length=50, unique=True, error_messages={"unique": "已经有一个项目用了这个网址代号。"}
    )
    lead = models.CharField("一句话介绍", max_length=80, blank=True, validators=[no_household])
    scope = models.TextField("做什么", max_length=WORDS_MOST, blank=True, validators=[no_household])
    plan = models.TextField("怎么做", max_length=WORDS_MOST, blank=True, validators=[no_household])
    story = models.TextField("经过", max_length=4000, blank=True, validators=[no_household])
    source = models.CharField("资料来源", max_length=120, blank=True)
    cost_low = models.DecimalField(
        "大约要多少钱，最少（元）", max_digits=14, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    cost_high = models.DecimalField(
        "最多（元）", max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    consult_until = models.DateField("征询到哪天", null=True, blank=True)
    # what a report or the branch says of it; counts, never names
    households = models.PositiveIntegerField("涉及户数", null=True, blank=True)
    leading_members = models.PositiveIntegerField("带头的党员（名）", null=True, blank=True)
    unit_count = models.PositiveIntegerField("要做的数量", null=True, blank=True, help_text="例如更新电梯22部，写22。")
    unit_name = models.CharField("数的是什么", max_length=12, blank=True, help_text="例如：部电梯。")
    raised_at_least = models.DecimalField(
        "报道里筹集的资金（元以上）", max_digits=14, decimal_places=2, null=True, blank=True
    )

    status = models.CharField("状态", max_length=12, choices=Status, default=Status.PROPOSED, editable=False)
    resumes_as = models.CharField(max_length=12, choices=Status, blank=True, editable=False)  # while it is paused
    status_note = models.CharField("状态说明", max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    # as typed from the paper vote; the system records it and does not judge it
    votes = models.JSONField("征询结果", default=dict, blank=True, editable=False)
    scan = models.FileField("征询表扫描件", upload_to="projects", storage=private_files, blank=True, editable=False)
    cancel_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="谁申请终止",
    )  # fmt: skip
    contractor = models.CharField("施工单位", max_length=80, blank=True, editable=False)
    short_of_budget = models.CharField("钱没筹够就开工的原因", max_length=200, blank=True, editable=False)
    received = models.DecimalField("收到（元）", max_digits=14, decimal_places=2, default=0, editable=False)
    paid = models.DecimalField("支出（元）", max_digits=14, decimal_places=2, default=0, editable=False)
    final_words = models.TextField("验收和决算", max_length=WORDS_MOST, blank=True, editable=False)
    final_cost = models.DecimalField("决算（元）", max_digits=14, decimal_places=2, null=True, editable=False)
    accepted_on = models.DateField("验收日期", null=True, blank=True, editable=False)
    is_sample = models.BooleanField("示例数据", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = ProjectQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["updated_at"], verbose_name="项目历史")

    class Meta:
        verbose_name = verbose_name_plural = "共建项目"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(cost_low=None) | Q(cost_high=None) | Q(cost_high__gte=F("cost_low")),
                name="project_costs_from_low_to_high",
                violation_error_message="最多要的钱不能比最少的还少。",
            ),
            models.CheckConstraint(
                condition=Q(paid__gte=0, received__gte=F("paid")),
                name="project_pays_what_it_received",
                violation_error_message="支出不能超过收到的钱。",
            ),
            models.CheckConstraint(
                condition=Q(status="paused") & ~Q(resumes_as="") | ~Q(status="paused") & Q(resumes_as=""),
                name="project_paused_resumes_as",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"/projects/{self.slug}/"

    @property
    def left(self):
        """Yuan received and not paid out."""
        return self.received - self.paid

    @property
    def progress(self):
        """How much is done, as `with_progress` found it."""
        return percent(self.weight_done, self.weight)

    @property
    def is_public(self):
        """What `ProjectQuerySet.public` asks, of one whose home is shown."""
        given_up_unasked = self.status == self.Status.CANCELLED and self.consult_until is None
        return self.status != self.Status.PROPOSED and not given_up_unasked and self.home.is_public


class OfProjectQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q(project__in=CommunityProject.objects.filter(CommunityProject.objects.scope(user, postings)))


class MilestoneQuerySet(OfProjectQuerySet):
    def overdue(self, on=None):
        """Planned for a day that is over, neither done nor waived, of a project that is being built."""
        late = self.filter(done_on=None, waived="", planned_on__lt=on or timezone.localdate())
        return late.filter(project__status=CommunityProject.Status.BUILDING)

    def progress(self):
        """How much is done, 0 to 100, by weight of what has not been waived; None where nothing is planned."""
        weights = list(self.filter(waived="").values_list("weight", "done_on"))
        return percent(sum(weight for weight, done in weights if done), sum(weight for weight, _ in weights))


class Milestone(models.Model):
    """A step of the work, planned for a day, done on a day, or left out with a reason that everybody may read."""

    project = models.ForeignKey(CommunityProject, models.PROTECT, related_name="milestones", verbose_name="项目")
    name = models.CharField("步骤", max_length=60, validators=[no_household])
    weight = models.PositiveSmallIntegerField("占多少分量", default=1, validators=[MinValueValidator(1)])
    planned_on = models.DateField("计划哪天完成")
    done_on = models.DateField("实际哪天完成", null=True, blank=True, editable=False)
    waived = models.CharField("为什么不做了", max_length=160, blank=True, editable=False)
    order = models.PositiveSmallIntegerField("顺序", default=100)

    objects = MilestoneQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="步骤历史")

    class Meta:
        verbose_name = verbose_name_plural = "项目步骤"
        ordering = ("order", "planned_on", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(done_on=None) | Q(waived=""), name="milestone_done_or_waived"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="milestone_weighs_something"),
        ]

    def __str__(self):
        return self.name


class ProjectUpdate(models.Model):
    """News of a project, dated. An edited one says when it was revised."""

    project = models.ForeignKey(CommunityProject, models.PROTECT, related_name="updates", verbose_name="项目")
    on = models.DateField("日期")
    words = models.TextField("进展", max_length=WORDS_MOST, validators=[no_household])
    revised_at = models.DateTimeField("修订于", null=True, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfProjectQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="进展历史")

    class Meta:
        verbose_name = verbose_name_plural = "项目进展"
        ordering = ("-on", "-pk")

    def __str__(self):
        return f"{self.on:%Y-%m-%d} {self.project}"


class ProjectPhoto(models.Model):
    """A photograph of the work, in two sizes as those of homes are (homes/photos.py)."""

    project = models.ForeignKey(CommunityProject, models.PROTECT, related_name="photos", verbose_name="项目")
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="photos", verbose_name="哪一步"
    )
    large = models.ImageField("大图", upload_to="photos", width_field="width", height_field="height", editable=False)
    small = models.ImageField("小图", upload_to="photos", editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField("图片说明", max_length=80, validators=[no_household])
    taken_on = models.DateField("哪天拍的", null=True, blank=True)
    is_archived = models.BooleanField("收起", default=False)
    is_sample = models.BooleanField("示例图", default=False)

    objects = OfProjectQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="项目照片历史")

    class Meta:
        verbose_name = verbose_name_plural = "项目照片"
        ordering = ("taken_on", "pk")

    def __str__(self):
        return self.alt
