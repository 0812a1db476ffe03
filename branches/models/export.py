"""What somebody wants to take out of the register, while a second person decides whether they may."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from branches.access import Action, ScopedQuerySet
from branches.sealing import SealedTextField

TOLD_DAYS = 7  # that a refusal stays on the first page of whoever asked


class ExportQuerySet(ScopedQuerySet):
    branch_path = "branch"

    def scope(self, user, postings):
        """What was asked of one's own area, and what one has asked for oneself."""
        return super().scope(user, postings) | Q(asked_by=user)

    def waiting_for(self, user):
        """Those that `user` may be the second person for: of their area, and asked by somebody else."""
        waiting = self.filter(status=ExportRequest.Status.WAITING).exclude(asked_by=user.pk)
        return waiting.visible_to(user, Action.CHANGE)

    def ready_for(self, user):
        """Those of `user` that may be fetched and have not been."""
        agreed = self.filter(asked_by=user.pk, status=ExportRequest.Status.APPROVED, fetched_at=None)
        return agreed.filter(expires_at__gt=timezone.now())

    def asked_by(self, user):
        """Those of `user` that a colleague has not decided."""
        return self.filter(asked_by=user.pk, status=ExportRequest.Status.WAITING)

    def declined_to(self, user):
        """Those of `user` that were declined a few days ago."""
        lately = timezone.now() - timedelta(days=TOLD_DAYS)
        return self.filter(asked_by=user.pk, status=ExportRequest.Status.DECLINED, decided_at__gt=lately)


class ExportRequest(models.Model):
    """Asked for: the members that a list showed. The sheet itself is made when it is fetched, and kept nowhere."""

    class Status(models.TextChoices):
        """Written only by branches/register_requests.py."""

        WAITING = "waiting", "等着批准"
        APPROVED = "approved", "已批准"
        DECLINED = "declined", "没有批准"
        WITHDRAWN = "withdrawn", "已撤回"

    asked_by = models.ForeignKey("branches.User", models.PROTECT, related_name="+", verbose_name="谁要导出")
    asked_at = models.DateTimeField("什么时候提出", auto_now_add=True)
    reason = models.CharField("为什么", max_length=300)
    query = SealedTextField("筛选", blank=True)  # of the list's address: it may hold a name or a telephone
    rows = models.PositiveIntegerField("多少位")
    # the smallest place that holds all of them: those who answer for it are asked
    division = models.ForeignKey("branches.Division", models.PROTECT, related_name="+", verbose_name="范围")
    branch = models.ForeignKey(
        "branches.Branch", models.PROTECT, null=True, related_name="+", verbose_name="支部"
    )  # where all are of one
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.WAITING)
    decided_by = models.ForeignKey(
        "branches.User", models.PROTECT, null=True, related_name="+", verbose_name="谁决定的"
    )
    decided_at = models.DateTimeField("什么时候决定", null=True)
    answer = models.CharField("没有批准的原因", max_length=300, blank=True)
    expires_at = models.DateTimeField("下载到什么时候为止", null=True)
    fetched_at = models.DateTimeField("最近一次下载", null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导出申请"
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="export_decided_by_another"),
            models.CheckConstraint(
                condition=Q(
                    status__in=("waiting", "withdrawn"),
                    decided_by=None,
                    decided_at=None,
                    expires_at=None,
                    fetched_at=None,
                )
                | Q(status="approved", decided_by__isnull=False, decided_at__isnull=False, expires_at__isnull=False)
                | Q(
                    status="declined",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    expires_at=None,
                    fetched_at=None,
                ),
                name="export_dates_fit_status",
            ),
        ]

    def __str__(self):
        return f"{self.branch or self.division}的{self.rows}位党员"
