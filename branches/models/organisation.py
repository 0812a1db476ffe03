"""Branches and what they reach residents through: compounds, grids, buildings, groups, centre households."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet


class PlaceQuerySet(ScopedQuerySet):
    """Places of a division. Secretaries see those of the areas their branches answer for."""

    def of_branches(self, postings):
        return self.in_areas({posting.branch.division_id for posting in postings})


class Position(models.Model):
    """WGS-84 degrees, both or neither."""

    longitude = models.DecimalField(
        "经度", max_digits=9, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    latitude = models.DecimalField(
        "纬度", max_digits=9, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | Q(longitude__isnull=False, latitude__isnull=False)
                & Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
                name="%(class)s_position_whole",
                violation_error_message="经度和纬度要么都填，要么都不填。",
            )
        ]


class ResidentCompound(Position):
    """A walled or named estate (小区) of one community."""

    name = models.CharField("小区", max_length=60)
    division = models.ForeignKey("branches.Division", models.PROTECT, related_name="compounds", verbose_name="社区")
    is_archived = models.BooleanField("已归档", default=False)
    is_sample = models.BooleanField("示例数据", default=False)

    objects = PlaceQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="小区历史")

    class Meta(Position.Meta):
        verbose_name = verbose_name_plural = "小区"
        ordering = ("division__code", "name")
        constraints = [
            *Position.Meta.constraints,
            models.UniqueConstraint(fields=("division", "name"), name="compound_once_a_community"),
        ]

    def __str__(self):
        return self.name


class Grid(models.Model):
    """A grid (网格): the smallest area a community worker answers for."""

    name = models.CharField("网格", max_length=60)
    division = models.ForeignKey("branches.Division", models.PROTECT, related_name="grids", verbose_name="社区")
    is_archived = models.BooleanField("已归档", default=False)
    is_sample = models.BooleanField("示例数据", default=False)

    objects = PlaceQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="网格历史")

    class Meta:
        verbose_name = verbose_name_plural = "网格"
        ordering = ("division__code", "name")
        constraints = [models.UniqueConstraint(fields=("division", "name"), name="grid_once_a_community")]

    def __str__(self):
        return self.name


class BuildingQuerySet(PlaceQuerySet):
    division_path = "compound__division"


class Building(Position):
    """One building of a compound, with a position where it is known."""

    name = models.CharField("楼栋", max_length=30, help_text="例如：3栋。")
    compound = models.ForeignKey(ResidentCompound, models.PROTECT, related_name="buildings", verbose_name="小区")
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, blank=True, related_name="buildings", verbose_name="网格")
    is_archived = models.BooleanField("已归档", default=False)
    is_sample = models.BooleanField("示例数据", default=False)

    objects = BuildingQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="楼栋历史")

    class Meta(Position.Meta):
        verbose_name = verbose_name_plural = "楼栋"
        ordering = ("compound", "name")
        constraints = [
            *Position.Meta.constraints,
            models.UniqueConstraint(fields=("compound", "name"), name="building_once_a_compound"),
        ]

    def __str__(self):
        return f"{self.compound} {self.name}"


class EnterpriseQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q()  # where somebody worked is chosen from one list of the whole district


class Enterprise(models.Model):
    """An enterprise whose retirees were handed over to the district."""

    name = models.CharField("企业", max_length=80, unique=True)
    handed_over_on = models.DateField("移交日期", null=True, blank=True)
    compounds = models.ManyToManyField(ResidentCompound, related_name="enterprises", blank=True, verbose_name="家属区")
    is_archived = models.BooleanField("已归档", default=False)
    is_sample = models.BooleanField("示例数据", default=False)

    objects = EnterpriseQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="企业历史")

    class Meta:
        verbose_name = verbose_name_plural = "移交企业"
        ordering = ("name",)

    def __str__(self):
        return self.name


class BranchQuerySet(ScopedQuerySet):
    branch_path = "pk"

    def active(self):
        return self.filter(is_archived=False)


class Branch(models.Model):
    """A 银龄支部: answers for an area, is hosted by a home (`Home.branches` names it)."""

    name = models.CharField("支部", max_length=80, unique=True)
    slug = models.SlugField("网址代号", max_length=50, unique=True)
    division = models.ForeignKey(
        "branches.Division", models.PROTECT, related_name="branches", verbose_name="负责的区划"
    )
    compounds = models.ManyToManyField(
        ResidentCompound,
        related_name="branches",
        blank=True,
        verbose_name="只负责这些小区",
        help_text="一个社区有几个支部时，写明各管哪些小区；留空就是整个区划。",
    )
    telephone = models.CharField("电话", max_length=20, blank=True)
    is_archived = models.BooleanField("已归档", default=False)
    is_sample = models.BooleanField("示例数据", default=False)

    objects = BranchQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="支部历史")

    class Meta:
        verbose_name = verbose_name_plural = "支部"
        ordering = ("division__code", "name")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"/branches/{self.slug}/"


class OfBranchQuerySet(ScopedQuerySet):
    division_path = "branch__division"
    branch_path = "branch"


class PartyGroup(models.Model):
    """A Party group of a branch, by building or by area."""

    class Kind(models.TextChoices):
        BUILDING = "building", "楼栋"
        AREA = "area", "片区"

    name = models.CharField("党小组", max_length=60)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="groups", verbose_name="支部")
    kind = models.CharField("按什么分", max_length=10, choices=Kind, default=Kind.BUILDING)
    buildings = models.ManyToManyField(Building, related_name="groups", blank=True, verbose_name="楼栋")
    is_archived = models.BooleanField("已归档", default=False)
    is_sample = models.BooleanField("示例数据", default=False)

    objects = OfBranchQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="党小组历史")

    class Meta:
        verbose_name = verbose_name_plural = "党小组"
        ordering = ("branch", "name")
        constraints = [models.UniqueConstraint(fields=("branch", "name"), name="group_once_a_branch")]

    def __str__(self):
        return self.name


class CentreHouseholdQuerySet(ScopedQuerySet):
    division_path = "group__branch__division"
    branch_path = "group__branch"

    def current(self, on=None):
        on = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gt=on), since__lte=on)

    def consented(self):
        """Those about whom anything may be shown."""
        return self.filter(consent_on__isnull=False, consent_withdrawn_on=None)

    def not_asked(self):
        """Those in use whose host has not been asked."""
        return self.current().filter(consent_on=None)


class CentreHousehold(models.Model):
    """A household (党员中心户) whose living room serves its neighbours, from a day until a day (not included)."""

    group = models.ForeignKey(PartyGroup, models.PROTECT, related_name="households", verbose_name="党小组")
    host = models.ForeignKey("branches.Member", models.PROTECT, related_name="hosted_households", verbose_name="户主")
    since = models.DateField("从", default=timezone.localdate)
    until = models.DateField("到", null=True, blank=True)
    consent_on = models.DateField("同意公开的日期", null=True, blank=True, help_text="没有同意，什么都不对外显示。")
    consent_withdrawn_on = models.DateField("撤回同意的日期", null=True, blank=True)
    is_sample = models.BooleanField("示例数据", default=False)

    objects = CentreHouseholdQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="中心户历史")

    class Meta:
        verbose_name = verbose_name_plural = "党员中心户"
        ordering = ("group", "since")
        constraints = [
            models.UniqueConstraint(fields=("host",), condition=Q(until=None), name="host_of_one_household"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="household_ends_after_it_begins",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(consent_withdrawn_on=None)
                | Q(consent_on__isnull=False, consent_withdrawn_on__gte=F("consent_on")),
                name="household_consent_before_withdrawal",
                violation_error_message="撤回同意要在同意之后。",
            ),
        ]

    def __str__(self):
        return f"{self.group} 中心户"
