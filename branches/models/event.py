"""What happened to a record, step by step. Outlives what it describes: no foreign keys."""

from django.db import models

from branches.access import ScopedQuerySet
from branches.models.appended import Appended


class Event(Appended):
    """One step of one record. Appended by the verbs, never changed."""

    subject = models.CharField("记录种类", max_length=60)
    subject_pk = models.BigIntegerField("记录编号")
    event = models.CharField("步骤", max_length=30)
    before = models.CharField("原来", max_length=20, blank=True)
    after = models.CharField("现在", max_length=20)
    actor = models.CharField("用户名", max_length=150, blank=True)
    actor_name = models.CharField("谁", max_length=60)
    on_behalf_of = models.CharField("代谁", max_length=60, blank=True)
    reason = models.CharField("原因", max_length=300, blank=True)
    data = models.JSONField("其他", default=dict, blank=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办理经过"
        ordering = ("at", "pk")
        # the timeline of one record
        indexes = [models.Index(fields=("subject", "subject_pk", "at"), name="event_timeline")]

    def __str__(self):
        return f"{self.event} {self.after}"
