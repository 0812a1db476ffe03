"""Recognition of a home as a demonstration site (示范阵地), dated."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet


class DemonstrationQuerySet(ScopedQuerySet):
    division_path = "home__division"

    def current(self, on=None):
        """In force on the day `on` (today unless told): granted, not yet run out, not taken back."""
        on = on or timezone.localdate()
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=on), Q(revoked_on=None) | Q(revoked_on__gt=on), granted_on__lte=on
        )


class Demonstration(models.Model):
    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="demonstrations", verbose_name="家")
    granted_on = models.DateField("授予日期")
    valid_until = models.DateField("有效期至", null=True, blank=True, help_text="留空表示没有规定期限。")
    revoked_on = models.DateField("撤销日期", null=True, blank=True)
    reason = models.CharField("撤销原因", max_length=200, blank=True)
    is_sample = models.BooleanField("示例数据", default=False)

    objects = DemonstrationQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="示范阵地历史")

    class Meta:
        verbose_name = verbose_name_plural = "示范阵地"
        ordering = ("-granted_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("granted_on")),
                name="demonstration_ends_after_it_begins",
                violation_error_message="有效期不能早于授予日期。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on=None, reason="")
                | (Q(revoked_on__isnull=False, revoked_on__gte=F("granted_on")) & ~Q(reason="")),
                name="demonstration_revoked_with_reason",
                violation_error_message="撤销要同时写明日期和原因，日期不能早于授予日期。",
            ),
        ]

    def __str__(self):
        return f"{self.home}（{self.granted_on:%Y}年）"
