"""Help that is asked for (群众点单), who was asked to give it (支部派单), and who went (党员接单)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from branches.access import ListQuerySet
from branches.private_files import private_files
from branches.sealing import SealedTextField, telephone_index
from homes.models.scope import AtPlaceQuerySet
from volunteers.models.duty import MINUTES_MOST
from volunteers.models.team import Skill, Team, Volunteer

NEEDED_MOST = 10
FLAGGED_AT = 3  # failed visits


class OrderCategory(models.Model):
    """What one can ask for, how long it usually takes and how soon it is done. A list the district edits."""

    slug = models.SlugField("网址代号", max_length=40, unique=True)
    name = models.CharField("种类", max_length=20, unique=True)
    sentence = models.CharField("说明", max_length=120, blank=True, help_text="写给居民看：什么事归这一类。")
    skill = models.ForeignKey(
        Skill, models.PROTECT, null=True, blank=True, related_name="categories", verbose_name="要会什么",
        help_text="留空就是人人都行。",
    )  # fmt: skip
    usual_minutes = models.PositiveSmallIntegerField(
        "通常多少分钟", default=60, validators=[MinValueValidator(10), MaxValueValidator(MINUTES_MOST)]
    )
    accept_days = models.PositiveSmallIntegerField("几个工作日内有人接", default=1, validators=[MinValueValidator(1)])
    done_days = models.PositiveSmallIntegerField("几个工作日内办完", default=5, validators=[MinValueValidator(1)])
    elsewhere = models.CharField("我们办不了时找谁", max_length=120, blank=True, help_text="例如12345热线。")
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_archived = models.BooleanField("已归档", default=False)

    objects = ListQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="求助种类历史")

    class Meta:
        verbose_name = verbose_name_plural = "求助种类"
        ordering = ("order", "pk")

    def __str__(self):
        return self.name


class OrderQuerySet(AtPlaceQuerySet):
    """Orders are met by those who answer for the place, the branch's secretary, the organisers of the home."""

    def open(self):
        return self.filter(status__in=ServiceOrder.OPEN)

    def unrouted(self):
        """Those that fell between the branches: the district's queue."""
        return self.open().filter(branch=None)

    def overdue(self, on=None):
        """Open ones that nobody has accepted, or that are not done, by their day."""
        on = on or timezone.localdate()
        late = Q(status__in=ServiceOrder.UNACCEPTED, accept_by__lt=on) | Q(done_by__lt=on)
        return self.open().filter(late)

    def flagged(self):
        """Open ones that nobody could do three times: the district looks at them."""
        return self.open().filter(attempts__gte=FLAGGED_AT)

    def urgent_first(self):
        """Re-opened ones on top, then by deadline."""
        return self.order_by("-reopened", "accept_by", "pk")


class ServiceOrder(models.Model):
    """One request for help. What identifies people is sealed, and let go of two years after it is over."""

    class Status(models.TextChoices):
        """Written only by volunteers/order_steps.py, for ordering.py and dispatching.py."""

        SUBMITTED = "submitted", "待受理"
        DISPATCHING = "dispatching", "派单中"
        ACCEPTED = "accepted", "已接单"
        DONE = "done", "已办结（待评价）"
        CLOSED = "closed", "已结单"
        UNABLE = "unable", "无法办理"
        CANCELLED = "cancelled", "已撤单"
        DUPLICATE = "duplicate", "重复"

    UNACCEPTED = (Status.SUBMITTED, Status.DISPATCHING)
    OPEN = (*UNACCEPTED, Status.ACCEPTED)

    class Via(models.TextChoices):
        WEB = "web", "网上"
        DOOR = "door", "扫门口的码"
        TELEPHONE = "telephone", "打电话"
        DESK = "desk", "到家里来"

    class Rating(models.TextChoices):
        GOOD = "good", "满意"
        FAIR = "fair", "基本满意"
        POOR = "poor", "不满意"
        NONE = "none", "未评价"

    code = models.CharField("查询码", max_length=8, unique=True, null=True, blank=True, editable=False)
    category = models.ForeignKey(OrderCategory, models.PROTECT, related_name="orders", verbose_name="种类")
    what = SealedTextField("什么事", max_length=500, blank=True)
    name = SealedTextField("称呼", max_length=40, blank=True)
    telephone = SealedTextField("电话", max_length=20, blank=True)
    telephone_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    proxy_name = SealedTextField("代办人", max_length=40, blank=True)
    place = SealedTextField("在哪里", max_length=120, blank=True)
    wish = SealedTextField("希望什么时候来", max_length=80, blank=True)
    home = models.ForeignKey(
        "homes.Home", models.PROTECT, null=True, blank=True, related_name="orders", verbose_name="从哪个家来的"
    )
    division = models.ForeignKey("branches.Division", models.PROTECT, related_name="orders", verbose_name="地点所在")
    compound = models.ForeignKey(
        "branches.ResidentCompound", models.PROTECT, null=True, blank=True, related_name="orders", verbose_name="小区"
    )
    branch = models.ForeignKey(
        "branches.Branch", models.PROTECT, null=True, blank=True, related_name="orders", verbose_name="负责的支部",
        help_text="留空的在区里，等区里分派。",
    )  # fmt: skip
    via = models.CharField("怎么来的", max_length=10, choices=Via, default=Via.WEB, editable=False)
    taken_by = models.ForeignKey(
        "branches.User",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="谁代登记",
    )
    is_proven = models.BooleanField("不像机器发的", default=True, editable=False)  # false: ring before anybody goes
    needed = models.PositiveSmallIntegerField(
        "要几个人", default=1, validators=[MinValueValidator(1), MaxValueValidator(NEEDED_MOST)]
    )
    visit_at = models.DateTimeField("约好什么时候去", null=True, blank=True, editable=False)
    visit_minutes = models.PositiveSmallIntegerField("大约多少分钟", default=60, editable=False)

    status = models.CharField("状态", max_length=12, choices=Status, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)  # one more with every step
    attempts = models.PositiveSmallIntegerField("未果几次", default=0, editable=False)
    reopened = models.PositiveSmallIntegerField("重开几次", default=0, editable=False)
    accept_by = models.DateField("最晚哪天有人接", editable=False)
    done_by = models.DateField("最晚哪天办完", editable=False)
    done_at = models.DateTimeField("办完的时间", null=True, blank=True, editable=False)
    ended_at = models.DateTimeField("结束的时间", null=True, blank=True, editable=False)  # of a state that ends it
    outcome = SealedTextField("办了什么，或者为什么没办", max_length=500, blank=True, editable=False)
    duplicate_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="duplicates",
        verbose_name="和哪一单重复",
    )
    rating = models.CharField("评价", max_length=4, choices=Rating, blank=True, editable=False)
    rating_words = SealedTextField("评价的话", max_length=200, blank=True, editable=False)

    form_key = models.CharField(max_length=32, unique=True, null=True, blank=True, editable=False)
    consent_version = models.CharField("同意的是哪一版", max_length=20, blank=True, editable=False)
    consented_at = models.DateTimeField("同意的时间", null=True, blank=True, editable=False)
    is_sample = models.BooleanField("示例数据", default=False)
    created_at = models.DateTimeField("点单时间", default=timezone.now, editable=False)

    objects = OrderQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["telephone_index", "form_key", "code"], verbose_name="求助历史")

    class Meta:
        verbose_name = verbose_name_plural = "求助单"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(needed__gte=1, needed__lte=NEEDED_MOST), name="order_needs_somebody"),
            models.CheckConstraint(
                condition=(Q(status="closed") & ~Q(rating="")) | (~Q(status="closed") & Q(rating="")),
                name="order_rated_when_closed",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=("done", "closed"), done_at__isnull=False))
                | (~Q(status__in=("done", "closed")) & Q(done_at=None)),
                name="order_done_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("closed", "unable", "cancelled", "duplicate"), ended_at__isnull=False)
                | (~Q(status__in=("closed", "unable", "cancelled", "duplicate")) & Q(ended_at=None)),
                name="order_ended_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(status="duplicate", duplicate_of__isnull=False)
                | (~Q(status="duplicate") & Q(duplicate_of=None)),
                name="order_duplicate_of_another",
            ),
            models.CheckConstraint(condition=Q(visit_minutes__lte=MINUTES_MOST), name="order_visit_within_a_day"),
        ]
        indexes = [
            models.Index(fields=("branch", "status"), name="orders_of_branch"),
            # what is overdue and what nobody could do, counted from the index alone
            models.Index(fields=("status", "done_by", "accept_by", "attempts"), name="orders_to_look_at"),
            models.Index(fields=("home", "status"), name="orders_of_home"),
            models.Index(fields=("created_at",), name="orders_by_time"),  # the staff's list, the last one first
        ]

    def __str__(self):
        return f"求助单 {self.pk}"  # not the code: who knows it may cancel

    def save(self, *args, **kwargs):
        self.telephone_index = telephone_index(self.telephone)
        super().save(*args, **kwargs)

    @property
    def is_open(self):
        return self.status in self.OPEN

    @property
    def where(self):
        """Roughly where, without a house: the compound, else the community."""
        return self.compound.name if self.compound_id else self.division.short_name

    @property
    def visit_ends_at(self):
        return self.visit_at and self.visit_at + timezone.timedelta(minutes=self.visit_minutes)


class OfOrderQuerySet(AtPlaceQuerySet):
    """Rows about one order, seen by those who see the order."""

    place_path = "order__"
    division_path = "order__division"
    branch_path = "order__branch"


class OpenCall(models.Model):
    """An order that anybody of certain teams may accept, until a moment; `closed_at` ends it before."""

    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="calls", verbose_name="求助单")
    teams = models.ManyToManyField(Team, related_name="calls", verbose_name="哪些队伍")
    expires_at = models.DateTimeField("到什么时候")
    closed_at = models.DateTimeField("提前结束", null=True, blank=True)
    created_at = models.DateTimeField("发出时间", default=timezone.now)

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公开派单"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("order",), condition=Q(closed_at=None), name="one_open_call_an_order")
        ]

    def __str__(self):
        return f"公开派单 · {self.order}"


class AssignmentQuerySet(OfOrderQuerySet):
    def live(self, now=None):
        """Offers that can still be accepted."""
        return self.filter(status=Assignment.Status.OFFERED, expires_at__gt=now or timezone.now())

    def held(self):
        return self.filter(status=Assignment.Status.ACCEPTED)


class Assignment(models.Model):
    """One person asked to do one order: a question until they accept it."""

    class Status(models.TextChoices):
        """Written only by volunteers/order_steps.py, for dispatching.py."""

        OFFERED = "offered", "待接单"
        ACCEPTED = "accepted", "已接"
        DECLINED = "declined", "婉拒"
        EXPIRED = "expired", "超时"
        RECALLED = "recalled", "收回"
        COMPLETED = "completed", "完成"
        FAILED = "failed", "未果"

    LIVE = (Status.OFFERED, Status.ACCEPTED)

    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="assignments", verbose_name="求助单")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="assignments", verbose_name="志愿者")
    status = models.CharField("状态", max_length=10, choices=Status, editable=False)
    is_sole = models.BooleanField("只要一个人", editable=False)  # the order needed one when this was offered
    visit_at = models.DateTimeField("什么时候去", null=True, blank=True, editable=False)
    visit_ends_at = models.DateTimeField("大约到几点", null=True, blank=True, editable=False)
    expires_at = models.DateTimeField("到什么时候回话", editable=False)
    offered_at = models.DateTimeField("派单时间", default=timezone.now, editable=False)
    answered_at = models.DateTimeField("回话时间", null=True, blank=True, editable=False)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True, editable=False)
    minutes = models.PositiveSmallIntegerField(
        "服务分钟", null=True, blank=True, editable=False, validators=[MaxValueValidator(MINUTES_MOST)]
    )
    reason = models.CharField("说明", max_length=200, blank=True, editable=False)

    objects = AssignmentQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="派单历史")

    class Meta:
        verbose_name = verbose_name_plural = "派单"
        ordering = ("-offered_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("order",), condition=Q(is_sole=True, status__in=("offered", "accepted")),
                name="one_is_asked_or_goes",
            ),
            models.UniqueConstraint(
                fields=("order", "volunteer"), condition=Q(status__in=("offered", "accepted")), name="asked_once"
            ),
            models.CheckConstraint(
                condition=Q(status="completed", minutes__isnull=False, minutes__lte=MINUTES_MOST)
                | (~Q(status="completed") & Q(minutes=None)),
                name="minutes_of_who_completed",
            ),
            models.CheckConstraint(
                condition=Q(visit_at=None, visit_ends_at=None) | Q(visit_ends_at__gt=F("visit_at")),
                name="visit_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("offered", "accepted"), ended_at=None)
                | (~Q(status__in=("offered", "accepted")) & Q(ended_at__isnull=False)),
                name="assignment_ended_at_some_time",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=("volunteer", "status", "visit_at"), name="assignments_of_volunteer")]

    def __str__(self):
        return f"{self.volunteer} · {self.order}"


class OrderPhoto(models.Model):
    """A photograph of the problem, encoded anew; kept apart from what the site shows, served only to who may see it."""

    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="photos", verbose_name="求助单")
    picture = models.ImageField(
        "照片", upload_to="orders", storage=private_files, width_field="width", height_field="height", editable=False
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "求助照片"
        ordering = ("pk",)

    def __str__(self):
        return f"照片 {self.pk} · {self.order}"
