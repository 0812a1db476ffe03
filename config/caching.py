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
import time
import uuid

from django.core.cache import caches
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpResponse, HttpResponseNotModified
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag

from config import display

VERSION_KEY = "content-version"
VERSION_SECONDS = 0.5
MINUTE = 60
CONTENT_APPS = {"branches", "homes", "volunteers", "activities"}

_version = ("", 0.0)  # the value last read, and when (monotonic seconds)
_remembered = {}  # {key: (content version, value)}


def public_page(view):
    """Mark a view whose answer is the same for every reader with the same display choice."""
    view.public_page = True
    return view


def content_version():
    """The current value of the content version, at most `VERSION_SECONDS` old."""
    global _version
    value, read_at = _version
    if not value or time.monotonic() - read_at > VERSION_SECONDS:
        value = caches["default"].get(VERSION_KEY) or renew_content_version()
        _version = (value, time.monotonic())
    return value


def renew_content_version(**_signal):
    """Make every stored page out of date, in every process."""
    global _version
    value = uuid.uuid4().hex
    caches["default"].set(VERSION_KEY, value, None)
    _version = (value, time.monotonic())
    return value


def remember(key, build):
    """Return `build()`, computed once a content version in this process. For small values that every page needs."""
    version = content_version()
    known = _remembered.get(key)
    if known is None or known[0] != version:
        known = _remembered[key] = (version, build())
    return known[1]


def _content_changed(sender, **_signal):
    if sender._meta.app_label in CONTENT_APPS and not sender.__name__.startswith("Historical"):
        transaction.on_commit(renew_content_version)


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
        version = content_version()
        stored = self.store.get(key)
        if stored and stored["version"] == version:
            return self.answer(request, stored)
        if not self.is_public(request):
            return self.get_response(request)
        seen_by_nobody(request)
        response = self.get_response(request)
        if response.status_code != 200 or response.streaming or response.cookies:
            return response
        stored = self.keep(key, version, response)
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

    def keep(self, key, version, response):
        """Store the page until the minute ends."""
        body = response.content
        stored = {
            "version": version,
            "body": body,
            "gzip": gzip.compress(body, 6, mtime=0),
            "etag": quote_etag(hashlib.sha256(body).hexdigest()[:32]),
            "headers": dict(response.items()),
        }
        self.store.set(key, stored, MINUTE - time.time() % MINUTE)
        return stored

    @staticmethod
    def answer(request, stored):
        if stored["etag"] in parse_etags(request.headers.get("If-None-Match", "")):
            response = HttpResponseNotModified()
            packed = False
        else:
            packed = "gzip" in request.headers.get("Accept-Encoding", "")
            response = HttpResponse(stored["gzip"] if packed else stored["body"])
        for name, value in stored["headers"].items():
            response.headers[name] = value
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        if response.status_code == 304:
            del response.headers["Content-Type"]
        else:
            response.headers["Content-Length"] = str(len(response.content))
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


