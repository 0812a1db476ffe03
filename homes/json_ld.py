"""A home as schema.org has it, for search engines and maps: what stands on its page."""

from branches.samples import marked
from homes.models import Home

CONTEXT = "https://schema.org"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def place(home, hours, exceptions, site):
    """The Place as a dictionary: a home from `for_page` with the rows of its hours. `site` is the portal's address."""
    facts = {
        "@context": CONTEXT,
        "@type": "Place",
        "name": marked(home, home.name),
        "url": f"{site}{home.get_absolute_url()}",
        "description": home.lead,
        "address": address(home),
        "geo": geo(home),
        "telephone": home.telephone,
        "publicAccess": True,
        "openingHoursSpecification": _usual(hours) if home.status == Home.Status.OPEN else [],
        "specialOpeningHoursSpecification": [_special(row) for row in exceptions],
        "amenityFeature": [
            {"@type": "LocationFeatureSpecification", "name": name, "value": True} for _, name, _ in home.facility_list
        ],
    }
    return {name: value for name, value in facts.items() if value not in (None, "", [])}


def address(home):
    """Where it is, as far as it is known."""
    parts = {
        "@type": "PostalAddress",
        "addressCountry": "CN",
        "addressLocality": (home.street or home.division).name,
        "streetAddress": home.address,
    }
    return {name: value for name, value in parts.items() if value}


def geo(home):
    if not home.is_located:
        return None
    return {"@type": "GeoCoordinates", "latitude": float(home.latitude), "longitude": float(home.longitude)}


def _usual(hours):
    """The weekly rule: from when to when, on which days."""
    days = {}
    for row in hours:
        days.setdefault((f"{row.opens:%H:%M}", f"{row.closes:%H:%M}"), []).append(f"{CONTEXT}/{DAYS[row.weekday]}")
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": listed, "opens": opens, "closes": closes}
        for (opens, closes), listed in days.items()
    ]


def _special(row):
    """A special arrangement; closed all day is written as from midnight to midnight."""
    return {
        "@type": "OpeningHoursSpecification",
        "validFrom": f"{row.first_day}",
        "validThrough": f"{row.last_day}",
        "opens": f"{row.opens:%H:%M}" if row.opens else "00:00",
        "closes": f"{row.closes:%H:%M}" if row.closes else "00:00",
    }
