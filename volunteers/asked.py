"""What one volunteer is asked to do and has in hand, for their own page. Nothing here says who asked for help."""

from django.db.models import Q
from django.utils import timezone

from volunteers import contact
from volunteers.models import Assignment, OpenCall, ServiceOrder, TeamMembership

Held = Assignment.Status
_SHOWN = ("order__category", "order__division__parent", "order__compound")


def teams_of(volunteer):
    return TeamMembership.objects.active().filter(volunteer=volunteer).values("team")


def offers(volunteer, now=None):
    """Assignments offered to them that they may still accept, the first to answer first."""
    rows = Assignment.objects.live(now).filter(volunteer=volunteer).select_related(*_SHOWN)
    return rows.order_by("expires_at", "pk")


def calls(volunteer, now=None):
    """Open calls of their teams that they have not answered, and may."""
    now = now or timezone.now()
    said = Assignment.objects.filter(volunteer=volunteer, status__in=(*Assignment.LIVE, Held.DECLINED))
    rows = OpenCall.objects.filter(closed_at=None, expires_at__gt=now, order__status=ServiceOrder.Status.DISPATCHING)
    rows = rows.filter(pk__in=OpenCall.teams.through.objects.filter(team__in=teams_of(volunteer)).values("opencall"))
    return rows.exclude(order__in=said.values("order")).select_related(*_SHOWN).order_by("expires_at", "pk")


def in_hand(volunteer):
    """What they said yes to and is not done, the soonest first."""
    return Assignment.objects.held().filter(volunteer=volunteer).select_related(*_SHOWN).order_by("visit_at", "pk")


def lately(volunteer, now=None):
    """What they did, or could not do, in the days in which its telephone may still be read."""
    since = (now or timezone.now()) - contact.KEPT
    went = Assignment.objects.filter(volunteer=volunteer, status__in=(Held.COMPLETED, Held.FAILED), ended_at__gte=since)
    return went.select_related(*_SHOWN).order_by("-ended_at", "-pk")


def orders(volunteer):
    """Every order they were ever asked to do, by name or as one of a team."""
    called = OpenCall.objects.filter(teams__in=teams_of(volunteer)).values("order")
    mine = Assignment.objects.filter(volunteer=volunteer).values("order")
    rows = ServiceOrder.objects.filter(Q(pk__in=mine) | Q(pk__in=called))
    return rows.select_related("category", "division__parent", "compound", "branch")


def of_page(volunteer, now=None):
    """What the first page of their own shows of orders."""
    now = now or timezone.now()
    return {
        "offers": list(offers(volunteer, now)), "calls": list(calls(volunteer, now)),
        "in_hand": list(in_hand(volunteer)), "lately": list(lately(volunteer, now)),
    }  # fmt: skip
