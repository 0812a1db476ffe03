"""The volunteer teams of the homes, and the people who are in them."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from branches import telephones
from branches.access import ListQuerySet, ScopedQuerySet
from branches.masking import mask_name
from branches.names import person_key, tidy
from branches.sealing import SealedTextField, telephone_index
from homes.models.home import Home, HostedBranch

DAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
PARTS = ("上午", "下午", "晚上")  # of a day; the bits of `Volunteer.free_times`, Monday morning the lowest
PART_HOURS = ((0, 12), (12, 18), (18, 24))


def part_bit(at):
    """The bit of `free_times` for the moment `at` (local time)."""
    part = next(number for number, (begins, ends) in enumerate(PART_HOURS) if begins <= at.hour < ends)
    return 1 << (at.weekday() * len(PARTS) + part)


class TeamKind(models.Model):
    """What sort of team: red vests, school escort, repairs … A list the district edits."""

    slug = models.SlugField("网址代号", max_length=40, unique=True)
    name = models.CharField("种类", max_length=20, unique=True)
    sentence = models.CharField("说明", max_length=120, blank=True)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_archived = models.BooleanField("已归档", default=False)

    objects = ListQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="队伍种类历史")

    class Meta:
        verbose_name = verbose_name_plural = "队伍种类"
        ordering = ("order", "pk")

    def __str__(self):
        return self.name


class Skill(models.Model):
    """What somebody can do for others: repair, cut hair, mediate. A list the district edits."""

    slug = models.SlugField("代号", max_length=40, unique=True)
    name = models.CharField("本领", max_length=20, unique=True)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    is_archived = models.BooleanField("已归档", default=False)

    objects = ListQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="本领历史")

    class Meta:
        verbose_name = verbose_name_plural = "本领"
        ordering = ("order", "pk")

    def __str__(self):
        return self.name


class OfHomeQuerySet(ScopedQuerySet):
    """Rows of a home, seen by those who answer for its area, its organisers, the secretaries of the branches it hosts.

    `home_path` leads to the home.
    """

    home_path = "home"

    @property
    def division_path(self):
        return f"{self.home_path}__division"

    def scope(self, user, postings):
        condition = super().scope(user, postings)
        if any(posting.role == "organiser" for posting in postings):
            own = Home.organisers.through.objects.filter(user=user).values("home")
            condition |= Q(**{f"{self.home_path}__in": own})
        return condition

    def of_branches(self, postings):
        hosted = HostedBranch.objects.filter(branch__in={posting.branch_id for posting in postings})
        return Q(**{f"{self.home_path}__in": hosted.values("home")})


class TeamQuerySet(OfHomeQuerySet):
    def public(self):
        """Teams that residents see: not archived, of a home that is."""
        return self.filter(is_archived=False, home__status__in=Home.PUBLIC)

    def in_street(self, code):
        """Of homes in the street with this code, or in one of its communities."""
        return self.filter(Q(home__division__code=code) | Q(home__division__parent__code=code))


class Team(models.Model):
    """A “心·天心” volunteer team of a home."""

    name = models.CharField("队名", max_length=40)
    slug = models.SlugField("网址代号", max_length=60, unique=True)
    home = models.ForeignKey("homes.Home", models.PROTECT, related_name="teams", verbose_name="属于哪个家")
    kind = models.ForeignKey(TeamKind, models.PROTECT, related_name="teams", verbose_name="种类")
    captain = models.ForeignKey(
        "Volunteer", models.SET_NULL, null=True, blank=True, editable=False, related_name="captaincies",
        verbose_name="队长",
    )  # fmt: skip
    lead = models.CharField("一句话介绍", max_length=80, blank=True)
    story = models.TextField("这支队伍的故事", blank=True, help_text="空一行就是新的一段。不写服务对象的姓名住址。")
    founded_on = models.DateField("成立日期", null=True, blank=True)
    takes_people = models.BooleanField("欢迎报名加入", default=True)
    is_archived = models.BooleanField("已归档", default=False)
    is_sample = models.BooleanField("示例数据", default=False, help_text="居民会看到“示例数据”标记。")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects = TeamQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="队伍历史")

    class Meta:
        verbose_name = verbose_name_plural = "志愿服务队"
        ordering = ("home__division__code", "home", "name")
        constraints = [models.UniqueConstraint(fields=("home", "name"), name="team_once_a_home")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name = tidy(self.name)  # a home's page tells of its teams in one text, by marks that nobody sees
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return f"/teams/{self.slug}/"

    @property
    def is_public(self):
        return not self.is_archived and self.home.is_public


class VolunteerQuerySet(ScopedQuerySet):
    """A volunteer is met by those who see one of the teams they are in, have asked for, or were in."""

    def scope(self, user, postings):
        known = TeamMembership.objects.exclude(status=TeamMembership.Status.DECLINED)
        return Q(pk__in=known.filter(known.scope(user, postings)).values("volunteer"))

    def active(self):
        """Those who are in a team now: the only ones a list may offer."""
        return self.filter(pk__in=TeamMembership.objects.active().values("volunteer"))

    def by_telephone(self, telephone):
        index = telephone_index(telephone)
        return self.filter(telephone_index=index) if index else self.none()

    def locked(self, pk):
        """Whoever gives this person something to do waits here, after the lock of what it is."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class Volunteer(models.Model):
    """Somebody who serves in teams: a member of the register, or not. Opens their page by code and last four digits."""

    username = ""  # verbs name who acted; a volunteer has no account

    name = models.CharField("姓名", max_length=40)
    member = models.OneToOneField(
        "branches.Member", models.SET_NULL, null=True, blank=True, related_name="volunteer", verbose_name="党员"
    )
    telephone = SealedTextField("电话", max_length=20, blank=True)
    telephone_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    person_key = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    code = models.CharField("志愿者码", max_length=8, unique=True, null=True, blank=True, editable=False)
    compound = models.ForeignKey(
        "branches.ResidentCompound", models.PROTECT, null=True, blank=True, related_name="volunteers",
        verbose_name="住的小区",
    )  # fmt: skip
    division = models.ForeignKey(
        "branches.Division", models.PROTECT, null=True, blank=True, related_name="volunteers", verbose_name="住的社区"
    )
    skills = models.ManyToManyField(Skill, related_name="volunteers", blank=True, verbose_name="本领")
    free_times = models.PositiveIntegerField("有空的时候", default=0, editable=False)  # bits of PARTS; 0: not said
    note = models.CharField("说明", max_length=120, blank=True, help_text="例如不爬楼。不写病情。")
    last_asked_at = models.DateTimeField("上次派单", null=True, blank=True, editable=False)
    consent_version = models.CharField("同意的是哪一版", max_length=20, blank=True, editable=False)
    consented_at = models.DateTimeField("同意的时间", null=True, blank=True, editable=False)
    is_sample = models.BooleanField("示例数据", default=False)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = VolunteerQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["telephone_index", "person_key", "last_asked_at", "code"], verbose_name="志愿者历史"
    )

    class Meta:
        verbose_name = verbose_name_plural = "志愿者"
        ordering = ("pk",)
        constraints = [
            # two of one name at one telephone are one person
            models.UniqueConstraint(fields=("person_key",), condition=~Q(person_key=""), name="volunteer_once"),
            models.CheckConstraint(condition=Q(free_times__lt=1 << 21), name="free_times_of_a_week"),
        ]

    def __str__(self):
        """The name masked: 张*."""
        return mask_name(self.name) or "（已删除）"

    def get_username(self):
        return self.username

    def save(self, *args, **kwargs):
        self.telephone_index = telephone_index(self.telephone)
        known = self.name and self.telephone
        self.person_key = person_key(self.name, telephones.digits(self.telephone)) if known else ""
        super().save(*args, **kwargs)


class TeamMembershipQuerySet(OfHomeQuerySet):
    home_path = "team__home"

    def active(self):
        return self.filter(status=TeamMembership.Status.ACTIVE, team__is_archived=False)


class TeamMembership(models.Model):
    """Somebody is in a team, from a day until a day (not included); before that they have asked to be."""

    class Status(models.TextChoices):
        """Written only by volunteers/teams.py."""

        ASKED = "asked", "等队长确认"
        ACTIVE = "active", "在队"
        DECLINED = "declined", "没有加入"
        LEFT = "left", "已离队"

    CURRENT = (Status.ASKED, Status.ACTIVE)

    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships", verbose_name="队伍")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="memberships", verbose_name="志愿者")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.ASKED, editable=False)
    since = models.DateField("从", null=True, blank=True, editable=False)
    until = models.DateField("到", null=True, blank=True, editable=False)
    note = SealedTextField("报名时说的话", max_length=200, blank=True)
    asked_at = models.DateTimeField("报名时间", auto_now_add=True)

    objects = TeamMembershipQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="入队历史")

    class Meta:
        verbose_name = verbose_name_plural = "队员"
        ordering = ("team", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("team", "volunteer"), condition=Q(status__in=("asked", "active")), name="in_a_team_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("asked", "declined"), since=None, until=None)
                | Q(status="active", since__isnull=False, until=None)
                | Q(status="left", since__isnull=False, until__isnull=False),
                name="team_dates_fit_status",
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="leaves_after_joining"),
        ]
        indexes = [models.Index(fields=("team", "status"), name="people_of_team")]

    def __str__(self):
        return f"{self.volunteer} · {self.team}"
