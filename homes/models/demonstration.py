"""Recognition of a home as a demonstration site (示范阵地): nominated, granted with dates, run out or taken back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet

ENDING_DAYS = 60  # before a term runs out, somebody should think of the next


class DemonstrationQuerySet(ScopedQuerySet):
    division_path = "home__division"

    def current(self, on=None):
        """In force on the day `on` (today unless told): granted, not yet run out, not taken back."""
        on = on or timezone.localdate()
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=on), Q(revoked_on=None) | Q(revoked_on__gt=on), granted_on__lte=on
        )

    def ending(self, on=None):
        """In force, and running out within sixty days."""
        on = on or timezone.localdate()
        return self.current(on).filter(valid_until__lte=on + timezone.timedelta(days=ENDING_DAYS))

    def nominated(self):
        """Proposed, and not decided yet."""
        return self.filter(granted_on=None, declined_on=None)


class Demonstration(models.Model):
    class Status(models.TextChoices):
        """What the dates say; written by homes/demonstrating.py, read by the day."""

        NOMINATED = "nominated", "已提名"
        DECLINED = "declined", "没有授予"
        GRANTED = "granted", "已授予"
        EXPIRED = "expired", "已到期"
        REVOKED = "revoked", "已撤销"

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="demonstrations", verbose_name="家")
    nominated_on = models.DateField("提名日期", null=True, blank=True, editable=False)  # older ones: not known
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="谁提名的",
    )  # fmt: skip
    why = models.CharField("为什么提名", max_length=200, blank=True, editable=False)
    declined_on = models.DateField("没有授予，哪天定的", null=True, blank=True, editable=False)
    granted_on = models.DateField("授予日期", null=True, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True, help_text="留空表示没有规定期限。")
    revoked_on = models.DateField("撤销日期", null=True, blank=True)
    reason = models.CharField("没有授予或撤销的原因", max_length=200, blank=True)
    is_sample = models.BooleanField("示例数据", default=False)

    objects = DemonstrationQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="示范阵地历史")

    class Meta:
        verbose_name = verbose_name_plural = "示范阵地"
        ordering = ("-granted_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(granted_on__isnull=False, valid_until__gte=F("granted_on")),
                name="demonstration_ends_after_it_begins",
                violation_error_message="有效期不能早于授予日期。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on=None, declined_on=None, reason="")
                | (
                    Q(revoked_on__isnull=False, declined_on=None, granted_on__isnull=False)
                    & Q(revoked_on__gte=F("granted_on"))
                    & ~Q(reason="")
                )
                | (Q(declined_on__isnull=False, revoked_on=None, granted_on=None) & ~Q(reason="")),
                name="demonstration_revoked_with_reason",
                violation_error_message="撤销或不授予要同时写明日期和原因，撤销日期不能早于授予日期。",
            ),
            models.CheckConstraint(
                condition=Q(nominated_on__isnull=False) | Q(granted_on__isnull=False),
                name="demonstration_nominated_or_granted",
                violation_error_message="请写授予日期。",
            ),
            models.UniqueConstraint(
                fields=("home",),
                condition=Q(granted_on=None, declined_on=None),
                name="one_open_nomination_a_home",
            ),
        ]

    def __str__(self):
        return f"{self.home}（{self.granted_on:%Y年}）" if self.granted_on else f"{self.home}（提名）"

    @property
    def status(self):
        """The state on this day: dates alone say it, so that nothing has to be run when one passes."""
        today = timezone.localdate()
        if self.declined_on:
            return self.Status.DECLINED
        if self.granted_on is None:
            return self.Status.NOMINATED
        if self.revoked_on and self.revoked_on <= today:
            return self.Status.REVOKED
        return self.Status.EXPIRED if self.valid_until and self.valid_until < today else self.Status.GRANTED

    def get_status_display(self):
        return self.Status(self.status).label
