"""The figures of the district: what was published on a day, and what the records say today, by street too.

A figure is counted here once its records exist in the portal; until then the page shows the published number alone
and says so. What was counted on a day is kept by `manage.py keep_figures`, so that the months can be told.
"""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db.models import (
    Aggregate,
    Case,
    DecimalField,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models import Count as CountRows
from django.db.models.functions import Cast
from django.urls import reverse

from activities.programme import Month
from branches.access import Action, allowed
from branches.models import Division, Enterprise, FigureNote, Member, PublishedFigure
from homes.circles.pace import CIRCLE_MINUTES
from homes.models import Demonstration, Grant, Home, HomeApplication, Instalment, ObservationVisit
from volunteers.models import Team, TeamMembership, Volunteer

FEW = 3  # people; fewer might be recognised, so the number is not said
FEW_WORDS = "少于3"
CENT = Decimal("0.01")
NUMBER = DecimalField(max_digits=14, decimal_places=2)
MONTHS = 12  # told of, this one included


class Count(NamedTuple):
    """How a figure is computed: `total` of the queryset that `rows` returns, or the `fixed` number of a rule.

    The same rows are listed by the public page `href`, which `narrows` to a street if its address asks; or,
    `for_staff`, by the staff pages of `listed` (the rows' own model unless told), which show each reader their area.
    `division` is the path from a row to its division, "" where the rows belong to the district as a whole; `since` the
    path to the day from which a row counts, as far as it says.
    """

    label: str
    unit: str
    meaning: str
    rows: callable = None
    href: str = ""
    total: Aggregate = CountRows("pk")
    fixed: int | None = None
    division: str = ""
    since: str = ""
    narrows: bool = False
    of_street: str = ""  # the page of the same rows of one street, where it is another: {code}
    for_staff: bool = False
    listed: type | None = None
    of_people: bool = False
    brief: str = ""  # at the head of a narrow column

    def is_few(self, value):
        """Whether the number is of people and too small to be said."""
        return bool(self.of_people and value and value < FEW)

    @property
    def page(self):
        """The address of the rows behind the number, for whoever may open it; "" where they have none."""
        if not self.for_staff:
            return self.href
        model = self.listed or self.rows().model
        return reverse(admin_urlname(model._meta, "changelist")) if model in admin.site._registry else ""

    def link(self, street=None, *, user=None):
        """The address of the rows, of one street if told; "" where there is none for this reader."""
        page, narrows = self.page, self.narrows
        if page and self.for_staff:
            model = self.listed or self.rows().model
            narrows = any(
                getattr(side, "parameter_name", "") == "street" for side in admin.site._registry[model].list_filter
            )
            page = page if user and allowed(user, Action.VIEW, model) else ""
        if street is None or not page:
            return page
        if self.of_street:
            return self.of_street.format(code=street.code)
        return f"{page}{'&' if '?' in page else '?'}street={street.code}" if narrows else ""


def _received():
    """Members who came with an enterprise, each with the one branch that holds them now, if any does."""
    held = FilteredRelation("memberships", condition=Q(memberships__status="active"))
    return Member.objects.filter(enterprise__isnull=False).annotate(held=held)


def _serving():
    """Volunteers in a team, each with the day they joined the first of those they are in."""
    stays = TeamMembership.objects.active().filter(volunteer=OuterRef("pk")).order_by("since")
    return Volunteer.objects.active().annotate(joined_on=Subquery(stays.values("since")[:1]))


COUNTS = {
    "homes_in_use": Count(
        "老党员之家", "个", "现在对居民公布的家，一个一个数出来", Home.objects.public, "/homes/",
        division="division", of_street="/streets/{code}/", brief="家",
    ),
    "demonstration_homes_2022": Count(
        "2022年示范阵地", "个", "2022年授予示范阵地的家",
        lambda: Demonstration.objects.filter(granted_on__year=2022, home__in=Home.objects.public()),
        "/homes/?demonstration=1", division="home__division", since="granted_on", narrows=True,
    ),
    "applications": Count(
        "建“家”申报", "个", "交上来的申报，撤回的不算；明细要工作人员登录后看", HomeApplication.objects.counted,
        division="division", since="submitted_on", for_staff=True,
    ),
    "observing_secretaries": Count(
        "观摩的支部书记", "名", "各次实地观摩来的支部书记，一次一次加起来；明细要工作人员登录后看",
        ObservationVisit.objects.held,
        total=Sum("secretaries"), division="home__division", since="on", for_staff=True, of_people=True,
    ),
    "funding_allocated": Count(
        "拨付的资金", "元", "一笔一笔拨到各个家的钱加起来，冲销的减掉；明细要工作人员登录后看", Instalment.objects.all,
        total=Sum("amount"), division="grant__home__division", since="paid_on", for_staff=True, listed=Grant,
    ),
    "enterprises_received": Count(
        "移交企业", "家", "记录里的移交企业，名单要工作人员登录后看",
        lambda: Enterprise.objects.filter(is_archived=False), since="handed_over_on", for_staff=True,
    ),
    "members_received": Count(
        "移交来的党员", "名", "记录里写明从哪家企业移交来的党员，名单只有负责的工作人员登录后看得到",
        _received, division="held__branch__division", since="held__since", for_staff=True, of_people=True, brief="党员",
    ),
    "volunteer_teams": Count(
        "志愿服务队", "支", "记录里的志愿服务队", Team.objects.public, "/teams/",
        division="home__division", since="founded_on", narrows=True, brief="队",
    ),
    "volunteer_backbone": Count(
        "志愿者", "名", "记录里在队的志愿者，名单只有负责的工作人员登录后看得到", _serving,
        division="division", since="joined_on", for_staff=True, of_people=True, brief="志愿者",
    ),
    "circle_minutes": Count(
        "服务圈", "分钟", f"办家的规矩：从家里走出去，{CIRCLE_MINUTES}分钟走得到的地方算一圈。定下来的，不是数出来的",
        href="/circles/", fixed=CIRCLE_MINUTES,
    ),
}  # fmt: skip


class Counted(NamedTuple):
    """What the records say: of the whole district, and {code of a street: of it}; "" for rows of no known street."""

    total: Decimal
    streets: dict


class Figure(NamedTuple):
    """One figure: as it was published last, if ever, and today's count where the records exist (else None)."""

    key: str
    published: PublishedFigure | None
    counted: Counted | None
    count: Count | None = None
    earlier: tuple = ()  # what was published before
    note: FigureNote | None = None

    @property
    def label(self):
        return self.published.label if self.published else self.count.label

    @property
    def unit(self):
        return self.published.unit if self.published else self.count.unit

    @property
    def short(self):
        return self.count.label if self.count else self.published.label

    @property
    def today(self):
        return self.counted and self.counted.total

    @property
    def is_few(self):
        """Whether today's number is of people and too small to be said."""
        return bool(self.count and self.count.is_few(self.today))

    @property
    def differs(self):
        """Whether today's count has to be explained beside the published one."""
        if self.today is None or self.published is None:
            return False
        return self.today < self.published.value if self.published.at_least else self.today != self.published.value

    @property
    def more(self):
        """By how much today's count is above the published number; negative where it is below."""
        return self.today - self.published.value

    @property
    def less(self):
        return -self.more


def figures(keys=None):
    """What was published last of each key (of `keys`, if given), in order, with today's count."""
    published = _published(keys)
    return _lines(published, counted(published.keys() & COUNTS.keys()))


def newest(keys):
    """What was published last of each of these keys, in order."""
    return [rows[0] for rows in _published(keys).values()]


def every_figure():
    """Those that were ever published, then those that are counted and were not; explained where they differ."""
    published, counts = _published(), counted(COUNTS)
    further = [Figure(key, None, counts[key], COUNTS[key]) for key in COUNTS if key not in published]
    return explained(_lines(published, counts)) + further


def _published(keys=None):
    """{key: what was published of it, the newest first}, in order."""
    rows = defaultdict(list)
    wanted = PublishedFigure.objects.order_by("-published_on")
    for each in wanted if keys is None else wanted.filter(key__in=keys):
        rows[each.key].append(each)
    return dict(sorted(rows.items(), key=lambda item: item[1][0].order))


def _lines(published, counts):
    return [Figure(key, rows[0], counts.get(key), COUNTS.get(key), tuple(rows[1:])) for key, rows in published.items()]


def explained(lines):
    """The same figures, each with the newest note since it was published."""
    notes = {}
    for note in FigureNote.objects.order_by("written_on", "pk"):
        notes[note.key] = note
    return [
        line._replace(note=note)
        if (note := notes.get(line.key)) and line.published and note.written_on >= line.published.published_on
        else line
        for line in lines
    ]


def counted(keys, until=None):
    """{key: Counted}, asked in one go; of rows that count since the day `until`, where they say since when."""
    sums = {key: {} for key in keys}
    asked = [_by_street(key, COUNTS[key], until) for key in sorted(keys) if COUNTS[key].rows]
    for key, code, value in asked[0].union(*asked[1:], all=True).order_by() if asked else ():
        sums[key][code] = Decimal(value or 0).quantize(CENT)
    found = {key: Counted(sum(streets.values(), Decimal(0)), streets) for key, streets in sums.items()}
    return found | {key: Counted(Decimal(COUNTS[key].fixed), {}) for key in keys if not COUNTS[key].rows}


def of_places(counts):
    """What was counted as it is kept: {key: {street, or None for the district: value}}."""
    streets = list(Division.objects.streets())
    return {
        key: {None: found.total}
        | ({street: found.streets.get(street.code, Decimal(0)) for street in streets} if COUNTS[key].division else {})
        for key, found in counts.items()
    }


def months_until(today, number=MONTHS):
    """The last months, this one included, the oldest first."""
    this = Month(today.year, today.month)
    return [this.beside(-before) for before in reversed(range(number))]


def _by_street(key, count, until):
    """Rows of (key, code of a street or "", total)."""
    rows = count.rows().order_by()
    if until and count.since:
        rows = rows.filter(Q(**{f"{count.since}__lte": until}) | Q(**{count.since: None}))
    code = Value("", TextField())
    if path := count.division:
        code = Case(
            When(**{f"{path}__level": "street"}, then=f"{path}__code"),
            When(**{f"{path}__level": "community"}, then=f"{path}__parent__code"),
            default=code,
            output_field=TextField(),
        )
    rows = rows.annotate(figure=Value(key, TextField()), street=code).values("figure", "street")
    return rows.annotate(number=Cast(count.total, NUMBER)).values_list("figure", "street", "number")
