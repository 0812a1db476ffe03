"""The money of a project: what it needs, who has promised how much, and every yuan in and out."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from simple_history.models import HistoricalRecords

from branches.models.appended import Appended
from homes.models.project import CommunityProject, OfProjectQuerySet, no_household
from homes.money import CENT, in_fen


class BudgetLine(models.Model):
    """What the project needs money for."""

    project = models.ForeignKey(CommunityProject, models.PROTECT, related_name="budget", verbose_name="项目")
    name = models.CharField("用在哪里", max_length=60, validators=[no_household])
    amount = models.DecimalField("预算（元）", max_digits=14, decimal_places=2, validators=[MinValueValidator(CENT)])
    order = models.PositiveSmallIntegerField("顺序", default=100)

    objects = OfProjectQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="预算历史")

    class Meta:
        verbose_name = verbose_name_plural = "项目预算"
        ordering = ("order", "pk")
        constraints = [
            models.UniqueConstraint(fields=("project", "name"), name="budget_line_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_line_is_something"),
        ]

    def __str__(self):
        return self.name


class FundingSource(models.Model):
    """Where money comes from, as a whole: all households together, a fund, an enterprise. Never one household."""

    class Kind(models.TextChoices):
        HOUSEHOLDS = "households", "居民自筹（合计）"
        REPAIR_FUND = "repair_fund", "维修资金"
        DISTRICT = "district", "区里补助"
        CITY = "city", "市里补助"
        ENTERPRISE = "enterprise", "单位支持"
        OTHER = "other", "其他"

    project = models.ForeignKey(CommunityProject, models.PROTECT, related_name="sources", verbose_name="项目")
    kind = models.CharField("种类", max_length=12, choices=Kind)
    name = models.CharField("写明是哪一笔", max_length=60, blank=True, validators=[no_household])
    committed = models.DecimalField(
        "认定出多少（元）", max_digits=14, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )

    objects = OfProjectQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="资金来源历史")

    class Meta:
        verbose_name = verbose_name_plural = "资金来源"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("project", "kind", "name"), name="source_once"),
            models.CheckConstraint(condition=Q(committed__gte=0), name="source_commits_no_debt"),
        ]

    def __str__(self):
        return self.name or self.get_kind_display()


class LedgerQuerySet(OfProjectQuerySet):
    def total(self):
        """Yuan in sum: a Decimal to the fen; 0.00 for no lines."""
        return in_fen(self.aggregate(total=Sum("amount"))["total"])

    def money_in(self):
        return self.filter(source__isnull=False)

    def money_out(self):
        return self.filter(budget_line__isnull=False)


class LedgerLine(Appended):
    """One sum that came in from a source, or went out for a line of the budget. Negative: it reverses another."""

    project = models.ForeignKey(CommunityProject, models.PROTECT, related_name="ledger", verbose_name="项目")
    source = models.ForeignKey(
        FundingSource, models.PROTECT, null=True, blank=True, related_name="lines", verbose_name="收入来源"
    )
    budget_line = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, blank=True, related_name="lines", verbose_name="支出项目"
    )
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2)
    on = models.DateField("日期")
    words = models.CharField("摘要", max_length=120, validators=[no_household])
    voucher = models.CharField("凭证号", max_length=40, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="冲销哪一笔"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁记的"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目账目"
        ordering = ("on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(source__isnull=False, budget_line=None) | Q(source=None, budget_line__isnull=False),
                name="ledger_line_in_or_out",
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="ledger_line_counts_or_reverses",
            ),
        ]

    def __str__(self):
        return f"{self.on:%Y-%m-%d} {self.words} {self.amount}元"
