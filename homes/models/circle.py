"""Walking circles as they were last computed: how far it is from each home to what lies about it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from branches.access import ScopedQuerySet
from branches.private_files import private_files
from homes.models.home import Home, HomePartQuerySet


class StreetNetworkQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q()  # streets are nobody's

    def in_use(self):
        """The network that walks are measured on, or None: then they are estimated."""
        return self.filter(is_in_use=True).first()


class StreetNetwork(models.Model):
    """The streets of one OpenStreetMap extract, as `manage.py import_streets` made them; at most one is in use."""

    file = models.FileField("路网文件", upload_to="streets", storage=private_files)
    source = models.CharField("从哪个文件来", max_length=120)
    checksum = models.CharField("文件校验和", max_length=64)  # SHA-256 of the extract
    source_date = models.DateTimeField("数据日期", null=True)  # of the map, not of the import
    licence = models.CharField("许可", max_length=120)
    nodes = models.PositiveIntegerField("路口")
    edges = models.PositiveIntegerField("路段")
    kilometres = models.PositiveIntegerField("能走的路（公里）")
    is_in_use = models.BooleanField("正在使用", default=False)
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)

    objects = StreetNetworkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "路网"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=("is_in_use",), condition=Q(is_in_use=True), name="one_network_in_use")
        ]

    def __str__(self):
        return f"{self.source}（{timezone.localtime(self.source_date or self.imported_at):%Y-%m-%d}）"


class OfSource(models.Model):
    """By what walks were found: on a street network, or estimated by a factor; one of the two."""

    network = models.ForeignKey(StreetNetwork, models.PROTECT, null=True, related_name="+", verbose_name="路网")
    factor = models.DecimalField("估算系数", max_digits=3, decimal_places=2, null=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(network=None, factor__isnull=False) | Q(network__isnull=False, factor=None),
                name="%(class)s_measured_or_estimated",
            )
        ]

    @property
    def is_estimate(self):
        return self.network_id is None

    @property
    def kind(self):
        return "estimate" if self.is_estimate else "network"


class ServiceCircle(OfSource):
    """The circle of one home, for the place where the home stood when it was computed."""

    home = models.OneToOneField(Home, models.CASCADE, related_name="circle", verbose_name="家")
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6)
    latitude = models.DecimalField("纬度", max_digits=9, decimal_places=6)
    reached = models.BooleanField("走得到路", default=True)  # False: no street leads to the door
    outlines = models.JSONField("轮廓", default=dict)  # {"900": GeoJSON geometry of a walk of so many metres}
    hectares = models.JSONField("面积", default=dict)  # {"900": 160.5}
    streets = models.JSONField("附近的路", default=list)  # lines of [longitude, latitude], to be drawn beneath
    computed_at = models.DateTimeField("计算时间", default=timezone.now)

    objects = HomePartQuerySet.as_manager()

    class Meta(OfSource.Meta):
        verbose_name = verbose_name_plural = "服务圈"

    def __str__(self):
        return f"{self.home}的服务圈"


class WalkQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q(circle__home__in=Home.objects.visible_to(user))

    def within(self, metres):
        return self.filter(metres__lte=metres)

    def from_public_homes(self):
        return self.filter(circle__home__status__in=Home.PUBLIC)


class Walk(models.Model):
    """How far it is on foot from a home to one place: a building, a compound or another home; to 1,500 metres.

    The metres hold for the source of its circle; what lies farther, or cannot be walked to, has no row.
    """

    circle = models.ForeignKey(ServiceCircle, models.CASCADE, related_name="walks", verbose_name="服务圈")
    building = models.ForeignKey("branches.Building", models.CASCADE, null=True, related_name="walks")
    compound = models.ForeignKey("branches.ResidentCompound", models.CASCADE, null=True, related_name="walks")
    home = models.ForeignKey(Home, models.CASCADE, null=True, related_name="walks_from_others")
    metres = models.PositiveSmallIntegerField("米")

    objects = WalkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "步行距离"
        ordering = ("metres", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(building__isnull=False, compound=None, home=None)
                | Q(building=None, compound__isnull=False, home=None)
                | Q(building=None, compound=None, home__isnull=False),
                name="walk_to_one_place",
            ),
            *(
                models.UniqueConstraint(
                    fields=("circle", place), condition=Q(**{f"{place}__isnull": False}), name=f"walk_once_to_{place}"
                )
                for place in ("building", "compound", "home")
            ),
        ]

    def __str__(self):
        return f"{self.metres}米"


class CoverageQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q()  # counts that everybody may read


class Coverage(OfSource):
    """How many lived a quarter of an hour or less from a home, in one division, at the last reckoning of a month."""

    month = models.DateField("月份")  # its first day
    counted_at = models.DateTimeField("计算时间")
    division = models.ForeignKey("branches.Division", models.PROTECT, related_name="coverage", verbose_name="区划")
    pace = models.CharField("步速", max_length=6)
    homes = models.PositiveIntegerField("有圈的家")
    members = models.PositiveIntegerField("党员")
    members_inside = models.PositiveIntegerField("圈内的党员")
    members_certain = models.PositiveIntegerField("肯定在圈内的党员")  # the estimate is hardly wrong about them
    members_possible = models.PositiveIntegerField("最多在圈内的党员")
    members_unplaced = models.PositiveIntegerField("住处没有位置的党员")
    buildings = models.PositiveIntegerField("楼栋")
    buildings_inside = models.PositiveIntegerField("圈内的楼栋")

    objects = CoverageQuerySet.as_manager()

    class Meta(OfSource.Meta):
        verbose_name = verbose_name_plural = "服务圈覆盖"
        ordering = ("month", "division__code")
        constraints = [
            *OfSource.Meta.constraints,
            models.UniqueConstraint(fields=("month", "division", "pace"), name="coverage_once_a_month"),
            models.CheckConstraint(
                condition=Q(members_inside__lte=F("members"), buildings_inside__lte=F("buildings")),
                name="coverage_inside_is_of_all",
            ),
        ]

    def __str__(self):
        return f"{self.division} {self.month:%Y-%m}"

    @property
    def members_outside(self):
        return self.members - self.members_inside - self.members_unplaced
