"""Calendar files (RFC 5545) of what goes on, for the calendar of a telephone.

An event keeps its UID for good; its SEQUENCE grows with every change of time or place. A cancelled one stays for 30
days as STATUS:CANCELLED, so that calendars that have it cross it out. Times are wall-clock times with their VTIMEZONE.
"""

from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, vText

from activities.models import Activity
from branches.samples import marked

SHOWN_DAYS = 30  # back, of what is over or was cancelled


def events_of(activities, now=None):
    """Those of `activities` that belong into a calendar: published ones, and cancelled ones for a while."""
    limit = (now or timezone.now()) - timedelta(days=SHOWN_DAYS)
    rows = activities.filter(status__in=Activity.PUBLIC, ends_at__gt=limit)
    return rows.filter(~Q(status=Activity.Status.CANCELLED) | Q(updated_at__gt=limit)).order_by("starts_at", "pk")


def calendar_of(activities, *, name, site):
    """The bytes of a calendar file. `site` is the address of the portal (https://…), for links and UIDs."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//zh-CN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(name))
    for activity in activities:
        calendar.add_component(_event(activity, site))
    for name_of_zone in calendar.get_missing_tzids():
        calendar.subcomponents.insert(0, _rules_of(name_of_zone))
    return calendar.to_ical()


@cache
def _rules_of(name_of_zone):
    """The VTIMEZONE, worked out once: that takes longer than a calendar of a hundred activities."""
    return Timezone.from_tzid(name_of_zone)


def _event(activity, site):
    event = Event()
    host = site.partition("://")[2].partition("/")[0].partition(":")[0]
    cancelled = activity.status == Activity.Status.CANCELLED
    event.add("uid", f"activity-{activity.pk}@{host}")
    event.add("dtstamp", activity.updated_at)
    event.add("sequence", activity.sequence)
    event.add("dtstart", timezone.localtime(activity.starts_at))
    event.add("dtend", timezone.localtime(activity.ends_at))
    event.add("summary", marked(activity, activity.title))
    event.add("location", activity.where)
    event.add("url", f"{site}{activity.get_absolute_url()}")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    lines = (
        activity.note if cancelled else activity.description,
        activity.bring and f"要带：{activity.bring}",
        activity.call and f"电话：{activity.call}",
    )
    event.add("description", "\n".join(filter(None, lines)))
    return event
