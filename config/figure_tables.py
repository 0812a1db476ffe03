"""The figures by street and by month, for pages, paper and Excel: what is said of each, and what is drawn."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

from django.db.models import Q
from django.utils import timezone

from branches.access import Action
from branches.models import Division, FigureSnapshot, PublishedFigure
from config import charts
from config.figures import COUNTS, FEW_WORDS, every_figure, months_until
from config.templatetags.amounts import amount, change

UNKNOWN = "还没有数过"
NO_STREET = "没有写明街道的"
PUBLIC_BY_STREET = "homes_in_use"  # drawn for residents
PUBLIC_BY_MONTH = ("homes_in_use", "volunteer_backbone")
SHEET_BY_STREET = ("homes_in_use", "volunteer_teams", "volunteer_backbone", "members_received")


def said(key, value):
    """The number as it is said: never of so few people that somebody might be recognised."""
    if value is None:
        return UNKNOWN
    return FEW_WORDS if COUNTS[key].is_few(value) else amount(value)


def changed(key, value, before):
    """What became of it since the month before, in words; "" where that would give away how few there are."""
    count = COUNTS[key]
    if value is None or before is None or count.is_few(value) or count.is_few(before):
        return ""
    return change(value - before)


def streets_of(user):
    """The streets of which this user is shown numbers: those of their posts, or that their posts lie in."""
    area = Division.objects.where_granted(user, Action.VIEW, PublishedFigure)
    return list(Division.objects.streets().filter(Q(pk__in=area.values("pk")) | Q(pk__in=area.values("parent"))))


class History:
    """What was kept at the end of each of some months: `months`, the oldest first."""

    def __init__(self, months, streets=(), keys=None):
        self.months, self.is_sample = months, False
        self.values, self.days = defaultdict(dict), {}
        rows = FigureSnapshot.objects.of_months(months[0].first, months[-1].last)
        rows = rows.filter(Q(division=None) | Q(division__in=streets))
        rows = rows if keys is None else rows.filter(key__in=keys)
        for key, street, day, value, is_sample in rows.values_list("key", "division", "taken_on", "value", "is_sample"):
            month = (day.year, day.month)
            self.values[key, street][month], self.days[month] = value, day
            self.is_sample = self.is_sample or is_sample

    def value(self, key, month, street=None):
        return self.values[key, street and street.pk].get((month.year, month.month))

    def rows(self, key, street=None):
        """[(month, value or None, words, change in words)]"""
        found, before = [], None
        for month in self.months:
            value = self.value(key, month, street)
            found.append((month, value, said(key, value), changed(key, value, before)))
            before = value
        return found

    def drawn(self, key, street=None):
        """The line of a figure; None before two months are known."""
        rows = self.rows(key, street)
        if sum(value is not None for _month, value, *_ in rows) < 2:
            return None
        points = [
            (f"{month.year}年 {month.month}月", f"{month.month}月", None if words == FEW_WORDS else value, words, more)
            for month, value, words, more in rows
        ]
        return charts.line(points)


def bars_of(figure, streets, *, rest=True, link=lambda street: ""):
    """The bars of a figure by street; with `rest`, what is of no known street too."""
    rows = [(street.name, figure.counted.streets.get(street.code, 0), link(street)) for street in streets]
    if rest and (left := figure.counted.streets.get("")):
        rows.append((NO_STREET, left, ""))
    few, key = figure.count.is_few, figure.key
    return charts.bars([(name, None if few(value) else value, said(key, value), url) for name, value, url in rows])


@dataclass
class Section:
    """One figure as the desk shows it, of the district or of one street."""

    figure: object
    value: object
    words: str
    link: str
    bars: object = None
    line: object = None
    rows: list = field(default_factory=list)  # (where, words of today, words of each month) as they go out


class Table:
    """Everything one user is shown: of the district, or of the street whose code is `where`."""

    def __init__(self, user, where=""):
        self.user, self.today = user, timezone.localdate()
        self.streets = streets_of(user)
        self.street = next((street for street in self.streets if street.code == where), None)
        self.is_whole = len(self.streets) == Division.objects.streets().count()
        self.months = months_until(self.today)
        self.history = History(self.months, self.streets)
        self.sections, self.elsewhere, self.shown = [], [], None
        for figure in every_figure():
            if self.street and not (figure.count and figure.count.division):
                self.elsewhere.append(figure)
            else:
                self.sections.append(self._section(figure))

    def _section(self, figure):
        key, count, street = figure.key, figure.count, self.street
        if count is None:
            return Section(figure, None, "", "", rows=[("全区", "", [""] * len(self.months))])
        value = figure.counted.streets.get(street.code, 0) if street else figure.today
        section = Section(figure, value, said(key, value), count.link(street, user=self.user))
        section.line = self.history.drawn(key, street) if count.rows else None
        if street:
            section.rows = [self._row(figure, street.name, value, street)]
            return section
        section.rows = [self._row(figure, "全区", value, None)]
        if count.division and self.streets:
            section.bars = bars_of(figure, self.streets, rest=self.is_whole, link=partial(count.link, user=self.user))
            section.rows += [
                self._row(figure, each.name, figure.counted.streets.get(each.code, 0), each) for each in self.streets
            ]
            if self.is_whole and (left := figure.counted.streets.get("")):
                section.rows.append((NO_STREET, said(key, left), [""] * len(self.months)))
        return section

    def _row(self, figure, name, value, street):
        kept = (self.history.value(figure.key, month, street) for month in self.months)
        words = ["" if each is None else said(figure.key, each) for each in kept]
        return name, said(figure.key, value), words

    def show(self, key):
        """Choose the figure that is drawn: the one with this key, else the first."""
        self.shown = next((each for each in self.sections if each.figure.key == key), next(iter(self.sections), None))

    # --- as it goes out
    @property
    def headings(self):
        months = [f"{month.year}年{month.month}月" for month in self.months]
        return ["数字", "哪里", "单位", "今天", "公布的", "公布日期", "来源", *months]

    @property
    def lines(self):
        for section in self.sections:
            figure, published = section.figure, section.figure.published
            for where, words, months in section.rows:
                told = ["", "", ""]
                if published and where == "全区":
                    most = "多" if published.at_least else ""
                    told = [f"{amount(published.value)}{most}", f"{published.published_on:%Y-%m-%d}", published.source]
                yield [figure.label, where, figure.unit, words, *told, *months]


@dataclass
class SheetLine:
    label: str
    unit: str
    now: str
    before: str
    change: str
    published: PublishedFigure | None


class Sheet:
    """The sheet of a month: what was kept last in it, beside the month before, by street, and what was published."""

    def __init__(self, user, month):
        before = month.beside(-1)
        self.month = month
        self.streets = streets_of(user)
        history = History([before, month], self.streets)
        self.day = history.days.get((month.year, month.month))
        self.day_before = history.days.get((before.year, before.month))
        self.is_sample = history.is_sample
        self.lines = []
        for figure in every_figure():
            if figure.count is None:
                continue
            now, then = history.value(figure.key, month), history.value(figure.key, before)
            words = ["" if each is None else said(figure.key, each) for each in (now, then)]
            line = SheetLine(figure.count.label, figure.unit, *words, changed(figure.key, now, then), None)
            line.published = figure.published
            self.lines.append(line)
        self.columns = [COUNTS[key] for key in SHEET_BY_STREET]
        rows = [
            (street.name, [said(key, history.value(key, month, street)) for key in SHEET_BY_STREET])
            for street in self.streets
        ]
        half = -(-len(rows) // 2)
        self.halves = [part for part in (rows[:half], rows[half:]) if part]

    @property
    def published(self):
        """(day, source) of what the last column says, the newest first."""
        told = {(line.published.published_on, line.published.source) for line in self.lines if line.published}
        return sorted(told, reverse=True)
