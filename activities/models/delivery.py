"""送学上门: what was said at an activity, brought home to a member who cannot come."""

from django.db import models
from simple_history.models import HistoricalRecords

from branches.models.care import OfMemberQuerySet


class HomeDeliveryQuerySet(OfMemberQuerySet):
    """Seen by those who look after the member. Who runs the activity need not know who belongs to a branch."""

    def due(self):
        """Those nobody has been to yet, the oldest first."""
        return self.filter(visit=None).order_by("created_at", "pk")

    def for_list(self):
        return self.select_related("activity", "member__building__compound", "visit")


class HomeDelivery(models.Model):
    """Bring what was said at `activity` to `member`. Done by one visit, which is counted as what it is: one visit."""

    activity = models.ForeignKey(
        "activities.Activity", models.PROTECT, related_name="home_deliveries", verbose_name="活动"
    )
    member = models.ForeignKey(
        "branches.Member", models.PROTECT, related_name="home_deliveries", verbose_name="送给哪位党员"
    )
    visit = models.OneToOneField(
        "branches.CareVisit", models.PROTECT, null=True, blank=True, editable=False, related_name="home_delivery",
        verbose_name="哪一次送的",
    )  # fmt: skip
    created_by = models.ForeignKey(
        "branches.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="谁安排的"
    )
    is_sample = models.BooleanField("示例数据", default=False)
    created_at = models.DateTimeField("安排时间", auto_now_add=True)

    objects = HomeDeliveryQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="送学上门历史")

    class Meta:
        verbose_name = verbose_name_plural = "送学上门"
        ordering = ("created_at", "pk")
        constraints = [models.UniqueConstraint(fields=("activity", "member"), name="brought_home_once")]

    def __str__(self):
        return f"{self.activity} → {self.member}"
