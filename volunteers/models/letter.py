"""Letters to the mailbox (民声邮筒), their answers, and what of them is public."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from branches.access import ListQuerySet
from branches.sealing import SealedTextField, telephone_index
from homes.models.scope import AtPlaceQuerySet

BODY_MOST = 2000


class Office(models.Model):
    """Who answers letters: an office of the district, a street, a community. A list the district edits."""

    name = models.CharField("单位", max_length=40, unique=True)
    telephone = models.CharField("电话", max_length=20, blank=True)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_archived = models.BooleanField("已归档", default=False)
    is_sample = models.BooleanField("示例数据", default=False)

    objects = ListQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="单位历史")

    class Meta:
        verbose_name = verbose_name_plural = "答复单位"
        ordering = ("order", "pk")

    def __str__(self):
        return self.name


class LetterQuerySet(AtPlaceQuerySet):
    branch_path = None

    def of_branches(self, postings):
        return Q(pk__in=[])

    def open(self):
        return self.filter(status__in=Letter.OPEN)

    def overdue(self, on=None):
        return self.open().filter(due_on__lt=on or timezone.localdate())

    def public(self):
        return self.filter(publication=Letter.Publication.PUBLIC)


class Letter(models.Model):
    """A letter, its answer, and beside them the words that may be read by everybody."""

    class Status(models.TextChoices):
        """Written only by volunteers/mailbox.py."""

        RECEIVED = "received", "已收到"
        ACCEPTED = "accepted", "已受理"
        DRAFTED = "drafted", "待审核答复"
        ANSWERED = "answered", "已答复"
        CLOSED = "closed", "已归档"
        DECLINED = "declined", "不予受理"
        MERGED = "merged", "合并办理"

    OPEN = (Status.RECEIVED, Status.ACCEPTED, Status.DRAFTED)
    ANSWERED = (Status.ANSWERED, Status.CLOSED)

    class Publication(models.TextChoices):
        """Written only by volunteers/publication.py."""

        PRIVATE = "private", "不公开"
        CONSENTED = "consented", "同意公开"
        REDACTED = "redacted", "已脱敏"
        PUBLIC = "public", "已公开"
        UNPUBLISHED = "unpublished", "已撤下"

    class DeclineReason(models.TextChoices):
        OUTSIDE = "outside", "不归我们管"
        ABUSE = "abuse", "内容不当"
        UNCLEAR = "unclear", "说得不够清楚，没法办"

    code = models.CharField("查询码", max_length=8, unique=True, null=True, blank=True, editable=False)
    subject = SealedTextField("说什么事", max_length=60, blank=True)
    body = SealedTextField("信", max_length=BODY_MOST, blank=True)
    name = SealedTextField("称呼", max_length=40, blank=True)
    telephone = SealedTextField("电话", max_length=20, blank=True)
    telephone_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    email = SealedTextField("邮箱", max_length=120, blank=True)
    proxy_name = SealedTextField("代写人", max_length=40, blank=True)
    home = models.ForeignKey(
        "homes.Home", models.PROTECT, null=True, blank=True, related_name="letters", verbose_name="投在哪个家的邮筒"
    )
    division = models.ForeignKey("branches.Division", models.PROTECT, related_name="letters", verbose_name="哪里的事")
    application = models.ForeignKey(
        "homes.HomeApplication", models.PROTECT, null=True, blank=True, related_name="letters",
        verbose_name="关于哪个公示",
    )  # fmt: skip
    taken_by = models.ForeignKey(
        "branches.User",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="谁代登记",
    )
    is_proven = models.BooleanField("不像机器发的", default=True, editable=False)

    status = models.CharField("状态", max_length=10, choices=Status, default=Status.RECEIVED, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)  # one more with every step
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, editable=False, related_name="letters", verbose_name="由谁答复"
    )
    due_on = models.DateField("最晚哪天答复", null=True, blank=True, editable=False)
    extended = models.CharField("为什么延期", max_length=300, blank=True, editable=False)
    draft = SealedTextField("答复的草稿", max_length=BODY_MOST, blank=True, editable=False)
    drafted_by = models.ForeignKey(
        "branches.User", models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name="起草人"
    )
    checked_by = models.ForeignKey(
        "branches.User", models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name="审核人"
    )
    answer = SealedTextField("答复", max_length=BODY_MOST, blank=True, editable=False)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True, editable=False)
    asked_again_at = models.DateTimeField("追问时间", null=True, blank=True, editable=False)
    asked_again = SealedTextField("追问", max_length=500, blank=True, editable=False)
    first_answer = SealedTextField("追问以前的答复", max_length=BODY_MOST, blank=True, editable=False)
    decline_reason = models.CharField("为什么不受理", max_length=10, choices=DeclineReason, blank=True, editable=False)
    decline_words = SealedTextField("不受理的说明", max_length=300, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged", verbose_name="并入哪封信"
    )

    publication = models.CharField(
        "公开", max_length=12, choices=Publication, default=Publication.PRIVATE, editable=False
    )
    consented_on = models.DateField("同意公开的日期", null=True, blank=True, editable=False)
    name_consented = models.BooleanField("同意写明称呼", default=False, editable=False)
    public_subject = models.CharField("公开的标题", max_length=60, blank=True, editable=False)
    public_body = models.TextField("公开的信", max_length=BODY_MOST, blank=True, editable=False)
    public_answer = models.TextField("公开的答复", max_length=BODY_MOST, blank=True, editable=False)
    text_changed_at = models.DateTimeField("文字改于", null=True, blank=True, editable=False)  # of letter or answer
    redacted_at = models.DateTimeField("脱敏于", null=True, blank=True, editable=False)
    redacted_by = models.ForeignKey(
        "branches.User", models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name="脱敏人"
    )
    published_at = models.DateTimeField("公开于", null=True, blank=True, editable=False)
    unpublished_reason = models.CharField("为什么撤下", max_length=300, blank=True, editable=False)

    form_key = models.CharField(max_length=32, unique=True, null=True, blank=True, editable=False)
    consent_version = models.CharField("同意的是哪一版", max_length=20, blank=True, editable=False)
    consented_at = models.DateTimeField("同意办理的时间", null=True, blank=True, editable=False)
    is_sample = models.BooleanField("示例数据", default=False)
    created_at = models.DateTimeField("收到时间", default=timezone.now, editable=False)

    objects = LetterQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["telephone_index", "form_key", "code"], verbose_name="来信历史")

    class Meta:
        verbose_name = verbose_name_plural = "来信"
        ordering = ("-created_at", "-pk")
        constraints = [
            # L-I1 and L-I6
            models.CheckConstraint(
                condition=~Q(publication="public")
                | Q(
                    status__in=("answered", "closed"), consented_on__isnull=False, published_at__isnull=False,
                    redacted_at__gte=F("text_changed_at"),
                ),
                name="letter_public_when_all_is_right",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("answered", "closed")) | Q(answered_at__isnull=False, office__isnull=False),
                name="letter_answered_by_an_office",
            ),
            models.CheckConstraint(
                condition=(Q(status="declined") & ~Q(decline_reason=""))
                | (~Q(status="declined") & Q(decline_reason="")),
                name="letter_declined_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False) | (~Q(status="merged") & Q(merged_into=None)),
                name="letter_merged_into_another",
            ),
            # L-I3; either may be nobody once a user is gone
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(drafted_by=None) | ~Q(checked_by=F("drafted_by")),
                name="letter_checked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(publication="unpublished") | ~Q(unpublished_reason=""),
                name="letter_taken_down_for_a_reason",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=("publication", "published_at"), name="letters_public"),
            models.Index(fields=("status", "due_on"), name="letters_overdue"),
        ]

    def __str__(self):
        return f"来信 {self.pk}"  # not the code: who knows it reads the letter

    def save(self, *args, **kwargs):
        self.telephone_index = telephone_index(self.telephone)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return f"/letters/{self.pk}/"

    @property
    def is_open(self):
        return self.status in self.OPEN
