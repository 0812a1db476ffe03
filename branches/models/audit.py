"""The audit trail: who saw, took out, let in or was let in. Each row seals the one before it."""

from django.db import models

from branches.access import ScopedQuerySet


class AuditQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return models.Q()  # whoever may read the trail reads all of it


class AuditEntry(models.Model):
    """One row of the chain; written by branches/audit.py alone. The database itself refuses changes and deletions."""

    class Action(models.TextChoices):
        LOG_IN = "log_in", "登录"
        LOG_IN_FAILED = "log_in_failed", "登录失败"
        LOG_OUT = "log_out", "退出"
        REVEAL = "reveal", "查看完整信息"
        EXPORT = "export", "导出"
        APPROVAL = "approval", "导出的申请和批准"
        IMPORT = "import", "导入"
        ROLE = "role", "岗位变动"
        DENIED = "denied", "没有权限"
        ERASE = "erase", "删除个人信息"
        HAND_OVER = "hand_over", "提供个人信息副本"
        KEYS = "keys", "更换密钥"
        PURGE = "purge", "到期清理"
        SECURITY = "security", "账号安全设置"

    number = models.BigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间")
    action = models.CharField("做了什么", max_length=20, choices=Action)
    actor = models.CharField("用户名", max_length=150, blank=True)
    actor_name = models.CharField("谁", max_length=60, blank=True)
    subject = models.CharField("对象种类", max_length=60, blank=True)
    subject_pk = models.CharField("对象编号", max_length=20, blank=True)
    label = models.CharField("对象", max_length=120, blank=True)  # masked: no telephone, no full name
    reason = models.CharField("理由", max_length=300, blank=True)
    data = models.JSONField("其他", default=dict, blank=True)
    origin = models.CharField("来自", max_length=64, blank=True)
    digest = models.CharField("封印", max_length=64)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ("-number",)
        indexes = [models.Index(fields=("action", "at"), name="audit_by_action")]

    def __str__(self):
        return f"{self.number} {self.get_action_display()}"


class AuditHead(models.Model):
    """The end of the chain, in one row that writers lock: number and digest of the newest entry."""

    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    class Meta:
        verbose_name = verbose_name_plural = "审计链末端"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="audit_one_head")]

    def __str__(self):
        return str(self.number)
