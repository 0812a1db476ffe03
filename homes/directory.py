"""The directory of public homes: every filter, and the count beside every choice, from one small index.

Counting a dozen choices in SQL would cost a query each or one very wide one. The index is a tuple a home, read with
two queries and kept in memory until an edit (`config.caching.remember`). Whose doors are open is worked out from it
when a door somewhere opens or closes (`Directory.at`). The rules themselves (when a home is open, what is a
demonstration site) stay with `Home`.
"""

import unicodedata
from bisect import bisect
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import time, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from homes.models import Home, HomeFacility, Theme
from homes.models.hours import at_clock, on_day, read_special, read_weekly


class Choice(NamedTuple):
    """One value of a filter."""

    value: str
    label: str


class Entry(NamedTuple):
    """What the filters need to know about one public home."""

    pk: int
    street: str
    theme: str
    facilities: frozenset
    demonstration: bool
    step_free: bool
    text: str
    doors: tuple = ((), ())  # the intervals of today, and of tomorrow
    open: bool = False


# what a theme's card and its place in the list need
THEME_PARTS = ("slug", "name", "lead", "mark", "hue", "order", "is_sample")

# the filters that hold one value, and those that are simply on
SINGLE = {"street": gettext_noop("街道"), "theme": gettext_noop("主题")}
FLAGS = {
    "open": gettext_noop("现在开放"),
    "step_free": gettext_noop("进门没有台阶"),
    "demonstration": gettext_noop("示范阵地"),
}


@dataclass(frozen=True)
class Filters:
    """What the reader asked for. Built by `read`, so every value in it exists."""

    q: str = ""
    street: str = ""
    theme: str = ""
    facilities: frozenset = frozenset()
    flags: frozenset = frozenset()

    def __bool__(self):
        return self != Filters()

    def query(self):
        """The filters as (name, value) pairs in a fixed order, ready for a query string."""
        pairs = [(name, getattr(self, name)) for name in ("q", *SINGLE) if getattr(self, name)]
        pairs += [("facility", value) for value in sorted(self.facilities)]
        return pairs + [(name, "1") for name in FLAGS if name in self.flags]

    def toggled(self, name, value):
        """The filters with one choice put on, or taken off where it is on."""
        if name in SINGLE:
            return replace(self, **{name: "" if getattr(self, name) == value else value})
        if name == "facility":
            return replace(self, facilities=self.facilities ^ {value})
        return replace(self, flags=self.flags ^ {name})

    def has(self, name, value):
        if name in SINGLE:
            return getattr(self, name) == value
        return value in self.facilities if name == "facility" else name in self.flags


@lru_cache(5000)  # what is written about most homes is the same after an edit
def plain(text):
    """Text as it is compared: full-width letters narrowed, case and spaces dropped."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True)
class Directory:
    """All public homes in list order, with the labels of every choice that at least one of them offers."""

    entries: tuple[Entry, ...]
    streets: tuple[Choice, ...]
    themes: tuple[Theme, ...]
    facilities: tuple[Choice, ...]
    moments: tuple[time, ...] = (time.min,)  # when this day begins, and when a door opens or closes, in order
    since: time = time.min  # the last of them

    def last_moment(self, clock):
        """When a door last opened or closed, at this time of the day: all it tells is true since then."""
        return self.moments[bisect(self.moments, clock) - 1]

    def at(self, moment):
        """The same with the doors that are open at this time of the day."""
        entries = tuple(entry._replace(open=at_clock(entry.doors[0], moment)[0] is not None) for entry in self.entries)
        return replace(self, entries=entries, since=moment)

    def opening_next(self, most):
        """(days ahead, {home: when its door opens}) of the first ones: later today, if any does, or tomorrow."""
        later = ((at_clock(entry.doors[0], self.since)[1], entry.pk) for entry in self.entries)
        tomorrow = ((entry.doors[1][0].opens, entry.pk) for entry in self.entries if entry.doors[1])
        for day, found in enumerate((later, tomorrow)):
            if first := sorted((opens, pk) for opens, pk in found if opens is not None)[:most]:
                return day, {pk: opens for opens, pk in first}
        return 0, {}

    def read(self, parameters):
        """Return (Filters, complaints) for a QueryDict. What does not exist is left out and named in a complaint."""
        complaints = []
        known = {
            "street": {choice.value for choice in self.streets},
            "theme": {theme.slug for theme in self.themes},
            "facility": {choice.value for choice in self.facilities},
        }

        def checked(name, label, value):
            if value in known[name]:
                return value
            complaints.append(gettext("没有找到您要的%s，已经替您去掉这个条件。") % gettext(label))
            return ""

        single = {
            name: checked(name, label, parameters[name]) for name, label in SINGLE.items() if parameters.get(name)
        }
        wanted = {checked("facility", gettext_noop("设施"), value) for value in parameters.getlist("facility") if value}
        filters = Filters(
            q=parameters.get("q", "").replace("\0", "").strip()[:40],
            facilities=frozenset(wanted - {""}),
            flags=frozenset(name for name in FLAGS if parameters.get(name) == "1"),
            **single,
        )
        return filters, complaints

    def matching(self, filters):
        """The entries that meet every filter."""
        return [entry for entry in self.entries if not _unmet(entry, filters, plain(filters.q))]

    def counts(self, filters):
        """How many homes each choice would leave: {"street": {value: count}, ..., "open": {"1": count}, ...}.

        A choice of a single filter replaces the present one; a facility or a flag is added to the rest.
        """
        needle = plain(filters.q)
        counts = defaultdict(Counter)
        for entry in self.entries:
            unmet = _unmet(entry, filters, needle)
            if len(unmet) > 1:
                continue
            for name in SINGLE:
                if unmet <= {name}:
                    counts[name][getattr(entry, name)] += 1
            if not unmet:
                counts["facility"].update(entry.facilities)
                for name in FLAGS:
                    counts[name]["1"] += getattr(entry, name)
        return counts


def _unmet(entry, filters, needle):
    """The names of the filters that this entry does not meet."""
    unmet = {name for name in filters.flags if not getattr(entry, name)}
    if filters.street and entry.street != filters.street:
        unmet.add("street")
    if filters.theme and entry.theme != filters.theme:
        unmet.add("theme")
    if not filters.facilities <= entry.facilities:
        unmet.add("facility")
    if needle and needle not in entry.text:
        unmet.add("q")
    return unmet


def build(homes):
    """Read the index of this day, from all `homes` as cards show them. Two queries."""
    offered = defaultdict(dict)
    facilities = {}
    for home, slug, name, order in HomeFacility.objects.filter(
        home__in=Home.objects.public(), facility__is_archived=False
    ).values_list("home_id", "facility__slug", "facility__name", "facility__order"):
        offered[home][slug] = name
        facilities[slug] = (order, name)

    today = timezone.localdate()

    @cache  # many homes have the same hours
    def doors(status, weekly, special):
        """The intervals of today and of tomorrow."""
        days = (today, today + timedelta(days=1)) if status == Home.Status.OPEN else ()
        found = [tuple(on_day(read_weekly(weekly), read_special(special), day)[0]) for day in days]
        return tuple(found) or ((), ())

    columns = ("pk", "name", "lead", "step_free", "status", "weekly_lines", "special_lines", "demonstration_since")
    columns += tuple(f"division__{part}" for part in ("level", "code", "name", "parent__code", "parent__name"))
    columns += tuple(f"theme__{part}" for part in (*THEME_PARTS, "is_archived"))
    entries, streets, themes = [], {}, {}
    rows = homes.public().order_by("division__code", "pk").values(*columns)
    for row in rows.iterator(chunk_size=2000):
        code, name = _street(row)
        if code:
            streets[code] = name
        theme = "" if row["theme__is_archived"] else row["theme__slug"] or ""
        if theme:
            themes[theme] = row
        words = (row["name"], row["lead"], name, row["division__name"], row["theme__name"] if theme else "")
        entries.append(
            Entry(
                pk=row["pk"],
                street=code,
                theme=theme,
                facilities=frozenset(offered[row["pk"]]),
                demonstration=row["demonstration_since"] is not None,
                step_free=row["step_free"] is True,
                text=plain("\n".join([*filter(None, words), *offered[row["pk"]].values()])),
                doors=doors(row["status"], row["weekly_lines"], row["special_lines"]),
            )
        )
    return Directory(
        entries=tuple(entries),
        streets=tuple(Choice(code, name) for code, name in sorted(streets.items())),
        themes=tuple(
            Theme(**{name: row[f"theme__{name}"] for name in THEME_PARTS})
            for row in sorted(themes.values(), key=lambda row: (row["theme__order"], row["theme__slug"]))
        ),
        facilities=tuple(
            Choice(slug, name) for slug, (_, name) in sorted(facilities.items(), key=lambda item: item[1])
        ),
        moments=tuple(sorted({time.min, *(at for each in entries for at in _moments(each))})),
    )


def _moments(entry):
    """When its door opens or closes today."""
    return (at for row in entry.doors[0] for at in (row.opens, row.closes))


def _street(row):
    """(code, name) of the street of a row; empty where only the district is known."""
    if row["division__level"] == "street":
        return row["division__code"], row["division__name"]
    if row["division__level"] == "community":
        return row["division__parent__code"], row["division__parent__name"]
    return "", ""
