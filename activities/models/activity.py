"""What goes on: when, where, for how many, and how residents and staff ask for it."""

from datetime import datetime, time, timedelta

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from simple_history.models import HistoricalRecords

from homes.models.scope import AtPlaceQuerySet

CUT_OFF = timedelta(hours=2)  # before the start: from then on nobody moves up by itself
ATTENDANCE_OPENS = timedelta(hours=1)  # before the start
ATTENDANCE_CLOSES = timedelta(days=7)  # after the end


def day_bounds(day):
    """The moments between which a day lies, as it is lived here."""
    begins = timezone.make_aware(datetime.combine(day, time()))
    return begins, timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


class ActivityQuerySet(AtPlaceQuerySet):
    def public(self):
        """What residents may see."""
        return self.filter(status__in=Activity.PUBLIC)

    def upcoming(self, at=None):
        """Published and not over at the moment `at` (now unless told), the next one first."""
        now = at or timezone.now()
        return self.filter(status=Activity.Status.PUBLISHED, ends_at__gt=now).order_by("starts_at", "pk")

    def open_first(self, at=None):
        """Those one can simply come to, or that still take names at the moment `at`, be it to wait; then the others."""
        now = at or timezone.now()
        closes_later = Q(sign_up_until__gt=now) | Q(sign_up_until=None, starts_at__gt=now + CUT_OFF)
        is_open = When(Q(takes_sign_up=False) | closes_later, then=Value(0))
        return self.order_by(Case(is_open, default=Value(1)), "starts_at", "pk")

    def between(self, first, last):
        """Those that begin on one of these days, both included."""
        return self.filter(starts_at__gte=day_bounds(first)[0], starts_at__lt=day_bounds(last)[1])

    def for_cards(self):
        """Everything a card of an activity shows, in one query."""
        return self.select_related("kind", "home", "course", "branch").with_taken()

    def with_taken(self):
        """Add `taken`: how many seats are confirmed (walk-ins apart); `waiting`: how many people wait."""
        rows = Activity.sign_ups.rel.related_model.objects.filter(activity=OuterRef("pk")).order_by().values("activity")

        def number(condition):
            counted = rows.filter(condition).annotate(number=Count("pk")).values("number")
            return Coalesce(Subquery(counted), Value(0))

        seated = Q(status__in=("confirmed", "attended", "absent"), walk_in=False)
        return self.annotate(taken=number(seated), waiting=number(Q(status="waitlisted")))

    def with_room(self):
        """Those one can simply come to, and those that confirm a name put down now."""
        rows = self.with_taken()
        return rows.filter(Q(takes_sign_up=False) | Q(capacity=None) | Q(capacity__gt=F("taken"), waiting=0))

    # What staff should see to
    def without_recap(self, at=None):
        """Finished three days ago and nothing told about it yet."""
        limit = (at or timezone.now()) - timedelta(days=3)
        return self.filter(status=Activity.Status.FINISHED, ends_at__lte=limit, recap=None)

    def waiting_for_review(self):
        return self.filter(status=Activity.Status.PENDING)


class Activity(models.Model):
    """One thing that goes on once. A meeting of a course is one too."""

    class Status(models.TextChoices):
        """Written only by activities/publishing.py."""

        DRAFT = "draft", "草稿"
        PENDING = "pending", "待审核"
        PUBLISHED = "published", "已发布"
        FINISHED = "finished", "已结束"
        CANCELLED = "cancelled", "已取消"

    PUBLIC = (Status.PUBLISHED, Status.FINISHED, Status.CANCELLED)

    class Setting(models.TextChoices):
        HOME = "home", "在家里"
        ALLEY = "alley", "小巷"
        COURTYARD = "courtyard", "庭院"
        LIVING_ROOM = "living_room", "客厅（党员中心户）"
        ELSEWHERE = "elsewhere", "别的地方"

    title = models.CharField("名称", max_length=60)
    kind = models.ForeignKey("activities.ActivityKind", models.PROTECT, related_name="activities", verbose_name="种类")
    course = models.ForeignKey(
        "activities.Course", models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name="课程"
    )
    number = models.PositiveSmallIntegerField("第几次", null=True, blank=True, editable=False)
    home = models.ForeignKey(
        "homes.Home", models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="哪个家办"
    )
    branch = models.ForeignKey(
        "branches.Branch", models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="哪个支部办"
    )
    division = models.ForeignKey(
        "branches.Division", models.PROTECT, related_name="activities", editable=False, verbose_name="所在区划"
    )
    setting = models.CharField("在什么地方", max_length=12, choices=Setting, default=Setting.HOME)
    household = models.ForeignKey(
        "branches.CentreHousehold", models.PROTECT, null=True, blank=True, related_name="activities",
        verbose_name="哪个中心户", help_text="户主同意公开的才能选。",
    )  # fmt: skip
    place = models.CharField(
        "具体地点", max_length=80, blank=True, help_text="例如二楼活动室，或者哪条巷子、哪个院子。"
    )
    room = models.ForeignKey(
        "homes.Facility", models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="用哪间屋"
    )
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    description = models.TextField("介绍", max_length=2000, blank=True)
    bring = models.CharField("要带什么", max_length=120, blank=True)
    telephone = models.CharField("电话", max_length=20, blank=True, help_text="留空就用家的电话。")
    takes_sign_up = models.BooleanField("要报名", default=True, help_text="不勾就是直接来。")
    capacity = models.PositiveSmallIntegerField(
        "名额", null=True, blank=True, help_text="留空就是不限。", validators=[MinValueValidator(1)]
    )
    over_by = models.PositiveSmallIntegerField("超出名额", default=0, editable=False)  # kept in when it was lowered
    room_limit = models.PositiveSmallIntegerField(
        "屋里最多坐多少人", null=True, blank=True, validators=[MinValueValidator(1)], help_text="临时来的人也算在里面。"
    )
    sign_up_until = models.DateTimeField("报名截止", null=True, blank=True, help_text="留空就是开始前两小时。")
    remind_hours = models.PositiveSmallIntegerField(
        "提前多久提醒", choices=((0, "不提醒"), (24, "提前一天"), (48, "提前两天")), default=24
    )
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    publish_at = models.DateTimeField("定时发布", null=True, blank=True, editable=False)
    published_at = models.DateTimeField("发布时间", null=True, blank=True, editable=False)
    note = models.CharField("说明", max_length=200, blank=True, editable=False)  # why sent back or cancelled
    sequence = models.PositiveIntegerField(
        "第几版", default=0, editable=False
    )  # grows with every change of time or place
    version = models.PositiveIntegerField(default=0, editable=False)  # grows with every step: guards stale pages
    created_by = models.ForeignKey(
        "branches.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="谁建的"
    )
    is_sample = models.BooleanField("示例数据", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = ActivityQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["updated_at", "version"], verbose_name="活动历史")

    class Meta:
        verbose_name = verbose_name_plural = "活动"
        ordering = ("starts_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="activity_ends_after_it_begins",
                violation_error_message="结束时间要晚于开始时间。",
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gte=1),
                name="activity_seats_one",
                violation_error_message="名额至少是1；不限就留空。",
            ),
            models.CheckConstraint(
                condition=Q(household=None) | Q(setting="living_room"),
                name="activity_household_is_living_room",
                violation_error_message="选了中心户，地方就是“客厅”。",
            ),
            models.CheckConstraint(
                condition=Q(home__isnull=False) | Q(branch__isnull=False),
                name="activity_somebody_answers",
                violation_error_message="请选哪个家或者哪个支部办。",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(note=""), name="activity_cancelled_with_reason"
            ),
            models.UniqueConstraint(
                fields=("course", "starts_at"),
                condition=Q(course__isnull=False) & ~Q(status="cancelled"),
                name="session_once",
            ),
        ]
        # the list of what is on, everywhere and at one home; how many are still to come; the staff's list
        indexes = [
            models.Index(fields=("status", "starts_at"), name="activity_what_is_on"),
            models.Index(fields=("home", "starts_at"), name="activity_of_home"),
            models.Index(fields=("status", "ends_at", "starts_at"), name="activity_from_to"),
            models.Index(fields=("ends_at",), name="activity_by_time"),
            models.Index(fields=("status", "published_at", "course"), name="activity_news"),  # how fresh columns are
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"/activities/{self.pk}/"

    @property
    def short_address(self):
        """Where paper leads: config/short_addresses.py."""
        return f"/a/{self.pk}"

    @property
    def closes_at(self):
        """The moment after which nobody signs up by themselves any more."""
        return self.sign_up_until or self.starts_at - CUT_OFF

    @property
    def seats(self):
        """How many may be confirmed: None without a limit."""
        return None if self.capacity is None else self.capacity + self.over_by

    @property
    def where(self):
        """The place in words, as residents read it."""
        parts = [str(self.home) if self.home and self.setting == self.Setting.HOME else "", self.place]
        return " ".join(part for part in parts if part) or self.get_setting_display()

    @property
    def places_left(self):
        """How many seats are free, of a row from `with_taken`; None without a limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def is_full(self):
        """Whether a new name goes to the waiting list: no seat is free, or others wait for one."""
        return self.capacity is not None and (self.places_left == 0 or self.waiting > 0)

    @property
    def call(self):
        """The telephone to ring about it: its own, or that of its home, or of its branch."""
        return self.telephone or (self.home and self.home.telephone) or (self.branch and self.branch.telephone) or ""

    def is_open_for_sign_up(self, at=None):
        """Whether residents may sign up at this moment; a full one still takes names for the waiting list."""
        return self.takes_sign_up and self.status == self.Status.PUBLISHED and (at or timezone.now()) < self.closes_at
