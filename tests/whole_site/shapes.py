"""What a block of JSON-LD has to have and may have: after schema.org, and what search engines say they need.

Small on purpose: the types that the portal writes, and no others. A property that is not here is a mistake.
"""

import re

URL = re.compile(r"https?://[^\s\"<>]+")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+08:00")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
CLOCK = re.compile(r"\d\d:\d\d")
ENUM = re.compile(r"https://schema\.org/[A-Z][A-Za-z]+")
TEXT = re.compile(r"[^<>]*\S[^<>]*", re.DOTALL)
LANGUAGE = re.compile(r"zh-CN")

# {type: ({what it must have}, {what it may have: a pattern, a Python type, or the types of what stands there})}
SHAPES = {
    "Place": (
        {"name", "address"},
        {
            "name": TEXT, "url": URL, "description": TEXT, "address": (TEXT, "PostalAddress"), "geo": "GeoCoordinates",
            "telephone": TEXT, "publicAccess": bool, "image": URL,
            "openingHoursSpecification": ["OpeningHoursSpecification"],
            "specialOpeningHoursSpecification": ["OpeningHoursSpecification"],
            "amenityFeature": ["LocationFeatureSpecification"],
        },
    ),
    "PostalAddress": (
        {"addressCountry", "addressLocality"},
        {"addressCountry": re.compile("CN"), "addressLocality": TEXT, "streetAddress": TEXT},
    ),
    "GeoCoordinates": ({"latitude", "longitude"}, {"latitude": float, "longitude": float}),
    "OpeningHoursSpecification": (
        {"opens", "closes"},
        {"dayOfWeek": [ENUM], "opens": CLOCK, "closes": CLOCK, "validFrom": DAY, "validThrough": DAY},
    ),
    "LocationFeatureSpecification": ({"name", "value"}, {"name": TEXT, "value": bool}),
    "Event": (
        {"name", "startDate", "location"},
        {
            "name": TEXT, "url": URL, "startDate": MOMENT, "endDate": MOMENT, "eventStatus": ENUM, "image": URL,
            "eventAttendanceMode": ENUM, "inLanguage": LANGUAGE, "location": "Place", "organizer": "Organization",
            "description": TEXT, "maximumAttendeeCapacity": int, "remainingAttendeeCapacity": int,
        },
    ),
    "Course": (
        {"name", "description", "provider"},
        {
            "name": TEXT, "url": URL, "description": TEXT, "inLanguage": LANGUAGE, "provider": "Organization",
            "hasCourseInstance": "CourseInstance", "image": URL,
        },
    ),
    "CourseInstance": (
        {"courseMode", "startDate"},
        {"courseMode": re.compile("Onsite"), "startDate": DAY, "endDate": DAY, "location": "Place"},
    ),
    "Organization": (
        {"name"},
        {"name": TEXT, "url": URL, "telephone": TEXT, "email": TEXT, "areaServed": "AdministrativeArea"},
    ),
    "AdministrativeArea": ({"name"}, {"name": TEXT}),
    "WebSite": (
        {"name", "url", "publisher"},
        {
            "name": TEXT, "alternateName": TEXT, "url": URL, "inLanguage": LANGUAGE,
            "publisher": ("Organization", "GovernmentOrganization"),
        },
    ),
    "BreadcrumbList": ({"itemListElement"}, {"itemListElement": ["ListItem"]}),
    "ListItem": ({"position", "name"}, {"position": int, "name": TEXT, "item": URL}),
}  # fmt: skip
SHAPES["GovernmentOrganization"] = SHAPES["Organization"]


def faults(facts, at="", *, outermost=True):
    """What is wrong with a block, in words; [] when nothing is."""
    kind = facts.get("@type")
    at = f"{at}{kind}"
    if kind not in SHAPES:
        return [f"{at}: no such type"]
    must, may = SHAPES[kind]
    given = facts.keys() - {"@type"}
    found = [f"{at}: {name} is missing" for name in sorted(must - given)]
    if outermost:
        found += [] if facts.get("@context") == "https://schema.org" else [f"{at}: no @context"]
        given -= {"@context"}
    found += [f"{at}: {name} does not belong there" for name in sorted(given - may.keys())]
    for name in sorted(given & may.keys()):
        found += _value(facts[name], may[name], f"{at}.{name}")
    return found


def _value(value, wanted, at):
    if isinstance(wanted, list):
        if not isinstance(value, list) or not value:
            return [f"{at}: not a list with something in it"]
        return [fault for part in value for fault in _value(part, wanted[0], at)]
    choices = wanted if isinstance(wanted, tuple) else (wanted,)
    if isinstance(value, dict):
        kinds = [choice for choice in choices if isinstance(choice, str)]
        inside = faults(value, f"{at}: ", outermost=False)
        return inside if value.get("@type") in kinds else [f"{at}: {value.get('@type')} is not wanted there", *inside]
    for choice in choices:
        if isinstance(choice, re.Pattern) and isinstance(value, str) and choice.fullmatch(value):
            return []
        if isinstance(choice, type) and type(value) is choice:
            return []
    return [f"{at}: {value!r} will not do"]
