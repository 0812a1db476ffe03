"""What has to be told about an order, once: to whoever asked for help, or to whoever gives it."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from volunteers.models.order import Assignment, OfOrderQuerySet, ServiceOrder


class MessageQuerySet(OfOrderQuerySet):
    def waiting(self):
        return self.filter(status=Message.Status.WAITING)

    def to_ring(self):
        """Those that a person has to tell by telephone."""
        return self.waiting().filter(channel=Message.Channel.TELEPHONE)


class Message(models.Model):
    """One thing to tell one person. The words hold no name, no telephone and no address."""

    class Kind(models.TextChoices):
        OFFERED = "offered", "请您接单"
        RECALLED = "recalled", "不用去了"
        COMING = "coming", "有人接单了"
        UNABLE = "unable", "办不了"
        CANCELLED = "cancelled", "撤单了"
        DONE = "done", "请评价"
        REOPENED = "reopened", "重新办理"

    class Channel(models.TextChoices):
        SMS = "sms", "短信"
        TELEPHONE = "telephone", "打电话"

    class Status(models.TextChoices):
        """Written only by volunteers/telling.py."""

        WAITING = "waiting", "还没通知"
        SENT = "sent", "已发出"
        TOLD = "told", "已打电话"
        VOID = "void", "不用通知了"

    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="messages", verbose_name="求助单")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name="派单"
    )  # none: it is for the resident
    kind = models.CharField("为什么", max_length=12, choices=Kind)
    version = models.PositiveIntegerField("第几步", default=0)  # of the order when it came to this
    words = models.CharField("内容", max_length=300)
    channel = models.CharField("怎么通知", max_length=10, choices=Channel, default=Channel.TELEPHONE)
    status = models.CharField("状态", max_length=8, choices=Status, default=Status.WAITING, editable=False)
    tries = models.PositiveSmallIntegerField("试了几次", default=0, editable=False)
    held_until = models.DateTimeField(null=True, blank=True, editable=False)  # one sender has it in hand until then
    done_at = models.DateTimeField("通知时间", null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        "branches.User",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="谁通知的",
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects = MessageQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="办单通知历史")

    class Meta:
        verbose_name = verbose_name_plural = "办单要通知的"
        ordering = ("created_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("order", "kind", "version"), condition=Q(assignment=None), name="resident_told_once"
            ),
            models.UniqueConstraint(
                fields=("assignment", "kind"), condition=Q(assignment__isnull=False), name="volunteer_told_once"
            ),
        ]
        indexes = [models.Index(fields=("status", "channel"), name="order_message_to_tell")]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.order}"
