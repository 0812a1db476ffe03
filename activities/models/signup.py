"""Who is coming: bookings (one code, one telephone) and the people named in them, one row each and activity."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from activities.models.scope import OfActivityQuerySet
from branches.access import ScopedQuerySet
from branches.sealing import SealedTextField, telephone_index


class BookingQuerySet(ScopedQuerySet):
    """Bookings are met through their sign-ups."""

    def scope(self, user, postings):
        own = SignUp.objects.filter(SignUp.objects.all().scope(user, postings))
        return Q(pk__in=own.values("booking"))


class Booking(models.Model):
    """One time somebody signed up: one to four people, one telephone, one code. Sealed; let go of half a year later."""

    code = models.CharField(
        "报名码", max_length=8, unique=True, null=True, blank=True, editable=False
    )  # none once the booking is emptied
    telephone = SealedTextField("电话", max_length=20, blank=True)
    telephone_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    email = SealedTextField("邮箱", max_length=120, blank=True)
    proxy = models.CharField("代谁报名的人", max_length=40, blank=True)
    note = SealedTextField("要跟组织者说的话", max_length=200, blank=True)
    course = models.ForeignKey(
        "activities.Course", models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name="报了整门课"
    )
    left_at = models.DateTimeField("退课时间", null=True, blank=True, editable=False)
    form_key = models.CharField(
        max_length=32, unique=True, null=True, blank=True, editable=False
    )  # one form, one booking
    consent_version = models.CharField("同意的是哪一版", max_length=20, blank=True)
    consented_at = models.DateTimeField("同意的时间", null=True, blank=True)
    taken_by = models.ForeignKey(
        "branches.User",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="谁代登记",
    )
    is_sample = models.BooleanField("示例数据", default=False)
    created_at = models.DateTimeField("报名时间", auto_now_add=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报名单"
        ordering = ("-created_at", "pk")

    def __str__(self):
        return f"报名单 {self.pk}"  # not the code: who knows it may cancel

    def save(self, *args, **kwargs):
        self.telephone_index = telephone_index(self.telephone)
        super().save(*args, **kwargs)


class SignUpQuerySet(OfActivityQuerySet):
    def active(self):
        return self.filter(status__in=SignUp.ACTIVE)

    def seated(self):
        """Those who take a seat of the capacity."""
        return self.filter(status__in=SignUp.SEATED, walk_in=False)

    def queue(self):
        """Those who wait, the first one first."""
        return self.filter(status=SignUp.Status.WAITLISTED).order_by("waitlisted_at", "pk")


class SignUp(models.Model):
    """One person at one activity."""

    class Status(models.TextChoices):
        """Written only by activities/signup.py."""

        CONFIRMED = "confirmed", "已报名"
        WAITLISTED = "waitlisted", "候补"
        CANCELLED = "cancelled", "已取消"
        ATTENDED = "attended", "已到"
        ABSENT = "absent", "未到"

    SEATED = (Status.CONFIRMED, Status.ATTENDED, Status.ABSENT)
    ACTIVE = (Status.CONFIRMED, Status.WAITLISTED, Status.ATTENDED, Status.ABSENT)

    class CancelledBy(models.TextChoices):
        PERSON = "person", "本人或代办人"
        ORGANISER = "organiser", "组织者"
        ACTIVITY = "activity", "活动取消"

    activity = models.ForeignKey("activities.Activity", models.PROTECT, related_name="sign_ups", verbose_name="活动")
    booking = models.ForeignKey(
        Booking, models.PROTECT, null=True, blank=True, related_name="sign_ups", verbose_name="报名单"
    )  # none for somebody who just walked in
    name = models.CharField("姓名", max_length=40)
    person_key = models.CharField(max_length=64, blank=True, editable=False)
    status = models.CharField("状态", max_length=10, choices=Status, editable=False)
    waitlisted_at = models.DateTimeField("候补自", null=True, blank=True, editable=False)
    walk_in = models.BooleanField("临时来的", default=False, editable=False)
    cancelled_by = models.CharField("谁取消的", max_length=10, choices=CancelledBy, blank=True, editable=False)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True, editable=False)
    is_sample = models.BooleanField("示例数据", default=False)
    created_at = models.DateTimeField("报名时间", auto_now_add=True)

    objects = SignUpQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["person_key"], verbose_name="报名历史")

    class Meta:
        verbose_name = verbose_name_plural = "报名"
        ordering = ("activity", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("activity", "person_key"),
                condition=Q(status__in=("confirmed", "waitlisted", "attended", "absent")) & ~Q(person_key=""),
                name="one_sign_up_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(status="waitlisted") | Q(waitlisted_at__isnull=False), name="sign_up_waits_since"
            ),
            models.CheckConstraint(
                condition=(Q(status="cancelled", cancelled_at__isnull=False) & ~Q(cancelled_by=""))
                | (~Q(status="cancelled") & Q(cancelled_at=None, cancelled_by="")),
                name="sign_up_cancelled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(walk_in=False) | Q(status__in=("attended", "cancelled")), name="walk_in_is_there"
            ),
        ]
        # seats and queue of one activity; the staff's list, the last one first
        indexes = [
            models.Index(fields=("activity", "status", "waitlisted_at"), name="sign_up_of_activity"),
            models.Index(fields=("created_at",), name="sign_ups_by_time"),
        ]

    def __str__(self):
        return f"{self.name[:1]}* · {self.activity}" if self.name else f"（已删除） · {self.activity}"
