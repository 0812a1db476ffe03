"""The register: members, where they belong, and since when. Sensitive personal information throughout."""

import unicodedata

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from branches import telephones
from branches.access import EVERYTHING, Action, ScopedQuerySet
from branches.sealing import SealedTextField, telephone_index


def with_one_of(memberships, condition, member):
    """The condition that the member, at this path of a row, has one of these memberships, of those that meet another.

    Few are listed first; where they are everybody's, each row is asked as its turn comes, for a page is fifty rows.
    """
    if condition is EVERYTHING:
        return Q(Exists(memberships.filter(member=OuterRef(member))))
    return Q(**{f"{member}__in": memberships.filter(condition).values("member")})


class MemberQuerySet(ScopedQuerySet):
    """A member is seen by those who answer for the branch that holds, or is asked for, the membership.

    Being asked for it opens no more than the masked page: what is sealed opens where the membership is active, and
    nobody changes a member who is active in a branch they do not answer for.
    """

    def visible_to(self, user, action=Action.VIEW):
        seen = super().visible_to(user, action)
        if action == Action.VIEW or not user.is_authenticated or user.is_superuser:
            return seen
        held = CommunityMembership.objects.where_granted(user, action, Member).active()
        if action == Action.REVEAL:
            return seen.filter(pk__in=held.values("member"))
        return seen.filter(Q(pk__in=held.values("member")) | ~Q(pk__in=self.model.objects.active()))

    def asking(self, user):
        """Those whose report waits where `user` may see members in full: to be rung up before they are taken in."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        where = CommunityMembership.objects.where_granted(user, Action.REVEAL, Member)
        return self.filter(pk__in=where.filter(status=CommunityMembership.Status.PENDING).values("member"))

    def in_areas(self, divisions):
        return self._belonging(CommunityMembership.objects.all().in_areas(divisions))

    def of_branches(self, postings):
        return self._belonging(CommunityMembership.objects.all().of_branches(postings))

    def _belonging(self, condition):
        current = CommunityMembership.objects.filter(status__in=CommunityMembership.CURRENT)
        return with_one_of(current, condition, "pk")

    def active(self):
        """Members with an active membership: the only ones any pick-list may offer."""
        return self.filter(pk__in=CommunityMembership.objects.active().values("member"))

    def by_telephone(self, telephone):
        index = telephone_index(telephone)
        return self.filter(telephone_index=index) if index else self.none()

    def named(self, asked):
        """Those of a name or the beginning of one, or of a whole telephone, however it is written; nobody for ""."""
        asked = unicodedata.normalize("NFKC", asked).replace("\0", "").strip()
        if len(telephones.digits(asked)) >= telephones.LEAST:
            return self.by_telephone(asked)
        return self.filter(name__startswith=asked) if asked else self.none()

    def locked(self, pk):
        """Whoever changes anything about a member's memberships or care waits here, whichever of them it is."""
        return self.select_for_update(of=("self",)).select_related("compound__division__parent").get(pk=pk)


class Member(models.Model):
    """A retired Party member. No ID number, no diagnosis; telephone, address and care are sealed."""

    name = models.CharField("姓名", max_length=40)
    birth_year = models.PositiveSmallIntegerField(
        "出生年份", null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2020)]
    )
    joined_on = models.DateField("入党日期", null=True, blank=True)
    enterprise = models.ForeignKey(
        "branches.Enterprise", models.PROTECT, null=True, blank=True, related_name="members", verbose_name="原企业"
    )
    compound = models.ForeignKey(
        "branches.ResidentCompound", models.PROTECT, null=True, blank=True, related_name="members", verbose_name="小区"
    )
    building = models.ForeignKey(
        "branches.Building", models.PROTECT, null=True, blank=True, related_name="members", verbose_name="楼栋"
    )
    telephone = SealedTextField("电话", max_length=20, blank=True)
    telephone_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)  # finds a telephone
    address = SealedTextField("地址", max_length=120, blank=True)
    contact = SealedTextField("联系人", max_length=80, blank=True, help_text="有事找谁：称呼和电话。")
    needs_home_visit = models.BooleanField("需要上门", default=False, help_text="只记要不要上门，不记原因。")
    care_class = SealedTextField("关怀分类", max_length=40, blank=True)
    is_sample = models.BooleanField("示例数据", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = MemberQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["updated_at", "telephone_index"], verbose_name="党员历史")

    class Meta:
        verbose_name = verbose_name_plural = "党员"
        ordering = ("pk",)

    def __str__(self):
        """The name masked: 张*. Lists, messages and error texts never hold more."""
        return f"{self.name[:1]}*" if self.name else "（已删除）"

    def save(self, *args, **kwargs):
        self.telephone_index = telephone_index(self.telephone)
        super().save(*args, **kwargs)


class MembershipQuerySet(ScopedQuerySet):
    division_path = "branch__division"
    branch_path = "branch"

    def active(self):
        return self.filter(status=CommunityMembership.Status.ACTIVE)

    def waiting(self):
        """Reports that nobody has confirmed or turned down yet."""
        return self.filter(status=CommunityMembership.Status.PENDING)

    def ungrouped(self):
        """The active ones in no group."""
        placed = GroupPlacement.objects.current().filter(membership=OuterRef("pk"))
        return self.active().filter(~Exists(placed))

    def locked(self, membership):
        """The row of `membership` as it is now, locked after its member: always in this order."""
        Member.objects.locked(membership.member_id)
        return self.select_for_update(of=("self",)).select_related("member", "branch").get(pk=membership.pk)


class CommunityMembership(models.Model):
    """The activity relation of a member to a branch (双报到), from `since` up to, not including, `until`.

    The formal relation stays with the home unit, which only the member's own report names.
    """

    class Status(models.TextChoices):
        """Written only by branches/membership.py."""

        PENDING = "pending", "待确认"
        ACTIVE = "active", "在册"
        REJECTED = "rejected", "未通过"
        ENDED = "ended", "已结束"
        WITHDRAWN = "withdrawn", "已撤回"

    CURRENT = (Status.PENDING, Status.ACTIVE)

    class EndReason(models.TextChoices):
        MOVED = "moved", "迁出"
        ASKED = "asked", "本人要求"
        DIED = "died", "去世"
        TRANSFERRED = "transferred", "转到别的支部"
        OTHER = "other", "其他"

    member = models.ForeignKey(Member, models.PROTECT, related_name="memberships", verbose_name="党员")
    branch = models.ForeignKey("branches.Branch", models.PROTECT, related_name="memberships", verbose_name="支部")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.PENDING, editable=False)
    home_unit = models.CharField("组织关系所在单位", max_length=80)
    reported_on = models.DateField("报到日期", default=timezone.localdate)
    reported_by = models.ForeignKey(
        "branches.User", models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name="代报人"
    )
    lives_in = models.ForeignKey(
        "branches.ResidentCompound",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="报到时住的小区",
    )  # of somebody who has moved house; becomes the member's own when the branch takes them in
    since = models.DateField("在册自", null=True, blank=True, editable=False)
    until = models.DateField("在册至", null=True, blank=True, editable=False)
    end_reason = models.CharField("结束原因", max_length=12, choices=EndReason, blank=True, editable=False)
    note = models.CharField("说明", max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="报到历史")

    class Meta:
        verbose_name = verbose_name_plural = "社区报到"
        ordering = ("-reported_on", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("member",), condition=Q(status="active"), name="one_active_membership"),
            models.CheckConstraint(
                condition=(Q(status__in=("pending", "rejected", "withdrawn"), since=None, until=None, end_reason=""))
                | Q(status="active", since__isnull=False, until=None, end_reason="")
                | (Q(status="ended", since__isnull=False, until__isnull=False) & ~Q(end_reason="")),
                name="membership_dates_fit_status",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="membership_ends_after_it_begins"
            ),
        ]
        # who is on a branch's books; whether a member is on any; the staff's list, the last one first
        indexes = [
            models.Index(fields=("branch", "status"), name="membership_of_branch"),
            models.Index(fields=("member", "status"), name="membership_of_member"),
            models.Index(fields=("reported_on",), name="memberships_by_time"),
        ]

    def __str__(self):
        return f"{self.member} · {self.branch}"


class GroupPlacementQuerySet(ScopedQuerySet):
    division_path = "membership__branch__division"
    branch_path = "membership__branch"

    def current(self):
        return self.filter(until=None)


class GroupPlacement(models.Model):
    """In which group of the branch a member is, and which centre household looks after them, while it lasts."""

    membership = models.ForeignKey(
        CommunityMembership, models.PROTECT, related_name="placements", verbose_name="社区报到"
    )
    group = models.ForeignKey("branches.PartyGroup", models.PROTECT, related_name="placements", verbose_name="党小组")
    household = models.ForeignKey(
        "branches.CentreHousehold",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name="中心户",
    )
    since = models.DateField("从")
    until = models.DateField("到", null=True, blank=True)

    objects = GroupPlacementQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="分组历史")

    class Meta:
        verbose_name = verbose_name_plural = "分组"
        ordering = ("-since", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("membership",), condition=Q(until=None), name="one_group_at_a_time"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="placement_ends_after_it_begins"
            ),
        ]

    def __str__(self):
        return f"{self.group}"
