"""Pages for when something is wrong: the same voice, a way back and a telephone number.

They must work when nothing else does, so the pages touch neither the database nor the session.
"""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from branches.views.desk_keeping import kept_from_old_page
from config import display, english

TRY_AGAIN_SECONDS = 60


def _page(request, status):
    context = {
        "site": {"name": settings.SITE_NAME, "telephone": settings.SITE_TELEPHONE},
        "display": display.of(request),
    }
    with english.language_of(request):  # also where the middleware that sets it was not reached
        page = render_to_string(english.template(f"{status}.html"), context)
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})


def bad_request(request, exception=None):
    return _page(request, 400)


def forbidden(request, exception=None):
    return _page(request, 403)


def csrf_failure(request, reason=""):
    """A page of the desk of before the last log-in shows what was typed once more; any other is refused."""
    if kept_from_old_page(request):
        return redirect(request.get_full_path())
    return _page(request, 403)


def not_found(request, exception=None):
    return _page(request, 404)


def too_many(request):
    response = _page(request, 429)
    response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response


def server_error(request):
    """Our mistake (500), or a database that does not answer just now (503): then trying again soon helps."""
    if isinstance(sys.exception(), (OperationalError, InterfaceError)):
        response = _page(request, 503)
        response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
        return response
    return _page(request, 500)
