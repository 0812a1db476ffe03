"""The outbox: what has to be told to somebody, once. It leaves by e-mail, by SMS, or is rung up and ticked off."""

from django.db import models
from simple_history.models import HistoricalRecords

from homes.models.scope import AtPlaceQuerySet


class MessageQuerySet(AtPlaceQuerySet):
    place_path = "sign_up__activity__"
    division_path = "sign_up__activity__division"
    branch_path = "sign_up__activity__branch"

    def waiting(self):
        return self.filter(status=Message.Status.WAITING)

    def to_ring(self):
        """Those nobody but a person can tell: no e-mail, no SMS, or it did not get through."""
        return self.waiting().filter(channel=Message.Channel.TELEPHONE)


class Message(models.Model):
    """One thing to tell one person. The words hold no name and no telephone."""

    class Kind(models.TextChoices):
        RESCHEDULED = "rescheduled", "改了时间或地点"
        CANCELLED = "cancelled", "活动取消"
        PROMOTED = "promoted", "候补转为报上"
        REMINDER = "reminder", "提醒"

    class Channel(models.TextChoices):
        EMAIL = "email", "邮件"
        SMS = "sms", "短信"
        TELEPHONE = "telephone", "打电话"

    class Status(models.TextChoices):
        """Written only by activities/outbox.py."""

        WAITING = "waiting", "还没通知"
        SENT = "sent", "已发出"
        TOLD = "told", "已打电话"
        VOID = "void", "不用通知了"

    sign_up = models.ForeignKey("activities.SignUp", models.PROTECT, related_name="messages", verbose_name="报名")
    kind = models.CharField("为什么", max_length=12, choices=Kind)
    version = models.PositiveIntegerField("第几版", default=0)
    words = models.CharField("内容", max_length=300)
    channel = models.CharField("怎么通知", max_length=10, choices=Channel)
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
    history = HistoricalRecords(verbose_name="通知历史")

    class Meta:
        verbose_name = verbose_name_plural = "要通知的"
        ordering = ("created_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("sign_up", "kind", "version"), name="told_once"),
        ]
        # the call list, and what is to be sent
        indexes = [models.Index(fields=("status", "channel"), name="message_to_tell")]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.sign_up}"
