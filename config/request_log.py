"""One line of the log for each request: when, its name, who asked, the route, how it ended, how long it took.

Never the address itself, which may hold a code or what somebody searched for: the name of its pattern stands for it.
The name of a request comes from the proxy in front, or is made here; it goes back in `X-Request-ID` and stands on the
pages for when something is wrong, short enough to be read to the telephone.
"""

import logging
import random
import re
import time
from http import HTTPMethod

from config.client_address import is_from_proxy
from config.log_lines import request_id
from config.tally import tally

log = logging.getLogger("portal.request")

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
READ_ALOUD = 10  # characters, also of a longer name of the proxy's
SUPERVISORS = {"healthz", "readyz"}  # they ask all the time, most of all when something is wrong
FAILED = 500


class RequestLog:
    """Middleware, outermost: names the request, and tells of it when it was answered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        request.id = _given(request) or _made()
        token = request_id.set(request.id)
        try:
            response = self.get_response(request)
            response.headers[HEADER] = request.id
            _tell(request, response.status_code, began)
            return response
        except Exception:  # nor could the page be made that says so: gunicorn tells of the error
            _tell(request, FAILED, began)
            raise
        finally:
            request_id.reset(token)


def read_aloud(request):
    """What of its name a page shows: enough to find its line."""
    return getattr(request, "id", "")[:READ_ALOUD]


def route_of(request):
    """The name of the pattern that the address fits, with its namespaces; the pattern itself where it has none."""
    match = request.resolver_match
    if match is None:
        return getattr(request, "stored_route", "")  # out of the page cache, or no page
    return match.view_name if match.url_name else match.route


def _tell(request, status, began):
    route = route_of(request)
    if route not in SUPERVISORS:
        tally.count(failed=status >= FAILED)
    if log.isEnabledFor(logging.INFO):
        method = request.method if request.method in HTTPMethod.__members__ else ""  # anything may be sent as one
        facts = {"method": method, "route": route, "status": status}
        facts |= {"ms": round((time.perf_counter() - began) * 1000, 1), **_who(request)}
        # where it was written is known, so that nobody looks for it
        record = logging.LogRecord(log.name, logging.INFO, "", 0, "", None, None)
        record.facts = facts
        log.handle(record)


def _given(request):
    name = request.META.get("HTTP_X_REQUEST_ID")
    return name if name and WELL_FORMED.fullmatch(name) and is_from_proxy(request) else None


def _made():
    return f"{random.getrandbits(33):010d}"  # a name, no secret


def _who(request):
    """The user and their roles, where the request had to know: nothing is asked for the log alone."""
    user = getattr(request, "_cached_user", None)
    if user is None or not user.is_authenticated:
        return {}
    posts = user.__dict__.get("current_postings", ())
    return {"user": user.pk, "role": "technician" if user.is_superuser else ",".join(sorted({p.role for p in posts}))}
