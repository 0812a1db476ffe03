"""A word in the shared cache that changes with every edit, so that no process shows what was before it."""

import logging
import time
import uuid
from contextlib import contextmanager

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

log = logging.getLogger(__name__)

VERSION_KEY = "content-version"
VERSION_SECONDS = 0.5
RETRY_SECONDS = 5
CONTENT_APPS = {"branches", "homes", "volunteers", "activities"}


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

    @property
    def is_known(self):
        """Whether the value can be believed without asking anybody."""
        return bool(self.value) and time.monotonic() < self.trusted_until

    def current(self):
        if not self.is_known:
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


def _content_changed(sender, using, update_fields=None, **_signal):
    """Renew the version once a transaction, however many rows it saves. A log-in is no change of what pages show."""
    if sender._meta.app_label not in CONTENT_APPS or sender.__name__.startswith("Historical"):
        return
    if update_fields == {"last_login"}:
        return
    connection = transaction.get_connection(using)
    if not any(function == content.renew for _, function, *_ in connection.run_on_commit):
        # robust: where the shared cache is away the edit stands, and shows within a quarter of an hour
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
