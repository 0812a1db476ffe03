"""Honest figures of orders: what is still open and late counts against, and silence is no praise."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from volunteers.models import ServiceOrder

Status, Rating = ServiceOrder.Status, ServiceOrder.Rating
SOLVED = (Status.DONE, Status.CLOSED)
RECENT = timedelta(days=2 * 365)


class Satisfaction(NamedTuple):
    """Of closed orders: how many said it was well done, how many said anything, how many said nothing."""

    satisfied: int
    rated: int
    silent: int


class Punctuality(NamedTuple):
    """How many were done by their day; of all that were done, or should have been."""

    on_time: int
    due: int


def satisfaction(orders):
    counts = orders.filter(status=Status.CLOSED).aggregate(
        satisfied=Count("pk", filter=Q(rating__in=(Rating.GOOD, Rating.FAIR))),
        rated=Count("pk", filter=Q(rating__in=(Rating.GOOD, Rating.FAIR, Rating.POOR))),
        silent=Count("pk", filter=Q(rating=Rating.NONE)),
    )
    return Satisfaction(**counts)


def punctuality(orders, on=None):
    """Open ones past their day are in what was due, and not in what was on time."""
    on = on or timezone.localdate()
    done = Q(status__in=SOLVED)
    late = Q(status__in=ServiceOrder.OPEN, done_by__lt=on)
    counts = orders.annotate(done_on=TruncDate("done_at")).aggregate(
        on_time=Count("pk", filter=done & Q(done_on__lte=F("done_by"))), due=Count("pk", filter=done | late)
    )
    return Punctuality(**counts)


def solved_lately(orders, now=None):
    """Matters solved in the last two years."""
    return orders.filter(status__in=SOLVED, done_at__gte=(now or timezone.now()) - RECENT)
