"""Duties that come again (the school escort every morning), their shifts, and who stands in them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from volunteers.models.team import OfHomeQuerySet, Team, Volunteer

MINUTES_MOST = 12 * 60  # of one order or shift
PEOPLE_MOST = 50


class DutyQuerySet(OfHomeQuerySet):
    home_path = "team__home"


class Duty(models.Model):
    """What a team does on certain weekdays from an hour to an hour."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="duties", verbose_name="队伍")
    name = models.CharField("勤务", max_length=40, help_text="例如早上护学。")
    place = models.CharField("在哪里", max_length=60, blank=True)
    weekdays = models.PositiveSmallIntegerField("星期几", default=0b0011111)  # bits, Monday the lowest
    working_days = models.BooleanField("只在上班上学的日子", default=True, help_text="放假不排，调休上班的周末照排。")
    begins = models.TimeField("几点开始")
    ends = models.TimeField("几点结束")
    needed = models.PositiveSmallIntegerField(
        "每班几个人", default=2, validators=[MinValueValidator(1), MaxValueValidator(PEOPLE_MOST)]
    )
    since = models.DateField("从哪一天")
    until = models.DateField("到哪一天", null=True, blank=True, help_text="留空就一直排下去。")
    is_archived = models.BooleanField("已归档", default=False)
    is_sample = models.BooleanField("示例数据", default=False)

    objects = DutyQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="勤务历史")

    class Meta:
        verbose_name = verbose_name_plural = "勤务"
        ordering = ("team", "begins", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")),
                name="duty_ends_after_it_begins",
                violation_error_message="结束要晚于开始。",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="duty_days_in_order",
                violation_error_message="最后一天不能早于第一天。",
            ),
            models.CheckConstraint(
                condition=Q(weekdays__gte=1, weekdays__lt=1 << 7),
                name="duty_has_weekdays",
                violation_error_message="请至少选一个星期几。",
            ),
            models.CheckConstraint(condition=Q(needed__gte=1, needed__lte=PEOPLE_MOST), name="duty_needs_somebody"),
        ]

    def __str__(self):
        return self.name


class ShiftQuerySet(OfHomeQuerySet):
    home_path = "duty__team__home"


class Shift(models.Model):
    """A duty on one day."""

    class Status(models.TextChoices):
        """Written only by volunteers/duties.py."""

        PLANNED = "planned", "照常"
        CANCELLED = "cancelled", "取消"

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="shifts", verbose_name="勤务")
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    needed = models.PositiveSmallIntegerField(
        "几个人", validators=[MinValueValidator(1), MaxValueValidator(PEOPLE_MOST)]
    )
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.PLANNED, editable=False)
    note = models.CharField("说明", max_length=120, blank=True)

    objects = ShiftQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="班次历史")

    class Meta:
        verbose_name = verbose_name_plural = "班次"
        ordering = ("starts_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("duty", "starts_at"), name="shift_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(needed__gte=1), name="shift_needs_somebody"),
        ]
        indexes = [models.Index(fields=("status", "starts_at"), name="shifts_to_come")]

    def __str__(self):
        return f"{self.duty} {timezone.localdate(self.starts_at)}"


class ShiftPlaceQuerySet(OfHomeQuerySet):
    home_path = "shift__duty__team__home"

    def standing(self):
        """Places that are taken: who comes, and who was there."""
        return self.filter(status__in=ShiftPlace.STANDING)


class ShiftPlace(models.Model):
    """One person in one shift."""

    class Status(models.TextChoices):
        """Written only by volunteers/duties.py."""

        JOINED = "joined", "值班"
        LEFT = "left", "退出"
        SERVED = "served", "已到"
        ABSENT = "absent", "没来"

    STANDING = (Status.JOINED, Status.SERVED)

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="places", verbose_name="班次")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="shift_places", verbose_name="志愿者")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.JOINED, editable=False)
    wants_swap = models.BooleanField("想换班", default=False, editable=False)
    minutes = models.PositiveSmallIntegerField(
        "服务分钟", null=True, blank=True, editable=False, validators=[MaxValueValidator(MINUTES_MOST)]
    )
    joined_at = models.DateTimeField("报名时间", auto_now_add=True)

    objects = ShiftPlaceQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="值班历史")

    class Meta:
        verbose_name = verbose_name_plural = "值班"
        ordering = ("shift", "pk")
        constraints = [
            models.UniqueConstraint(fields=("shift", "volunteer"), condition=~Q(status="left"), name="in_a_shift_once"),
            models.CheckConstraint(
                condition=Q(status="served", minutes__isnull=False, minutes__lte=MINUTES_MOST)
                | (~Q(status="served") & Q(minutes=None)),
                name="shift_minutes_of_who_served",
            ),
            models.CheckConstraint(condition=Q(wants_swap=False) | Q(status="joined"), name="swap_before_the_shift"),
        ]

    def __str__(self):
        return f"{self.volunteer} · {self.shift}"
