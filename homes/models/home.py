"""The homes themselves, and how residents and staff ask for them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_noop
from simple_history.models import HistoricalRecords

from branches.access import ScopedQuerySet
from homes.models import lines
from homes.models.demonstration import Demonstration
from homes.models.hours import Opening, OpeningException, OpeningHours, at_clock, on_day, read_special, read_weekly
from homes.models.lines import lines_of
from homes.models.theme import Facility, Theme

STALE_AFTER_DAYS = 90

ON_PAGE = {}  # what other apps show on a home's page: {column: function that returns an expression}


class HomeQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        """Inside the posting's area; for organisers, the homes that name them."""
        condition = super().scope(user, postings)
        if any(posting.role == "organiser" for posting in postings):
            condition |= Q(pk__in=Home.organisers.through.objects.filter(user=user).values("home"))
        return condition

    def public(self):
        """What residents may see."""
        return self.filter(status__in=Home.PUBLIC)

    def receiving(self, on=None):
        """Open now or on one of seven days from `on` (today unless told), or nobody knows when: no special arrangement
        keeps the door shut for all of them."""
        first = on or timezone.localdate()
        last = first + timezone.timedelta(days=6)
        shut = OpeningException.objects.filter(opens=None, first_day__lte=first, last_day__gte=last)
        return self.filter(~Exists(shut.filter(home=OuterRef("pk"))), status=Home.Status.OPEN)

    def within(self, division):
        """In this division or anywhere below it."""
        return self.filter(Q(division=division) | Q(division__parent=division) | Q(division__parent__parent=division))

    def in_street(self, code):
        """In the street with this code, or in one of its communities."""
        return self.filter(Q(division__code=code) | Q(division__parent__code=code))

    def for_cards(self, at=None):
        """Everything a card of a home shows, in one query: place, theme, opening, demonstration at the moment `at`."""
        return self.select_related("theme", "division__parent").with_opening(at).with_demonstration(at)

    def for_page(self):
        """Everything the page of a home shows of it, in one query."""
        further = {column: expression() for column, expression in ON_PAGE.items()}
        shown = self.for_cards().with_branches().with_projects().with_facilities().with_observers()
        return shown.annotate(**further)

    def with_opening(self, at=None):
        """Add what `Home.weekly`, `special` and `opening` read: the hours, and what differs from the day of `at` on."""
        weekly = OpeningHours.objects.filter(home=OuterRef("pk"))
        special = OpeningException.objects.filter(home=OuterRef("pk"), last_day__gte=timezone.localdate(at))
        return self.annotate(
            weekly_lines=lines_of(weekly, "home", "weekday", "opens", "closes"),
            special_lines=lines_of(special, "home", "first_day", "last_day", "opens", "closes", "reason"),
        )

    def with_demonstration(self, at=None):
        """Add `demonstration_since`: the date of the demonstration status in force at the moment `at`, or None."""
        current = Demonstration.objects.current(timezone.localtime(at).date()).filter(home=OuterRef("pk"))
        return self.annotate(demonstration_since=Subquery(current.values("granted_on")[:1]))

    def with_branches(self):
        """Add `branch_lines`: the branches that meet here, a line each of slug, name, and whether it is a sample."""
        hosted = HostedBranch.objects.filter(home=OuterRef("pk"), branch__is_archived=False)
        columns = ("branch__slug", "branch__name", "branch__is_sample")
        return self.annotate(branch_lines=lines_of(hosted, "home", *columns))

    def with_projects(self):
        """Add `project_lines`: what neighbours do together here, a line each as `with_branches` has them."""
        told = Home.projects.rel.related_model.objects.public().filter(home=OuterRef("pk"))
        return self.annotate(project_lines=lines_of(told, "home", "slug", "name", "is_sample"))

    def with_facilities(self):
        """Add `facility_lines`, what there is here; `Home.facility_list` reads it."""
        parts = HomeFacility.objects.filter(home=OuterRef("pk"), facility__is_archived=False)
        columns = ("facility__order", "facility__slug", "facility__name", "note")
        return self.annotate(facility_lines=lines_of(parts, "home", *columns))

    def with_observers(self):
        """Add `observed_by`, how many branch secretaries came to look, or None; and whether a sample is among them."""
        visits = self.model.observations.field.model.objects.held().filter(home=OuterRef("pk")).order_by()
        counted = visits.values("home").annotate(sum=models.Sum("secretaries"))
        return self.annotate(
            observed_by=Subquery(counted.values("sum")), observed_samples=Exists(visits.filter(is_sample=True))
        )

    # What staff should see to; each is a filter of the admin list and a line on its index.
    def unverified(self, on=None):
        """Public facts that nobody has confirmed for 90 days."""
        limit = (on or timezone.localdate()) - timezone.timedelta(days=STALE_AFTER_DAYS)
        return self.public().filter(Q(verified_on=None) | Q(verified_on__lt=limit))

    def without_photo(self):
        return self.public().exclude(pk__in=self.model.photos.field.model.objects.shown().values("home"))

    def without_location(self):
        return self.public().filter(longitude=None)

    def without_hours(self):
        """Open ones of which nobody can say when the door opens."""
        return self.filter(status=Home.Status.OPEN, hours=None)

    def drafts(self):
        return self.filter(status=Home.Status.PREPARING)


class Home(models.Model):
    """A 老党员之家: a place with a door, a theme and hours. Unknown facts stay empty and are shown as 待补充."""

    class Status(models.TextChoices):
        """Written only by homes/founding.py."""

        PREPARING = "preparing", "筹建（草稿）"
        OPEN = "open", "开放（已发布）"
        SUSPENDED = "suspended", "暂停开放"
        CLOSED = "closed", "已归档"

    PUBLIC = (Status.OPEN, Status.SUSPENDED)

    class Host(models.TextChoices):
        COMMUNITY = "community", "社区"
        GRID = "grid", "网格"
        COMPOUND = "compound", "小区"

    class Precision(models.TextChoices):
        SURVEYED = "surveyed", gettext_noop("实地测定")
        BUILDING = "building", gettext_noop("定位到楼")
        HAND_PLACED = "hand_placed", gettext_noop("手工标注，大致位置")

    # The six fixed questions (True, False, None: unknown): what each is about, and the two answers a neighbour gives
    ACCESSIBILITY = {
        "step_free": (gettext_noop("进门"), gettext_noop("没有台阶"), gettext_noop("有台阶")),
        "lift": (gettext_noop("楼层"), gettext_noop("在一楼或有电梯"), gettext_noop("要走楼梯")),
        "accessible_toilet": (gettext_noop("卫生间"), gettext_noop("有无障碍的"), gettext_noop("没有无障碍的")),
        "handrails": (gettext_noop("走道"), gettext_noop("有扶手"), gettext_noop("没有扶手")),
        "wheelchair_loan": (gettext_noop("轮椅"), gettext_noop("可以借"), gettext_noop("不能借")),
        "hearing_help": (gettext_noop("听不清"), gettext_noop("有助听设备或写字板"), gettext_noop("没有助听设备")),
    }

    name = models.CharField("名称", max_length=60)
    slug = models.SlugField(
        "网址代号",
        max_length=50,
        unique=True,
        help_text="小写字母、数字和短横线，发布后请不要再改：海报上的二维码要用。",
        error_messages={"unique": "已经有一个家用了这个网址代号，请换一个。"},
    )
    host = models.CharField("设在", max_length=10, choices=Host, default=Host.COMMUNITY)
    division = models.ForeignKey(
        "branches.Division",
        models.PROTECT,
        related_name="homes",
        verbose_name="所在区划",
        help_text="知道社区选社区；不知道就选街道或区。",
    )
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="homes", verbose_name="主题")
    facilities = models.ManyToManyField(
        Facility, through="HomeFacility", related_name="homes", blank=True, verbose_name="设施"
    )
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.PREPARING, editable=False)
    status_note = models.CharField("状态说明", max_length=120, blank=True, editable=False)
    lead = models.CharField("一句话介绍", max_length=80, blank=True, help_text="写给邻居看，显示在名称下面。")
    story = models.TextField("这个家的故事", blank=True, help_text="空一行就是新的一段。")
    source = models.CharField("资料来源", max_length=120, blank=True)

    address = models.CharField("地址", max_length=120, blank=True)
    telephone = models.CharField(
        "电话",
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[0-9][0-9 \-]{4,18}[0-9]$", "电话只写数字、空格和短横线，例如 0731-8888 8888。")],
    )
    directions = models.TextField("怎么走", blank=True, help_text="公交站、路口、认得出的店面。")
    longitude = models.DecimalField(
        "经度",
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    latitude = models.DecimalField(
        "纬度",
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    location_precision = models.CharField("位置精度", max_length=12, choices=Precision, blank=True)

    step_free = models.BooleanField("进门没有台阶", null=True, blank=True)
    lift = models.BooleanField("在一楼或有电梯", null=True, blank=True)
    accessible_toilet = models.BooleanField("有无障碍卫生间", null=True, blank=True)
    handrails = models.BooleanField("走道有扶手", null=True, blank=True)
    wheelchair_loan = models.BooleanField("可以借轮椅", null=True, blank=True)
    hearing_help = models.BooleanField("有助听设备或写字板", null=True, blank=True)

    verified_on = models.DateField("信息核实日期", null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="核实人",
    )
    branches = models.ManyToManyField(
        "branches.Branch", through="HostedBranch", related_name="homes", blank=True, verbose_name="支部"
    )
    organisers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="homes", blank=True, verbose_name="组织者"
    )
    is_sample = models.BooleanField("示例数据", default=False, help_text="居民会看到“示例数据”标记。")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = HomeQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["updated_at"], verbose_name="家的历史")

    class Meta:
        verbose_name = verbose_name_plural = "老党员之家"
        ordering = ("division__code", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None, location_precision="")
                | (Q(longitude__isnull=False, latitude__isnull=False) & ~Q(location_precision="")),
                name="home_location_whole",
                violation_error_message="经度、纬度和位置精度要么都填，要么都不填。",
            ),
            models.CheckConstraint(
                condition=Q(longitude=None)
                | Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
                name="home_location_on_earth",
            ),
        ]
        # the public lists read open homes by place; the admin's to-do lines read by verification
        indexes = [
            models.Index(fields=("status", "division"), name="home_public_by_place"),
            models.Index(fields=("status", "verified_on"), name="home_unverified"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"/homes/{self.slug}/"

    @property
    def short_address(self):
        """Where paper leads: config/short_addresses.py."""
        return f"/h/{self.pk}"

    @property
    def facility_list(self):
        """[(slug, name, note)] of a home from `with_facilities`, in their order."""
        rows = sorted(lines.read(self.facility_lines), key=lambda row: (row[0], row[2]))
        return [(slug, name, note) for _, slug, name, note in rows]

    @property
    def weekly(self):
        """The `Interval`s of the usual week of a home from `with_opening`, in order."""
        return read_weekly(self.weekly_lines)

    @property
    def special(self):
        """The `Arrangement`s of a home from `with_opening` that hold today or later, in order."""
        return read_special(self.special_lines)

    @property
    def opening(self):
        """The `Opening` of this moment, of a home from `with_opening`."""
        return self.opening_at()

    def opening_at(self, at=None):
        """The `Opening` at the moment `at` (now unless told)."""
        at = timezone.localtime(at)
        intervals, reason = on_day(self.weekly, self.special, at.date())
        until, later = at_clock(intervals if self.status == self.Status.OPEN else (), at.time())
        return Opening(bool(self.weekly or reason), "" if intervals else reason, until, later)

    @property
    def is_public(self):
        return self.status in self.PUBLIC

    @property
    def is_located(self):
        return self.longitude is not None

    @property
    def is_stale(self):
        """Whether nobody has confirmed the facts for 90 days."""
        return self.verified_on is None or (timezone.localdate() - self.verified_on).days > STALE_AFTER_DAYS

    @property
    def accessibility(self):
        """The six answers as (what it is about, True / False / None, the answer in words or "")."""
        answers = [(about, getattr(self, name), yes, no) for name, (about, yes, no) in self.ACCESSIBILITY.items()]
        return [(about, value, "" if value is None else yes if value else no) for about, value, yes, no in answers]

    @property
    def street(self):
        """The street the home lies in, or None where only the district is known."""
        return self.division.street


class HomePartQuerySet(ScopedQuerySet):
    def scope(self, user, postings):
        return Q(home__in=Home.objects.visible_to(user))


class HomeFacility(models.Model):
    """That a home has a facility, and what is special about it there."""

    home = models.ForeignKey(Home, models.CASCADE, related_name="home_facilities", verbose_name="家")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="home_facilities", verbose_name="设施")
    note = models.CharField("说明", max_length=60, blank=True)

    objects = HomePartQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="设施历史")

    class Meta:
        verbose_name = verbose_name_plural = "家的设施"
        ordering = ("facility__order", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("home", "facility"),
                name="facility_once_a_home",
                violation_error_message="这个设施已经列出来了。",
            )
        ]

    def __str__(self):
        return f"{self.facility}"


class HostedBranch(models.Model):
    """That a branch meets in a home; a branch has one home at a time."""

    home = models.ForeignKey(Home, models.CASCADE, related_name="hosted_branches", verbose_name="家")
    branch = models.OneToOneField(
        "branches.Branch",
        models.PROTECT,
        related_name="seat",
        verbose_name="支部",
        error_messages={"unique": "这个支部已经在别的家。"},
    )

    objects = HomePartQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="支部所在历史")

    class Meta:
        verbose_name = verbose_name_plural = "支部所在的家"
        ordering = ("pk",)

    def __str__(self):
        return f"{self.branch}"
