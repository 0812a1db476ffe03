"""The site on a telephone without a network: the service worker, what it begins with, and the manifest of an app.

What the worker may keep is decided here and said by a header of the answer (`mark`), so that the worker needs no list
of addresses. Why it is as it is: docs/decisions/0018-offline.md.
"""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from config.caching import public_page
from config.site import district

WORKERS = Path(__file__).resolve().parent.parent / "static" / "workers"
FILES = ("css/site.css", "js/keep.js", "js/kept-note.js", "js/kept-pages.js", "favicon.svg")
ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))
PAPER, ROOF = "#fbf6ec", "#6f100a"  # tokens.css


@cache
def _source(name):
    return (WORKERS / name).read_text()


@require_safe
@public_page
def service_worker(request):
    """The worker, after a line that names the files of this release; where it is switched off, one that leaves."""
    text = _source("farewell.js")
    if settings.OFFLINE:
        release = {
            "pages": [reverse("offline"), reverse("homes:directory")],
            "files": [static(name) for name in FILES],
            "note": static("js/kept-note.js"),
            "static": settings.STATIC_URL,
            "logOut": reverse("account_logout"),
        }
        text = f"const RELEASE = {json.dumps(release)};\n{_source('service-worker.js')}"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@require_safe
@public_page
def manifest(request):
    """What a telephone shows of the site that was put on its first screen."""
    here = district()
    icons = [
        {
            "src": static(f"icons/{'maskable' if purpose == 'maskable' else 'icon'}-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in ICONS
    ]
    described = {
        "id": "/",
        "name": f"{settings.SITE_NAME} · {here.name}老党员之家" if here else settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "lang": "zh-CN",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",  # the way back stays in sight
        "theme_color": ROOF,
        "background_color": PAPER,
        "icons": icons,
    }
    return JsonResponse(described, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
