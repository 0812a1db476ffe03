"""Who looks after whom, how often, and when somebody was there. What is written about a visit is sealed."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet
from branches.models.member import CommunityMembership, with_one_of
from branches.sealing import SealedTextField


class CareClassQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q()  # one list for the whole district


class CareClass(models.Model):
    """A class of care (分类管理) the district edits: how a member takes part, never a diagnosis."""

    slug = models.SlugField("代号", max_length=40, unique=True)
    name = models.CharField("分类", max_length=30, unique=True)
    sentence = models.CharField("说明", max_length=120, blank=True, help_text="怎样照顾，不写病情。")
    visit_every_days = models.PositiveSmallIntegerField(
        "建议多少天看望一次", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_archived = models.BooleanField("已归档", default=False)

    objects = CareClassQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="分类历史")

    class Meta:
        verbose_name = verbose_name_plural = "关怀分类"
        ordering = ("order", "pk")

    def __str__(self):
        return self.name


class OfMemberQuerySet(ScopedQuerySet):
    """Rows about a member, seen by those who answer for the branch the member is active in.

    A report that waits opens the member's page, not what another branch wrote down about visits.
    """

    def in_areas(self, divisions):
        return self._of(CommunityMembership.objects.all().in_areas(divisions))

    def of_branches(self, postings):
        return self._of(CommunityMembership.objects.all().of_branches(postings))

    def _of(self, condition):
        return with_one_of(CommunityMembership.objects.active(), condition, "member")


class PairingQuerySet(OfMemberQuerySet):
    def running(self):
        return self.filter(until=None)

    def due(self, on=None):
        """Running pairs whose next visit is due on the day `on` (today unless told) or before, the longest first."""
        return self.running().filter(next_visit_on__lte=on or timezone.localdate()).order_by("next_visit_on", "pk")


class Pairing(models.Model):
    """结对帮扶: `carer` looks in on `member` every so many days, from a day until a day."""

    member = models.ForeignKey("branches.Member", models.PROTECT, related_name="pairings", verbose_name="被看望的党员")
    carer = models.ForeignKey("branches.Member", models.PROTECT, related_name="carings", verbose_name="结对的党员")
    every_days = models.PositiveSmallIntegerField(
        "每隔多少天", default=14, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    since = models.DateField("从", default=timezone.localdate)
    until = models.DateField("到", null=True, blank=True, editable=False)
    next_visit_on = models.DateField("下次看望", editable=False)  # written by branches/care.py with every visit
    is_sample = models.BooleanField("示例数据", default=False)

    objects = PairingQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="结对历史")

    class Meta:
        verbose_name = verbose_name_plural = "结对帮扶"
        ordering = ("next_visit_on", "pk")
        constraints = [
            models.UniqueConstraint(fields=("member", "carer"), condition=Q(until=None), name="pair_once"),
            models.CheckConstraint(
                condition=~Q(member=F("carer")),
                name="pair_of_two",
                violation_error_message="结对的是两个人，不能是同一个人。",
            ),
            models.CheckConstraint(condition=Q(every_days__gte=1, every_days__lte=365), name="pair_rhythm_in_a_year"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="pair_ends_after_it_begins"
            ),
        ]
        # the secretary's first page
        indexes = [models.Index(fields=("until", "next_visit_on"), name="pair_due")]

    def __str__(self):
        return f"{self.carer} → {self.member}"


class CareVisit(models.Model):
    """Somebody was with a member: a visit, a call, or study brought home (送学上门)."""

    class Kind(models.TextChoices):
        VISIT = "visit", "上门看望"
        STUDY = "study", "送学上门"
        CALL = "call", "打电话"
        NOBODY_HOME = "nobody_home", "去了没人"

    member = models.ForeignKey("branches.Member", models.PROTECT, related_name="visits", verbose_name="党员")
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="结对"
    )
    kind = models.CharField("做了什么", max_length=12, choices=Kind, default=Kind.VISIT)
    visited_on = models.DateField("哪一天", default=timezone.localdate)
    note = SealedTextField("记一笔", max_length=500, blank=True, help_text="不写病情。")
    logged_by = models.ForeignKey(
        "branches.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="记录人"
    )
    logged_at = models.DateTimeField("记录时间", auto_now_add=True)
    is_sample = models.BooleanField("示例数据", default=False)

    objects = OfMemberQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="走访历史")

    class Meta:
        verbose_name = verbose_name_plural = "走访"
        ordering = ("-visited_on", "-pk")

    def __str__(self):
        return f"{self.member} {self.visited_on:%Y-%m-%d}"
