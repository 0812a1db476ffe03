"""What /circles/ says of the counts that were kept, by division and by month: never one too small to be said."""

from collections import defaultdict
from dataclasses import dataclass
from functools import partial

from branches.models import Division
from config import charts
from config.few import UNTOLD, few_words, untold
from config.figures import FEW, months_until
from config.templatetags.amounts import amount, change
from homes.circles.pace import USUAL
from homes.models import Coverage

WHOLE, PARTS = "members", ("members_inside", "members_outside", "members_unplaced")


@dataclass(frozen=True)
class Told:
    """The counts of one division in one month, and which of them are kept back."""

    row: Coverage
    kept: frozenset

    @property
    def division(self):
        return self.row.division

    @property
    def share(self):
        """How many of a hundred members live inside; None where that would give a small number away."""
        if self.kept & {WHOLE, "members_inside"}:
            return None
        return of_a_hundred(self.row.members_inside, self.row.members)

    @property
    def share_of_buildings(self):
        return of_a_hundred(self.row.buildings_inside, self.row.buildings)

    @property
    def buildings(self):
        return amount(self.row.buildings_inside)

    @property
    def cells(self):
        """The members, and of them those inside, outside and of no known place, in words."""
        numbers = {column: getattr(self.row, column) for column in (WHOLE, *PARTS)}
        return [few_words(number) if column in self.kept else amount(number) for column, number in numbers.items()]

    @property
    def bands(self):
        """How many are certainly, by estimate and possibly inside; None where one is kept back or all is measured, and
        of the parts of the district, which could be had from each other."""
        row = self.row
        if row.division.level != Division.Level.DISTRICT:
            return None
        steps = (row.members_certain, row.members_inside - row.members_certain,
                 row.members_possible - row.members_inside, row.members - row.members_possible)  # fmt: skip
        if not row.is_estimate or self.kept & {WHOLE, "members_inside"} or any(0 < step < FEW for step in steps):
            return None
        return [amount(number) for number in (row.members_certain, row.members_inside, row.members_possible)]


def of_a_hundred(part, whole):
    """Whole per cent, 0 and 100 only where they are meant; None of nothing."""
    if not whole:
        return None
    return part * 100 // whole if part in (0, whole) else min(99, max(1, round(part * 100 / whole)))


def share_words(told, share):
    if share is not None:
        return f"{share}%"
    return UNTOLD if told.kept else "—"


class Counts:
    """The last months at one pace, and the place that was asked for: a street, else the district.

    Members of a street or a community are told at the usual pace alone: of two paces the difference would be told, too.
    """

    def __init__(self, pace, today, street=""):
        first = months_until(today)[0].first
        rows = Coverage.objects.filter(pace__in={pace.key, USUAL.key}, month__range=(first, today))
        months, usual = defaultdict(list), {}
        for row in (
            rows.order_by("month", "division__code").select_related("division", "network").defer("division__outline")
        ):
            if row.pace == pace.key:
                months[row.month].append(row)
            if row.pace == USUAL.key:
                usual[row.month, row.division_id] = row.members_inside
        self.tells_parts = pace is USUAL
        tell = _told if self.tells_parts else partial(_told_beside, usual)
        self.months = [tell(found) for found in months.values()]
        self.rows = self.months[-1] if self.months else []
        at_top = [each for each in self.rows if each.division.level == Division.Level.DISTRICT]
        self.streets = [each for each in self.rows if each.division.level == Division.Level.STREET]
        asked = [each for each in self.streets if each.division.code == street]
        self.place = (asked or at_top or [None])[0]
        self.is_street = bool(asked)
        self.tells_place = self.tells_parts or not self.is_street

    @property
    def below(self):
        """The streets of the district, or the communities of the street."""
        if not self.is_street:
            return self.streets
        return [each for each in self.rows if each.division.parent_id == self.place.division.pk]

    def bars(self, column):
        """The bars of a share, a line for each place below."""
        shares = [(each, getattr(each, column)) for each in self.below]
        return charts.bars([(each.division.short_name, share, share_words(each, share)) for each, share in shares])

    def line(self):
        """The months of the place; None before two are known."""
        if len(self.months) < 2 or self.place is None or not self.tells_place:
            return None
        points, before = [], None
        for month in self.months:
            for each in month:
                if each.division.pk == self.place.division.pk:
                    on, share = each.row.month, each.share
                    by = "（估算）" if each.row.is_estimate else ""
                    more = "" if None in (share, before) else change(share - before)
                    words = share_words(each, share)
                    points.append((f"{on.year}年{on.month}月{by}", f"{on.month}月", share, words, more))
                    before = share
        return charts.line(points)


def _told(rows):
    numbers = {row.division_id: {column: getattr(row, column) for column in (WHOLE, *PARTS)} for row in rows}
    kept = untold(numbers, {row.division_id: row.division.parent_id for row in rows}, WHOLE, PARTS)
    return [Told(row, frozenset(column for key, column in kept if key == row.division_id)) for row in rows]


def _told_beside(usual, rows):
    """The same where those of the usual pace are known, too: of the district alone, and not where the two are close."""
    told = []
    for row in rows:
        kept = {WHOLE, *PARTS}
        if row.division.level == Division.Level.DISTRICT:
            numbers = {column: getattr(row, column) for column in (WHOLE, *PARTS)}
            kept = {column for _, column in untold({0: numbers}, {}, WHOLE, PARTS)}
            if 0 < abs(row.members_inside - usual.get((row.month, row.division_id), row.members_inside)) < FEW:
                kept |= {"members_inside", "members_outside"}
        told.append(Told(row, frozenset(kept)))
    return told
