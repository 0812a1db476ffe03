"""What goes on about the homes, as homes/circles/lacking.py asks it."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from activities.models import Activity, ActivityKind
from homes.circles.lacking import DAYS, ELSEWHERE, TEACHING, WANTED, told


def going_on():
    """Of which kinds something begins in the next days, and in which homes; every kind in use is wanted."""
    now = timezone.now()
    kinds = ActivityKind.objects.in_use()
    soon = Activity.objects.upcoming(now).filter(starts_at__lt=now + timedelta(days=DAYS), kind__in=kinds)
    return [
        told(kinds, TEACHING, F("name"), WANTED, F("order")),
        told(soon.exclude(home=None), TEACHING, F("kind__name"), "home", F("kind__order")),
    ]


def register():
    """Tell homes/circles/, which knows nothing of activities."""
    ELSEWHERE.append(going_on)
