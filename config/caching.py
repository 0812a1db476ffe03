"""Anonymous public pages out of memory, never older than the last edit or the last minute.

A view marked `@public_page` is rendered for nobody in particular: the middleware takes every cookie but the display
choice away before the view runs, so nothing personal can get into the store. A stored page is served while

* the content version has not changed. Saving or deleting any record of the portal's own apps gives it a new value in
  the shared cache; each process looks there at most every `VERSION_SECONDS`, so an edit shows within a second;
* the minute has not ended, so that 现在开放 and 今天 stay true.

Only while the database is away, a page that no edit has changed since is served for up to an hour after its minute.
The store is local to the process and bounded (`CACHES["pages"]`); a hit costs no query and no other middleware.
"""

import gzip
import hashlib
import logging
import time
import uuid
from contextlib import contextmanager
from http import HTTPStatus

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.exceptions import DisallowedHost
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag

from config import display, replica
from config.request_log import route_of

log = logging.getLogger(__name__)

VERSION_KEY = "content-version"
VERSION_SECONDS = 0.5
RETRY_SECONDS = 5
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
KEPT_HEADER = "Keep-On-Device"
KEPT_QUESTIONS = {"page"}  # what the address of a kept page may ask: words that somebody typed are not kept
CONTENT_APPS = {"branches", "homes", "volunteers", "activities"}

_remembered = {}  # {key: (version, value)}


class ContentVersion:
    """A word in the shared cache that changes with every edit; read at most every `VERSION_SECONDS` a process."""

    def __init__(self):
        self.value, self.trusted_until, self.away_until = "", 0.0, 0.0

    @property
    def is_away(self):
        """Whether the database was found away a moment ago: asking it takes seconds, so not for every page."""
        return time.monotonic() < self.away_until

    def found_away(self):
        if not self.is_away:
            log.warning("The database or the shared cache is away; stored pages are served as they are.")
        self.trusted_until = self.away_until = time.monotonic() + RETRY_SECONDS

    def current(self):
        if not self.value or time.monotonic() >= self.trusted_until:
            try:
                self._seen(caches["default"].get(VERSION_KEY) or self.renew())
            except Exception:  # of whatever kind the shared cache is
                if not self.value:
                    raise
                self.found_away()
        return self.value

    def renew(self):
        """Make every stored page out of date, in every process."""
        value = uuid.uuid4().hex
        caches["default"].set(VERSION_KEY, value, None)
        self._seen(value)
        return value

    def renew_with_transaction(self):
        """The same as a part of this transaction, for a cache in this database."""
        caches["default"].set(VERSION_KEY, uuid.uuid4().hex, None)
        transaction.on_commit(self._look_again)

    def _look_again(self):
        self.trusted_until = 0.0

    def _seen(self, value):
        self.value, self.trusted_until = value, time.monotonic() + VERSION_SECONDS


content = ContentVersion()


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


def remember(key, build, *, by_minute=False):
    """Return `build()`, computed once a content version (and once a minute, if asked) in this process.

    For values that many pages need; `key` is a fixed word, so the memory is bounded.
    """
    version = (content.current(), time.time() // MINUTE if by_minute or replica.is_there() else None)
    known = _remembered.get(key)
    if known is None or known[0] != version:
        known = _remembered[key] = (version, build())
    return known[1]


def question(key, build):
    """Return the query set `build()`, put together once a minute: writing a long one takes longer than its answer.

    It has no answer of its own yet; what it says of the present moment is true to the minute.
    """
    return remember(f"question {key}", build, by_minute=True).all()


def cards(rows):
    """Return these rows as cards show them (`for_cards`), in their order.

    Many lists show the same ones: where some were fetched while the content and the minute stay, only keys are asked.
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
        known.update(question(model._meta.label, model.objects.for_cards).in_bulk(lacking))
    return [known[pk] for pk in pks if pk in known]


def card(model, **column):
    """The row that has this in a column which no two rows share, as a card shows it; None where there is none."""
    ((name, value),) = column.items()
    known = _cards_known(model)
    found = next((row for row in known.values() if getattr(row, name) == value), None)
    if found is None:
        found = question(model._meta.label, model.objects.for_cards).filter(**column).first()
        if found is not None:
            know(found)
    return found


def know(row):
    """Remember a row that has all a card shows of it."""
    _cards_known(type(row))[row.pk] = row


def _cards_known(model):
    return remember(f"cards {model._meta.label}", dict, by_minute=True)


def piece(name, build, *, by_day=False):
    """Return `build()`, kept among the pages while the content and the minute stay: HTML, or what pages are made of.

    Many pages show it, or one page at many addresses. `by_day`: it says nothing that changes within a day. The name
    tells all that it depends on besides the language.
    """
    name = hashlib.sha256(f"{name}{translation.get_language()}".encode()).hexdigest()
    now = timezone.localdate() if by_day and not replica.is_there() else time.time() // MINUTE
    version, stored = (content.current(), now), caches["pages"].get(name)
    if not stored or stored[0] != version:
        stored = version, build()
        caches["pages"].set(name, stored, DAY if by_day else MINUTE)
    return stored[1]


def rendered(template, context, *parts):
    """{part: the HTML of this part of a template}, for a `piece`; nothing but the context has a say in it."""
    return {part: render_to_string(f"{template}#{part}", context) for part in parts}


def _content_changed(sender, using, update_fields=None, **_signal):
    """Renew the version once a transaction, however many rows it saves. A log-in is no change of what pages show."""
    if sender._meta.app_label not in CONTENT_APPS or sender.__name__.startswith("Historical"):
        return
    if update_fields == {"last_login"}:
        return
    connection = transaction.get_connection(using)
    if not any(function == content.renew for _, function, *_ in connection.run_on_commit):
        # robust: where the shared cache is away the edit stands, and shows at the next minute
        transaction.on_commit(content.renew, using=using, robust=True)


for _signal in (post_save, post_delete, m2m_changed):
    _signal.connect(_content_changed, dispatch_uid="content-version")


@contextmanager
def one_commit():
    """A transaction whose change of the content is told in it, at its end, and not after it: one sync of the disk.

    From then to its end every other edit waits, so nothing may come after it. A cache outside the database is told
    after the transaction, as always.
    """
    with transaction.atomic():
        yield
        to_come = transaction.get_connection().run_on_commit
        told = [hook for hook in to_come if hook[1] == content.renew]
        if told and isinstance(caches["default"], DatabaseCache):
            to_come.remove(told[0])  # there is one a transaction
            content.renew_with_transaction()


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
        version, now = content.current(), time.time()
        if stored and stored["version"] == version and (now < stored["until"] or content.is_away):
            return self.answer(request, stored)
        minute_ends = now // MINUTE * MINUTE + MINUTE
        seen_by_nobody(request)
        response = replica.rendered(self.get_response, request)
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


def seen_by_nobody(request):
    """Leave of the request only what may shape a public page."""
    name = display.cookie_name()
    request.COOKIES = {name: request.COOKIES[name]} if name in request.COOKIES else {}
    for header in ("HTTP_COOKIE", "HTTP_AUTHORIZATION"):
        request.META.pop(header, None)
