"""At the door, for the tests: its pages by name, when it begins, and who is in which state."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, SignUp


def let_begin(minutes, *activities):
    """Let them begin in so many minutes: whoever is logged in stays logged in."""
    starts_at = timezone.now() + timedelta(minutes=minutes)
    for each in activities:
        Activity.objects.filter(pk=each.pk).update(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=90))
        each.refresh_from_db()


def page(name, *args):
    return reverse(f"activities:{name}", args=args)


def names(activity, status):
    return sorted(activity.sign_ups.filter(status=status).values_list("name", flat=True))


def statuses():
    return list(SignUp.objects.order_by("pk").values_list("pk", "status"))
