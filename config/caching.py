"""Anonymous public pages out of memory, never older than the last edit or the last minute.

A view marked `@public_page` is rendered for nobody in particular: the middleware takes every cookie but the display
choice away before the view runs, so nothing personal can get into the store. A stored page is served while

* the content version has not changed. Saving or deleting any record of the portal's own apps gives it a new value in
  the shared cache; each process looks there at most every `VERSION_SECONDS`, so an edit shows within a second;
* the minute has not ended, so that 现在开放 and 今天 stay true.

What pages are made of is kept apart: a `piece` until an edit, a `lasting` one until an edit of what lasts
(`content_version.is_lasting`), what is `shown` for as long as it says the same.
Only while the database is away, a page that no edit has changed since is served for up to an hour after its minute.
The store is local to the process and bounded (`CACHES["pages"]`); a hit costs no query and no other middleware.
"""

import gzip
import hashlib
import pickle
import time
from contextvars import ContextVar
from functools import partial
from http import HTTPStatus

from django.core.cache import caches
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag

from config import display, replica
from config.content_version import content, is_lasting
from config.request_log import RequestLog, route_of

MINUTE = 60
QUARTER = 15 * MINUTE  # an edit that announces nothing shows by its end; wherever it is midnight, one begins
HOUR = 60 * MINUTE
ROWS_KNOWN = 2000  # of one model, a few kilobytes each
KEPT_HEADER = "Keep-On-Device"
KEPT_QUESTIONS = {"page"}  # what the address of a kept page may ask: words that somebody typed are not kept

_remembered = {}  # {key: (standing, value)}
_questions = {}  # {key: (quarter of an hour, query set)}
_pinned = ContextVar("standing", default=None)


def public_page(view):
    """Mark a view whose answer is the same for every reader with the same display choice."""
    view.public_page = True
    return view


def is_public(request):
    """Whether the view of this address is a `public_page`."""
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return False
    return getattr(match.func, "public_page", False)


def _standing(*, lasting=False):
    """What changes when something that is kept has to be made anew; the same while a public page is made, so that
    nothing which was read before an edit is kept as if it were read after it. `lasting`: no name that is put down
    changes it.
    """
    standing = _pinned.get() or (content.current(), time.time() // (MINUTE if replica.is_there() else QUARTER))
    if lasting:
        (word, _), period = standing
        return word, period
    return standing


def minute():
    """The minute it is, for the name of whatever depends on the clock."""
    return int(time.time() // MINUTE)


def remember(key, build, *, lasting=False):
    """Return `build()`, computed once in this process while what is kept stands: it must be true all day.

    For values that many pages need; `key` is a fixed word, so the memory is bounded. `lasting`: all that it is made of
    lasts (`content_version.is_lasting`).
    """
    standing, known = _standing(lasting=lasting), _remembered.get(key)
    if known is None or known[0] != standing:
        known = _remembered[key] = (standing, build())
    return known[1]


def question(key, build):
    """Return the query set `build()`, put together once a quarter of an hour: that takes longer than the answer.

    It has no answer of its own yet, so that no edit concerns it; it must be true all day.
    """
    quarter, known = time.time() // QUARTER, _questions.get(key)
    if known is None or known[0] != quarter:
        known = _questions[key] = (quarter, build())
    return known[1].all()


def card_rows(model):
    """All rows of a model, as cards show them."""
    return question(model._meta.label, model.objects.for_cards)


def cards(rows):
    """Return these rows as cards show them (`for_cards`), in their order.

    Many lists show the same ones: where some were fetched since the last edit, only keys are asked.
    """
    known = _cards_known(rows.model)
    if known:
        return cards_by_key(rows.model, list(rows.values_list("pk", flat=True)))
    found = list(rows.for_cards())
    known.update({row.pk: row for row in found})
    return found


def cards_by_key(model, pks):
    """The same of the rows with these keys."""
    known = _cards_known(model)
    if lacking := [pk for pk in pks if pk not in known]:
        known.update(card_rows(model).in_bulk(lacking))
    return [known[pk] for pk in pks if pk in known]


def cards_of_minute(name, build):
    """The same of the rows `build()`, where the clock has a say in which they are: that is asked once a minute."""

    def keys():
        rows = build()
        return rows.model, [row.pk for row in cards(rows)]

    return cards_by_key(*piece(f"{name} {minute()}", keys))


def card(model, **column):
    """The row that has this in a column which no two rows share, as a card shows it; None where there is none."""
    ((name, value),) = column.items()
    known = _cards_known(model)
    found = next((row for row in [*known.values()] if getattr(row, name) == value), None)
    if found is None:
        found = card_rows(model).filter(**column).first()
        if found is not None:
            know(found)
    return found


def know(row):
    """Remember a row that has all a card shows of it."""
    _cards_known(type(row))[row.pk] = row


def _cards_known(model):
    key, lasting = f"cards {model._meta.label}", is_lasting(model)
    if len(remember(key, dict, lasting=lasting)) > ROWS_KNOWN:
        _remembered.pop(key, None)  # others still read in it
    return remember(key, dict, lasting=lasting)


def piece(name, build, *, lasting=False):
    """Return `build()`, kept among the pages until an edit, at most for a quarter of an hour: HTML, or what pages are
    made of.

    Many pages show it, or one page at many addresses. The name tells all that it depends on besides the language and
    the day: of what depends on the clock what is shown of it, or the `minute`. `lasting`: as `remember` has it.
    """
    return _kept(f"{name}{translation.get_language()}".encode(), _standing(lasting=lasting), build)


def shown(template, context):
    """The HTML of a template, kept under all that it is given: no edit concerns it, and the clock has no say in it."""
    name = pickle.dumps((template, translation.get_language(), context))
    return _kept(name, (), lambda: render_to_string(template, context))


def _kept(name, standing, build):
    name = hashlib.sha256(name).hexdigest()
    stored = caches["pages"].get(name)
    if not stored or stored[0] != standing:
        stored = standing, build()
        caches["pages"].set(name, stored, QUARTER)
    return stored[1]


def rendered(template, context, *parts):
    """{part: the HTML of this part of a template}, for a `piece`; nothing but the context has a say in it."""
    return {part: render_to_string(f"{template}#{part}", context) for part in parts}


class PublicPages:
    """Middleware, outermost: answers from the store, or has the page rendered for nobody and stores it."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.store = caches["pages"]

    def __call__(self, request):
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        try:
            key = self.key(request)
        except DisallowedHost:  # refused further in, where the refusal gets its headers
            return self.get_response(request)
        stored = self.store.get(key)
        if not stored and not is_public(request):
            return self.get_response(request)
        now, standing = time.time(), _standing()
        version = standing[0]
        if self.still_stands(stored, version):
            return self.answer(request, stored)
        minute_ends = now // MINUTE * MINUTE + MINUTE
        seen_by_nobody(request)
        pinned = _pinned.set(standing)
        try:
            response = replica.rendered(self.get_response, request)
        finally:
            _pinned.reset(pinned)
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE and stored and stored["version"] == version:
            content.found_away()
            return self.answer(request, stored)
        if response.status_code != HTTPStatus.OK or response.streaming or response.cookies:
            return response
        stored = self.packed(request, response) | {"version": version, "until": minute_ends}
        if time.time() < minute_ends:
            self.store.set(key, stored, minute_ends + HOUR - now)
        return self.answer(request, stored)

    @staticmethod
    def still_stands(stored, version):
        """Whether what is stored, if anything, may be served: no edit since, and the minute has not ended."""
        return stored and stored["version"] == version and (time.time() < stored["until"] or content.is_away)

    @staticmethod
    def key(request):
        path = hashlib.sha256(f"{request.get_host()} {request.get_full_path()}".encode()).hexdigest()
        return f"{path}{'-'.join(display.of(request))}{request.scheme}"

    @staticmethod
    def packed(request, response):
        """The page as it is stored: rendered, compressed and named, with its headers."""
        body = response.content
        etag = response.get("ETag") or quote_etag(hashlib.sha256(body).hexdigest()[:32])
        if PublicPages.may_be_kept(request, response):
            response.headers[KEPT_HEADER] = "yes"
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "no-cache"  # ask again each time: the answer is usually 304
        patch_vary_headers(response, ("Cookie", "Accept-Encoding"))
        return {
            "body": body,
            "gzip": gzip.compress(body, 6, mtime=0),
            "etag": etag,
            "headers": dict(response.items()),
            "route": route_of(request),
        }

    @staticmethod
    def may_be_kept(request, response):
        """Whether a reader's own device may keep the page, to show it without a network (decision 18)."""
        return set(request.GET) <= KEPT_QUESTIONS and response.get("Content-Type", "").startswith("text/html")

    @staticmethod
    def answer(request, stored):
        request.stored_route = stored["route"]
        headers, asked = stored["headers"], request.META
        known = asked.get("HTTP_IF_NONE_MATCH")
        if known and stored["etag"] in {tag.removeprefix("W/") for tag in parse_etags(known)}:
            response = HttpResponseNotModified(headers=headers)
            del response.headers["Content-Type"]
            return response
        packed = "gzip" in asked.get("HTTP_ACCEPT_ENCODING", "")
        body = stored["gzip" if packed else "body"]
        response = HttpResponse(body, headers=headers)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(body))
        if request.method == "HEAD":
            response.content = b""
        return response


def out_of_the_store(request):
    """The answer to a request, where this process has it and knows that it is true; None otherwise.

    It asks nobody, the shared cache neither: every half second somebody else has to.
    """
    if request.method not in ("GET", "HEAD") or not content.is_known:
        return None
    try:
        stored = caches["pages"].get(PublicPages.key(request))
    except DisallowedHost:
        return None
    if not PublicPages.still_stands(stored, content.value):
        return None
    return RequestLog(partial(PublicPages.answer, stored=stored))(request)


def seen_by_nobody(request):
    """Leave of the request only what may shape a public page."""
    name = display.cookie_name()
    request.COOKIES = {name: request.COOKIES[name]} if name in request.COOKIES else {}
    for header in ("HTTP_COOKIE", "HTTP_AUTHORIZATION"):
        request.META.pop(header, None)
