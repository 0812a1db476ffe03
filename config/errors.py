"""Pages for when something is wrong: the same voice, a way back and a telephone number.

They must work when nothing else does, so the pages touch neither the database nor the session.
"""

import sys
from contextlib import suppress
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.template.loader import render_to_string
from redis.exceptions import RedisError

from branches.views.desk_keeping import kept_from_old_page
from config import display, english
from config.full_disk import delete_files_without_row, is_full
from config.open_data.answering import refusal
from config.request_log import read_aloud

AWAY = (OperationalError, InterfaceError, RedisError)  # the database, or the shared cache where it is a Redis
TRY_AGAIN_SECONDS = 60
TYPED_MOST = 60_000  # characters that go back into the page of a form that could not be saved
PIECE = 64 * 1024  # bytes
NOT_SHOWN_AGAIN = ("/account/",)  # passwords and codes


def _page(request, status, **context):
    context |= {
        "site": {"name": settings.SITE_NAME, "telephone": settings.SITE_TELEPHONE},
        "display": display.of(request),
        "request_name": read_aloud(request),
    }
    with english.language_of(request):  # also where the middleware that sets it was not reached
        page = render_to_string(english.template(f"{status}.html"), context)
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})


def bad_request(request, exception=None):
    """What nobody can read; or a session that could not be written, which Django takes for one that was deleted."""
    while exception := getattr(exception, "__context__", None):
        if _is_away(exception):
            return _unavailable(request)
    with suppress(OSError):  # while they are still sending, whoever sent too much would see no page but a broken line
        while request.read(PIECE):
            pass
    return _page(request, 400)


def forbidden(request, exception=None):
    return _page(request, 403)


def csrf_failure(request, reason=""):
    """A page of the desk of before the last log-in shows what was typed once more; any other is refused."""
    if kept_from_old_page(request):
        return redirect(request.get_full_path())
    return _page(request, 403)


def not_found(request, exception=None):
    if request.path.startswith("/api/"):
        return refusal("没有这个地址。有哪些地址，看 /api/。", HTTPStatus.NOT_FOUND)
    return _page(request, 404)


def too_many(request):
    response = _page(request, 429)
    response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response


def server_error(request):
    """Our mistake (500), or a database that does not answer just now or a disk that is full (503): try again soon.

    A form that could not be saved says so, and holds what was typed to be sent once more.
    """
    error = sys.exception()
    delete_files_without_row()
    return _unavailable(request) if _is_away(error) else _page(request, 500)


def _is_away(error):
    return isinstance(error, AWAY) or is_full(error)


def _unavailable(request):
    response = _page(request, 503, sent=request.method == "POST", typed=_typed(request))
    response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response


def _typed(request):
    """[(name, value)] of what a form brought, to be sent again; [] where it cannot be."""
    if request.method != "POST" or request.path.startswith(NOT_SHOWN_AGAIN):
        return []
    try:
        typed = [(name, value) for name, values in request.POST.lists() for value in values]
    except (OSError, MultiPartParserError, SuspiciousOperation):  # it never arrived as a whole
        return []
    is_secret = any("password" in name for name, _ in typed)
    return [] if is_secret or sum(len(value) for _, value in typed) > TYPED_MOST else typed


def page_of_proxy(status):
    """The page as the proxy in front shows it, where it refuses something itself or cannot reach us."""
    request = HttpRequest()
    request.path = "/"
    return _page(request, status).content
