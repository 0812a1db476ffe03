"""The district's money as the accounts office reads it: of one year, by street and home, with sums that add up."""

from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from django.db.models import Q, Sum
from django.utils import timezone

from homes.models import Grant
from homes.money import in_fen

Status = Grant.Status
NOTHING = Decimal("0.00")
IDLE_DAYS = 30  # after which somebody should see why nothing of an approved grant has been paid


class Sums(NamedTuple):
    """Yuan planned, approved, paid, and still to be paid. What was cancelled counts for nothing."""

    planned: Decimal = NOTHING
    approved: Decimal = NOTHING
    paid: Decimal = NOTHING
    to_pay: Decimal = NOTHING

    def __add__(self, other):
        return Sums(*(one + another for one, another in zip(self, other, strict=True)))


class Group(NamedTuple):
    """A street with its homes, or a home with its grants, and what they come to."""

    name: str
    rows: list
    sums: Sums


def to_pay(grant):
    """Yuan that are still to be paid: nothing where it is settled, cancelled, or not approved yet."""
    return grant.left if grant.status in (Status.APPROVED, Status.DISBURSED) else NOTHING


def sums_of(grants):
    """What these grants come to."""
    total = Sums()
    for grant in grants:
        if grant.status != Status.CANCELLED:
            total += Sums(grant.planned, grant.approved or NOTHING, grant.paid, to_pay(grant))
    return total


def by_place(grants):
    """[Group of a street, its rows Groups of homes, theirs the grants] in the order of the divisions. One query."""
    rows = grants.select_related("home__division__parent").order_by("home__division__code", "home", "-year", "pk")
    homes = [
        Group(home.name, found := list(of_home), sums_of(found))
        for home, of_home in groupby(rows, key=lambda grant: grant.home)
    ]
    by_street = {}
    for group in homes:
        home = group.rows[0].home
        by_street.setdefault((home.street or home.division).name, []).append(group)
    return [Group(name, found, total(found)) for name, found in by_street.items()]


def total(groups):
    return sum((group.sums for group in groups), Sums())


def years(grants):
    """[(year, yuan approved, yuan paid)], the newest first; what was cancelled left out of the sums. One query."""
    standing = ~Q(status=Status.CANCELLED)
    rows = grants.order_by("-year").values("year")
    rows = rows.annotate(sum_approved=Sum("approved", filter=standing), sum_paid=Sum("paid", filter=standing))
    return [(row["year"], in_fen(row["sum_approved"]), in_fen(row["sum_paid"])) for row in rows]


def to_approve(user, grants):
    """Plans that wait for somebody else than who made them."""
    return grants.filter(status=Status.PLANNED).exclude(planned_by=user)


def idle(grants, on=None):
    """Approved, and for a month nothing was paid."""
    limit = (on or timezone.localdate()) - timezone.timedelta(days=IDLE_DAYS)
    return grants.filter(status=Status.APPROVED, approved_on__lt=limit)
