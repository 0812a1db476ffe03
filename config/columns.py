"""Whether the public columns (栏目) of the site are filled and fresh, by the rule for sites of public bodies.

The rule is 《政府网站与政务新媒体检查指标》 (国办秘函〔2019〕19号): no column is empty; the front page and news change
within two weeks, notices and policies within six months; letters are answered within three months. Where it names no
time, the limit is ours, and `why` says so.
"""

from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from django.db.models import DateTimeField, IntegerField, Max, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, AudioItem, Course, Notice, Recap
from branches.access import DISTRICT
from branches.models import PublishedFigure
from branches.waiting import MOST, Line, add_waiting, counted
from homes.models import CommunityProject, Home, HomeApplication, ProjectUpdate, Theme
from volunteers.models import Letter, Team

NEWS, NOTICES, LETTERS = timedelta(days=14), timedelta(days=183), timedelta(days=92)
A_QUARTER, HALF_A_YEAR, A_YEAR = timedelta(days=92), timedelta(days=183), timedelta(days=366)
SOON = 7  # the last seventh of the time: two days of two weeks, a month of half a year


class State(Enum):
    EMPTY = "还空着"
    STALE = "过期了"
    SOON = "快到期"
    FINE = "正常"

    @property
    def is_wrong(self):
        return self in (State.EMPTY, State.STALE)


class Column(NamedTuple):
    """A public column. `shown` are the rows that residents find there now; `changes` the rows whose newest `moment` is
    its last change. `may_be_empty`: nothing there is right, too, and then nothing is late. `adds` is the model of what
    is put into it, and `add` the page on which that is done.
    """

    name: str
    page: str  # names of addresses
    limit: timedelta
    why: str
    shown: callable
    changes: callable
    moment: str
    adds: type
    add: str
    in_front: bool = False  # on the front page, too
    may_be_empty: bool = False


def _published_notices():
    return Notice.objects.public().filter(status=Notice.Status.PUBLISHED)


def _themes():
    return Theme.objects.filter(is_archived=False, pk__in=Home.objects.public().values("theme"))


def _written(rows):
    """What was ever written about these rows."""
    return rows.model.history.filter(id__in=rows.values("pk"))


def _sessions():
    return Activity.objects.public().filter(course__isnull=False)


def _project_news():
    return ProjectUpdate.objects.filter(project__in=CommunityProject.objects.public())


COLUMNS = (
    Column(
        "活动", "activities:listing", NEWS, "动态类，两周以内",
        Activity.objects.upcoming, Activity.objects.public, "published_at", Activity, "activities:desk_new",
        in_front=True,
    ),
    Column(
        "通知公告", "activities:notices", NOTICES, "通知公告类，六个月以内",
        Notice.objects.current, _published_notices, "publish_at", Notice, "activities:desk_new_notice", in_front=True,
    ),
    Column(
        "活动回顾", "activities:month", NEWS, "动态类，两周以内",
        Recap.objects.public, Recap.objects.public, "created_at", Recap, "activities:desk",
    ),
    Column(
        "课程", "activities:courses", HALF_A_YEAR, "每学期开新的：我们自己定的，半年以内",
        lambda: Course.objects.public().running(), _sessions, "published_at", Course, "activities:desk_new_course",
    ),
    Column(
        "有声图书", "activities:library", HALF_A_YEAR, "我们自己定的，半年以内",
        AudioItem.objects.public, AudioItem.objects.public, "created_at", AudioItem,
        "admin:activities_audioitem_changelist",
    ),
    Column(
        "老党员之家", "homes:directory", timedelta(days=90), "门牌、电话、开放时间要准：我们自己定的，90天以内有人核实",
        Home.objects.public, Home.objects.public, "verified_on", Home, "admin:homes_home_changelist",
    ),
    Column(
        "主题", "homes:themes", A_YEAR, "我们自己定的，一年看一遍",
        _themes, lambda: _written(_themes()), "history_date", Theme, "admin:homes_theme_changelist",
    ),
    Column(
        "志愿服务队", "volunteers:teams", HALF_A_YEAR, "我们自己定的，半年以内",
        Team.objects.public, lambda: _written(Team.objects.public()), "history_date", Team, "volunteers:desk_teams",
    ),
    Column(
        "公开的来信", "letters:list", LETTERS, "来信三个月以内答复；写信人同意才公开，可以空着",
        Letter.objects.public, Letter.objects.public, "published_at", Letter, "letters:desk", may_be_empty=True,
    ),
    Column(
        "共建项目", "projects:list", A_QUARTER, "我们自己定的，一季写一次进展；没有项目可以空着",
        CommunityProject.objects.public, _project_news, "created_at", CommunityProject, "projects:propose",
        may_be_empty=True,
    ),
    Column(
        "申报公示", "applications:notices", timedelta(days=31), "公示期满就要决定，我们自己定的；没有申报可以空着",
        HomeApplication.objects.in_notice, HomeApplication.objects.in_notice, "notice_from", HomeApplication,
        "applications:new", may_be_empty=True,
    ),
    Column(
        "数字", "figures", A_YEAR, "我们自己定的，一年公布一次",
        PublishedFigure.objects.all, PublishedFigure.objects.all, "published_on", PublishedFigure,
        "desk_figures:publish",
    ),
)  # fmt: skip


class Freshness(NamedTuple):
    """How a column stands on a day: how many rows it shows (counted to one more than MOST), the day of its last change,
    days since then."""

    column: Column
    number: int | None  # None: it is made of others
    changed_on: date | None
    days: int | None
    state: State

    @property
    def how_many(self):
        return f"{MOST}多" if self.number > MOST else self.number


def _standing(column, number, changed_on, today):
    days = None if changed_on is None else (today - changed_on).days
    limit = column.limit.days
    if not number and number is not None:
        state = State.FINE if column.may_be_empty else State.EMPTY
    elif days is None or days > limit:
        state = State.STALE
    else:
        state = State.SOON if days > limit - limit // SOON else State.FINE
    return Freshness(column, number, changed_on, days, state)


def _last_changes():
    """{place in COLUMNS: the moment of its last change, or None}, in one query."""
    asked = [
        column.changes()
        .order_by()
        .annotate(column_place=Value(place, IntegerField()))
        .values("column_place")
        .annotate(column_newest=Cast(Max(column.moment), DateTimeField()))
        .values_list("column_place", "column_newest")
        for place, column in enumerate(COLUMNS)
    ]
    return dict(asked[0].union(*asked[1:], all=True).order_by())


FRONT = Column("首页", "front", NEWS, "首页，两周以内", None, None, "", None, "")


def columns(today=None):
    """How every column stands, the front page first, which is as fresh as the freshest of what it shows."""
    today = today or timezone.localdate()
    numbers, newest = counted([column.shown() for column in COLUMNS]), _last_changes()
    days = {place: moment and timezone.localdate(moment) for place, moment in newest.items()}
    found = [_standing(column, numbers[place], days.get(place), today) for place, column in enumerate(COLUMNS)]
    shown = [each.changed_on for each in found if each.column.in_front and each.changed_on]
    return [_standing(FRONT, None, max(shown, default=None), today), *found]


def wrong_ones(today=None):
    return [each for each in columns(today) if each.state.is_wrong]


def waiting(user):
    """For those who answer for the whole district."""
    if user.is_superuser or any(posting.role == DISTRICT.key for posting in user.current_postings):
        hint = "居民点进去，是空的或者是旧的。看看是哪几个，补上新的。"
        yield Line(len(wrong_ones()), "个公开栏目", "空着或者过期了", hint, f"{reverse('columns')}#wrong", overdue=True)


def register():
    add_waiting(waiting, DISTRICT)
