"""Money of the district for a home: planned, approved, paid in instalments, settled."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet
from branches.models.appended import Appended
from homes.money import CENT, in_fen


class GrantQuerySet(ScopedQuerySet):
    division_path = "home__division"

    def of_branches(self, postings):
        return Q(pk__in=[])


class Grant(models.Model):
    """One sum of money for one home. `paid` is what its instalments add up to: written with them, under one lock."""

    class Status(models.TextChoices):
        """Written only by homes/granting.py."""

        PLANNED = "planned", "计划"
        APPROVED = "approved", "已批准"
        DISBURSED = "disbursed", "已拨付"
        SETTLED = "settled", "已结清"
        CANCELLED = "cancelled", "已取消"

    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="grants", verbose_name="家")
    year = models.PositiveSmallIntegerField("哪一年的经费")
    purpose = models.CharField("用在哪里", max_length=80)
    planned = models.DecimalField("计划（元）", max_digits=12, decimal_places=2, validators=[MinValueValidator(CENT)])
    approved = models.DecimalField("批准（元）", max_digits=12, decimal_places=2, null=True, blank=True, editable=False)
    paid = models.DecimalField("已拨（元）", max_digits=12, decimal_places=2, default=0, editable=False)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.PLANNED, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="谁提的",
    )  # fmt: skip
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="谁批的",
    )  # fmt: skip
    approved_on = models.DateField("批准日期", null=True, blank=True, editable=False)
    closed_on = models.DateField("结清或取消的日期", null=True, blank=True, editable=False)
    closed_words = models.CharField("结清或取消的说明", max_length=200, blank=True, editable=False)
    is_sample = models.BooleanField("示例数据", default=False, editable=False)

    objects = GrantQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="经费历史")

    class Meta:
        verbose_name = verbose_name_plural = "经费"
        ordering = ("-year", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(planned__gt=0), name="grant_plans_something"),
            models.CheckConstraint(
                # a comparison with nothing is unknown, and an unknown check holds: so something has to be there
                condition=Q(approved=None, paid=0)
                | Q(approved__isnull=False, approved__gt=0, paid__gte=0, paid__lte=F("approved")),
                name="grant_paid_within_approved",
                violation_error_message="拨付的钱不能超过批准的钱。",
            ),
        ]
        indexes = [models.Index(fields=("year", "status"), name="grant_by_year")]

    def __str__(self):
        return f"{self.home}：{self.purpose}（{self.year}年）"

    @property
    def left(self):
        """Yuan that may still be paid; None before it is approved."""
        return None if self.approved is None else self.approved - self.paid


class InstalmentQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q(grant__in=Grant.objects.visible_to(user))

    def total(self):
        """Yuan paid in sum: a Decimal, 0.00 for no rows. What was reversed counts for nothing."""
        return in_fen(self.aggregate(total=Sum("amount"))["total"])


class Instalment(Appended):
    """One payment, or (negative) the reversal of one that was entered by mistake."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="instalments", verbose_name="经费")
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)
    paid_on = models.DateField("哪天拨的")
    voucher = models.CharField("凭证号", max_length=40)
    words = models.CharField("说明", max_length=120, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="冲销哪一笔"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁登记的"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "拨款"
        ordering = ("paid_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="instalment_pays_or_reverses",
            )
        ]

    def __str__(self):
        return f"{self.paid_on:%Y-%m-%d} {self.amount}元"
