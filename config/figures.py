"""The figures of the district: what was published on a day, and what the records say today.

A figure is counted here once its records exist in the portal; until then the page shows the published number alone
and says so.
"""

from typing import NamedTuple

from django.db.models import Count as CountRows
from django.db.models import TextField, Value

from branches.models import Enterprise, Member, PublishedFigure
from homes.models import Demonstration, Home
from volunteers.models import Team, Volunteer

FEW = 3  # people; fewer might be recognised, so the number is not said


class Count(NamedTuple):
    """How a figure is computed: `rows` returns a queryset; `href` is the page that lists the same rows, a public one
    unless `for_staff`, which asks for a log-in and shows each reader the rows of their own area."""

    rows: callable
    href: str
    meaning: str
    for_staff: bool = False
    of_people: bool = False


COUNTS = {
    "homes_in_use": Count(Home.objects.public, "/homes/", "现在对居民公布的家，一个一个数出来"),
    "demonstration_homes_2022": Count(
        lambda: Demonstration.objects.filter(granted_on__year=2022, home__in=Home.objects.public()),
        "/homes/?demonstration=1",
        "2022年授予示范阵地的家",
    ),
    "enterprises_received": Count(
        lambda: Enterprise.objects.filter(is_archived=False),
        "/admin/branches/enterprise/",
        "记录里的移交企业，名单要工作人员登录后看",
        for_staff=True,
    ),
    "members_received": Count(
        lambda: Member.objects.filter(enterprise__isnull=False),
        "/admin/branches/member/",
        "记录里写明从哪家企业移交来的党员，名单只有负责的工作人员登录后看得到",
        for_staff=True,
        of_people=True,
    ),
    "volunteer_teams": Count(Team.objects.public, "/teams/", "记录里的志愿服务队"),
    "volunteer_backbone": Count(
        Volunteer.objects.active,
        "/admin/volunteers/volunteer/",
        "记录里在队的志愿者，名单只有负责的工作人员登录后看得到",
        for_staff=True,
        of_people=True,
    ),
}


class Figure(NamedTuple):
    """One line of the page: the published figure, and today's count where the records exist (else None)."""

    published: PublishedFigure
    today: int | None
    count: Count | None = None

    @property
    def is_few(self):
        """Whether the number is of people and too small to be said."""
        return bool(self.count and self.count.of_people and self.today and self.today < FEW)

    @property
    def differs(self):
        """Whether today's count has to be explained beside the published one."""
        if self.today is None:
            return False
        return self.today < self.published.value if self.published.at_least else self.today != self.published.value


def figures(keys=None):
    """The newest published figure of each key (of `keys`, if given), in order, with today's count."""
    newest = {}
    wanted = PublishedFigure.objects.order_by("published_on")
    for published in wanted if keys is None else wanted.filter(key__in=keys):
        newest[published.key] = published
    counted = _counted(newest.keys() & COUNTS.keys())
    return [
        Figure(published, counted.get(published.key), COUNTS.get(published.key))
        for published in sorted(newest.values(), key=lambda figure: figure.order)
    ]


def _counted(keys):
    """{key: number of rows today}, asked in one go."""
    asked = [
        COUNTS[key]
        .rows()
        .order_by()
        .annotate(figure=Value(key, TextField()))
        .values("figure")
        .annotate(rows=CountRows("pk"))
        .values_list("figure", "rows")
        for key in sorted(keys)
    ]
    found = asked[0].union(*asked[1:], all=True).order_by() if asked else ()
    return dict.fromkeys(keys, 0) | dict(found)
