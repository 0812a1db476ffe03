"""Public pages read from a copy of the database (DATABASE_REPLICA_URL), so that many readers do not slow the writers.

Only what is rendered for nobody in particular is read there (config/caching.py): whoever writes sees what they wrote.
Where the copy does not answer, the page is made from the database itself, and the copy is let alone for a while.
"""

import logging
import time
from contextvars import ContextVar
from http import HTTPStatus

from django.conf import settings

log = logging.getLogger(__name__)

ALIAS = "replica"
PAUSE_SECONDS = 30

_is_read = ContextVar("is_read", default=False)
_away_until = 0.0


class PublicPagesRead:
    """Database router. What was read from the copy is written, and read on, in the database itself."""

    def db_for_read(self, model, **hints):
        return ALIAS if _is_read.get() else "default"

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db != ALIAS


def is_there():
    """Whether public pages are read from a copy, which may be late: nothing made of it is kept beyond its minute."""
    return ALIAS in settings.DATABASES


def rendered(get_response, request):
    """The answer to a request for a public page, from the copy where there is one."""
    global _away_until
    if not is_there() or time.monotonic() < _away_until:
        return get_response(request)
    token = _is_read.set(True)
    try:
        response = get_response(request)
    finally:
        _is_read.reset(token)
    if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
        return response
    _away_until = time.monotonic() + PAUSE_SECONDS
    log.warning("The replica does not answer; for %d seconds public pages are read from the database.", PAUSE_SECONDS)
    return get_response(request)
