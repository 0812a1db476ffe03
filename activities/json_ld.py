"""An activity as schema.org has it, for search engines: what stands on its page, without anybody's name or number."""

import json

from django.utils import timezone
from django.utils.safestring import mark_safe

from activities.models import Activity

# what would end the script element, or be read as markup, as JSON escapes it
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def event(activity, site):
    """The Event as a dictionary. `site` is the address of the portal (https://…); `activity` is from `for_cards`."""
    cancelled = activity.status == Activity.Status.CANCELLED
    facts = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": f"【示例数据】{activity.title}" if activity.is_sample else activity.title,
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
    place = {"@type": "Place", "name": activity.where, "address": home.address if home else activity.where}
    if home and home.is_located:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": float(home.latitude),
            "longitude": float(home.longitude),
        }
    return {name: value for name, value in place.items() if value}


def _organizer(activity, site):
    whose = activity.home if activity.home and activity.home.is_public else activity.branch
    if whose is None:
        return None
    return {"@type": "Organization", "name": str(whose), "url": f"{site}{whose.get_absolute_url()}"}


def script(facts):
    """A data block for the page: browsers do not run it, so the content policy has nothing to say about it."""
    text = json.dumps(facts, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above
