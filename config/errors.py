"""Pages for when something is wrong: the same voice, a way back and a telephone number.

They must work when nothing else does, so they touch neither the database nor the session.
"""

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string

from config import display


def _page(request, status):
    context = {
        "site": {"name": settings.SITE_NAME, "telephone": settings.SITE_TELEPHONE},
        "display": display.of(request),
    }
    return HttpResponse(render_to_string(f"{status}.html", context), status=status)


def bad_request(request, exception=None):
    return _page(request, 400)


def forbidden(request, exception=None):
    return _page(request, 403)


def csrf_failure(request, reason=""):
    return _page(request, 403)


def not_found(request, exception=None):
    return _page(request, 404)


def server_error(request):
    return _page(request, 500)
