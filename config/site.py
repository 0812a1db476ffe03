"""Whose portal this is: the district from the database, the rest from settings."""

from django.conf import settings

from branches.models import Division
from config.caching import is_public, remember

FOOTER = {
    "organiser": "SITE_ORGANISER",
    "email": "SITE_EMAIL",
    "icp": "SITE_ICP",
    "police_record": "SITE_POLICE_RECORD",
    "identifier": "SITE_IDENTIFIER",
    "error_report_url": "SITE_ERROR_REPORT_URL",
}


def district():
    """The district of this portal, or None while no district is loaded. Read once while what lasts stands."""
    return remember("district", Division.objects.district, lasting=True)


def address_of(request):
    """The address of this portal without a slash at its end: as the settings say it, else as this reader wrote it."""
    return settings.SITE_ADDRESS or f"{request.scheme}://{request.get_host()}"


def on_paper(request, row):
    """The whole short address of a home, an activity or a course, for a QR code and for whoever has to type it."""
    return address_of(request) + row.short_address


def site(request):
    """Context processor: `site`, what every page says about itself. Empty values are not shown."""
    here = district()
    return {
        "site": {
            "name": settings.SITE_NAME,
            "district": here.name if here else "",
            "telephone": settings.SITE_TELEPHONE,
            "demo": settings.DEMO,
            "keeps_pages": settings.OFFLINE and is_public(request),
            "second_step": settings.STAFF_REQUIRE_MFA,
            **{name: getattr(settings, setting) for name, setting in FOOTER.items()},
        }
    }
