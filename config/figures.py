"""The figures of the district: what was published on a day, and what the records say today.

A figure is counted here once its records exist in the portal; until then the page shows the published number alone
and says so.
"""

from typing import NamedTuple

from branches.models import PublishedFigure
from homes.models import Demonstration, Home


class Count(NamedTuple):
    """How a figure is computed: `rows` returns a queryset; `href` is the public page that lists the same rows."""

    rows: callable
    href: str
    meaning: str


COUNTS = {
    "homes_in_use": Count(Home.objects.public, "/homes/", "现在对居民公布的家，一个一个数出来"),
    "demonstration_homes_2022": Count(
        lambda: Demonstration.objects.filter(granted_on__year=2022, home__in=Home.objects.public()),
        "/homes/?demonstration=1",
        "2022年授予示范阵地的家",
    ),
}


class Figure(NamedTuple):
    """One line of the page: the published figure, and today's count where the records exist (else None)."""

    published: PublishedFigure
    today: int | None
    href: str
    meaning: str

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
    lines = []
    for published in sorted(newest.values(), key=lambda figure: figure.order):
        count = COUNTS.get(published.key)
        lines.append(
            Figure(published, count.rows().count(), count.href, count.meaning)
            if count
            else Figure(published, None, "", "")
        )
    return lines
