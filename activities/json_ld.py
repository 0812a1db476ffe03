"""An activity as schema.org has it, for search engines: what stands on its page, without anybody's name or number."""

from django.utils import timezone

from activities.models import Activity
from branches.samples import marked
from homes.json_ld import geo


def event(activity, site):
    """The Event as a dictionary. `site` is the address of the portal (https://…); `activity` is from `for_cards`."""
    cancelled = activity.status == Activity.Status.CANCELLED
    facts = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": marked(activity, activity.title),
        "url": f"{site}{activity.get_absolute_url()}",
        "startDate": timezone.localtime(activity.starts_at).isoformat(),
        "endDate": timezone.localtime(activity.ends_at).isoformat(),
        "eventStatus": f"https://schema.org/{'EventCancelled' if cancelled else 'EventScheduled'}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "inLanguage": "zh-CN",
        "location": _place(activity),
        "organizer": _organizer(activity, site),
        "description": activity.note if cancelled else activity.description,
        "maximumAttendeeCapacity": activity.capacity,
        "remainingAttendeeCapacity": None if cancelled else activity.places_left,
    }
    return {name: value for name, value in facts.items() if value not in (None, "")}


def _place(activity):
    home = activity.home if activity.home and activity.setting == Activity.Setting.HOME else None
    place = {
        "@type": "Place",
        "name": activity.where,
        "address": (home and home.address) or activity.where,
        "geo": home and geo(home),
    }
    return {name: value for name, value in place.items() if value}


def _organizer(activity, site):
    whose = activity.home if activity.home and activity.home.is_public else activity.branch
    if whose is None:
        return None
    return {"@type": "Organization", "name": str(whose), "url": f"{site}{whose.get_absolute_url()}"}


def course(course, site):
    """The Course as a dictionary: what is learned, at which home, from when to when. The teacher is not named."""
    address = f"{site}{course.get_absolute_url()}"
    instance = {
        "@type": "CourseInstance",
        "courseMode": "Onsite",
        "startDate": f"{course.since}",
        "endDate": f"{course.until}",
        "location": {"@type": "Place", "name": course.home.name, "address": course.home.address or course.home.name},
    }
    facts = {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": marked(course, course.title),
        "url": address,
        "description": course.lead or course.description or course.title,
        "inLanguage": "zh-CN",
        "provider": _home(course.home, site),
        "hasCourseInstance": instance,
    }
    return {name: value for name, value in facts.items() if value}


def _home(home, site):
    """A home as an organisation; of one that is not public, only its name."""
    facts = {"@type": "Organization", "name": home.name}
    return facts | {"url": f"{site}{home.get_absolute_url()}"} if home.is_public else facts
