"""Anonymous public pages out of memory, never older than the last edit or the last minute.

A view marked `@public_page` is rendered for nobody in particular: the middleware takes every cookie but the display
choice away before the view runs, so nothing personal can get into the store. A stored page is served while

* the content version has not changed. Saving or deleting any record of the portal's own apps gives it a new value in
  the shared cache; each process looks there at most every `VERSION_SECONDS`, so an edit shows within a second;
* the minute has not ended, so that 现在开放 and 今天 stay true.

The store is local to the process and bounded (`CACHES["pages"]`); a hit costs no query and no other middleware.
"""

import gzip
import hashlib
import logging
import time
import uuid
from http import HTTPStatus

from django.core.cache import caches
from django.db import DatabaseError, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpResponse, HttpResponseNotModified
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag

from config import display

log = logging.getLogger(__name__)

VERSION_KEY = "content-version"
VERSION_SECONDS = 0.5
RETRY_SECONDS = 5
MINUTE = 60
CONTENT_APPS = {"branches", "homes", "volunteers", "activities"}

_remembered = {}  # {key: (version, value)}


class ContentVersion:
    """A word in the shared cache that changes with every edit; read at most every `VERSION_SECONDS` a process."""

    def __init__(self):
        self.value, self.trusted_until = "", 0.0

    def current(self):
        if not self.value or time.monotonic() >= self.trusted_until:
            try:
                self._seen(caches["default"].get(VERSION_KEY) or self.renew())
            except DatabaseError:
                if not self.value:
                    raise
                # asking a database that is away takes seconds: not at every page
                self.trusted_until = time.monotonic() + RETRY_SECONDS
                log.warning("The content version cannot be read; stored pages are served as they are.")
        return self.value

    def renew(self):
        """Make every stored page out of date, in every process."""
        value = uuid.uuid4().hex
        caches["default"].set(VERSION_KEY, value, None)
        self._seen(value)
        return value

    def _seen(self, value):
        self.value, self.trusted_until = value, time.monotonic() + VERSION_SECONDS


content = ContentVersion()


def public_page(view):
    """Mark a view whose answer is the same for every reader with the same display choice."""
    view.public_page = True
    return view


def remember(key, build, *, by_minute=False):
    """Return `build()`, computed once a content version (and once a minute, if asked) in this process.

    For values that many pages need; `key` is a fixed word, so the memory is bounded.
    """
    version = (content.current(), time.time() // MINUTE if by_minute else None)
    known = _remembered.get(key)
    if known is None or known[0] != version:
        known = _remembered[key] = (version, build())
    return known[1]


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


class PublicPages:
    """Middleware, outermost: answers from the store, or has the page rendered for nobody and stores it."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.store = caches["pages"]

    def __call__(self, request):
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        key = self.key(request)
        stored = self.store.get(key)
        if not stored and not self.is_public(request):
            return self.get_response(request)
        version = content.current()
        if stored and stored["version"] == version:
            return self.answer(request, stored)
        minute_ends = time.time() // MINUTE * MINUTE + MINUTE
        seen_by_nobody(request)
        response = self.get_response(request)
        if response.status_code != HTTPStatus.OK or response.streaming or response.cookies:
            return response
        stored = self.packed(version, response)
        if time.time() < minute_ends:
            self.store.set(key, stored, minute_ends - time.time())
        return self.answer(request, stored)

    @staticmethod
    def key(request):
        path = hashlib.sha256(f"{request.get_host()} {request.get_full_path()}".encode()).hexdigest()
        return f"{path}{'-'.join(display.of(request))}{request.scheme}"

    @staticmethod
    def is_public(request):
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return False
        return getattr(match.func, "public_page", False)

    @staticmethod
    def packed(version, response):
        """The page as it is stored: rendered, compressed and named."""
        body = response.content
        return {
            "version": version,
            "body": body,
            "gzip": gzip.compress(body, 6, mtime=0),
            "etag": response.get("ETag") or quote_etag(hashlib.sha256(body).hexdigest()[:32]),
            "headers": dict(response.items()),
        }

    @staticmethod
    def answer(request, stored):
        known = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
        if stored["etag"] in known:
            response = HttpResponseNotModified()
            packed = False
        else:
            packed = "gzip" in request.headers.get("Accept-Encoding", "")
            response = HttpResponse(stored["gzip"] if packed else stored["body"])
        for name, value in stored["headers"].items():
            response.headers[name] = value
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            del response.headers["Content-Type"]
        else:
            response.headers["Content-Length"] = str(len(response.content))
        if request.method == "HEAD":
            response.content = b""
        response.headers["ETag"] = stored["etag"]
        response.headers["Cache-Control"] = "no-cache"  # ask again each time: the answer is usually 304
        patch_vary_headers(response, ("Cookie", "Accept-Encoding"))
        return response


def seen_by_nobody(request):
    """Leave of the request only what may shape a public page."""
    kept = request.COOKIES.get(display.COOKIE)
    request.COOKIES = {} if kept is None else {display.COOKIE: kept}
    for header in ("HTTP_COOKIE", "HTTP_AUTHORIZATION"):
        request.META.pop(header, None)
