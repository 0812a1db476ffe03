"""The public directory for programs: read-only JSON, one object a home. Samples say so."""

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from config.caching import public_page
from homes.models import Home


def as_dict(home):
    """One home (from `for_cards`) with what its public page says. Unknown facts are null."""
    return {
        "name": home.name,
        "url": home.get_absolute_url(),
        "status": home.status,
        "division": {"code": home.division.code, "name": home.division.name},
        "theme": home.theme.name if home.theme else None,
        "lead": home.lead or None,
        "address": home.address or None,
        "telephone": home.telephone or None,
        "position": [float(home.longitude), float(home.latitude)] if home.is_located else None,
        "position_precision": home.location_precision or None,
        "accessibility": {name: getattr(home, name) for name in Home.ACCESSIBILITY},
        "demonstration_since": home.demonstration_since,
        "verified_on": home.verified_on,
        "is_sample": home.is_sample,
        "sample_note": "示例数据" if home.is_sample else None,
    }


@require_safe
@public_page
def homes(request):
    """`{"datum": "WGS-84", "count": int, "homes": [...]}`, the homes in the order of the directory."""
    rows = [as_dict(home) for home in Home.objects.public().for_cards()]
    return JsonResponse(
        {"datum": "WGS-84", "count": len(rows), "homes": rows}, json_dumps_params={"ensure_ascii": False}
    )
