"""What is on, as residents ask for it: today, tomorrow, this week, this month, in a street, at a home, of a kind."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone

from activities.models import Activity
from activities.models.activity import day_bounds

PERIODS = {"today": "今天", "tomorrow": "明天", "week": "本周", "month": "本月"}
FILTERS = ("street", "home", "kind", "theme")
SHOWN_A_MONTH, SHOWN_A_DAY = 200, 3  # in the grid of a month
YEARS = 2  # how far back and ahead days and months can be asked for


def period(name, today):
    """The first and the last day of a period that holds `today`."""
    match name:
        case "today":
            return today, today
        case "tomorrow":
            return today + timedelta(days=1), today + timedelta(days=1)
        case "week":
            return today, today + timedelta(days=6 - today.weekday())
    return today, today.replace(day=monthrange(today.year, today.month)[1])


@dataclass(frozen=True)
class Wish:
    """What a reader asked for; values that do not exist find nothing and are named by the page."""

    when: str = ""
    day: str = ""  # 2026-11-22; goes before `when`
    street: str = ""
    home: str = ""
    kind: str = ""
    theme: str = ""
    free: bool = False

    @classmethod
    def read(cls, query):
        """A wish out of a query string; what makes no sense is left out."""
        texts = {name: query.get(name, "")[:60].replace("\0", "") for name in FILTERS}
        day = _day(query.get("day", ""))
        when = query.get("when", "") if day is None else ""
        when = when if when in PERIODS else ""
        return cls(when=when, day=str(day or ""), free=query.get("free") == "1", **texts)

    def __bool__(self):
        return self != Wish()

    def address(self, **changes):
        """The query string of this wish with some of it changed; "" where nothing is asked."""
        asked = {name: getattr(self, name) for name in ("when", "day", *FILTERS)}
        pairs = [(name, value) for name, value in (asked | {"free": self.free and "1"} | changes).items() if value]
        return f"?{urlencode(pairs)}" if pairs else ""

    def find(self, now=None):
        """The published activities that are asked for and not over yet, the next one first; of a day, all of them."""
        now = now or timezone.now()
        found = Activity.objects.upcoming(now)
        if self.day:
            day = date.fromisoformat(self.day)
            found = Activity.objects.public().between(day, day).order_by("starts_at", "pk")
        elif self.when:
            first, last = period(self.when, timezone.localdate(now))
            found = found.filter(starts_at__lt=day_bounds(last)[1], ends_at__gt=day_bounds(first)[0])
            if self.when == "tomorrow":
                found = found.filter(starts_at__gte=day_bounds(first)[0])
        found = self.narrow(found)
        return found.with_room() if self.free else found

    def narrow(self, rows):
        """Those in the street, at the home, of the kind and the theme that are asked for."""
        if self.street:
            rows = rows.filter(Q(division__code=self.street) | Q(division__parent__code=self.street))
        for name, path in (("home", "home__slug"), ("kind", "kind__slug"), ("theme", "home__theme__slug")):
            if getattr(self, name):
                rows = rows.filter(**{path: getattr(self, name)})
        return rows


def _day(text):
    """The day that a text like 2026-11-22 names, of the years a reader may ask for; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if abs(day.year - timezone.localdate().year) <= YEARS else None


@dataclass(frozen=True)
class Month:
    """A month as a grid of weeks, Monday first."""

    year: int
    month: int

    @classmethod
    def read(cls, text, today):
        """2026-11 as a month; this month for anything else."""
        first = _day(f"{text}-01") or today
        return cls(first.year, first.month)

    @property
    def first(self):
        return date(self.year, self.month, 1)

    @property
    def last(self):
        return self.first.replace(day=monthrange(self.year, self.month)[1])

    def beside(self, months):
        """The month so many months later, or earlier."""
        number = self.year * 12 + self.month - 1 + months
        return Month(number // 12, number % 12 + 1)

    def __str__(self):
        return f"{self.year:04}-{self.month:02}"

    def weeks(self, activities):
        """[[(day, its activities, how many more there are)]] for whole weeks; the days of other months come empty.

        A month in which more goes on than one page can hold shows the first few of each day.
        """
        by_day = {}
        for activity in activities:
            by_day.setdefault(timezone.localdate(activity.starts_at), []).append(activity)
        most = SHOWN_A_DAY if sum(map(len, by_day.values())) > SHOWN_A_MONTH else None
        monday = self.first - timedelta(days=self.first.weekday())
        sunday = self.last + timedelta(days=6 - self.last.weekday())
        days = [monday + timedelta(days=number) for number in range((sunday - monday).days + 1)]
        shown = [(day, by_day.get(day, [])) for day in days]
        cells = [(day, rows[:most], len(rows) - len(rows[:most])) for day, rows in shown]
        return [cells[start : start + 7] for start in range(0, len(cells), 7)]
