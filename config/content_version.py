"""Two words in the shared cache, one of which changes with every edit, so that no process shows what was before it.

Homes are read most and edited seldom, names are put down all day. So an edit of what lasts (`is_lasting`) renews the
one word, and all that is kept is out of date; every other edit renews the other, and what is made of nothing but what
lasts stands (decision 25).
"""

import logging
import time
import uuid
from contextlib import contextmanager
from functools import partial

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from config.turn import in_turn

log = logging.getLogger(__name__)

VERSION_KEY, PASSING_KEY = KEYS = "content-version", "content-version-passing"
VERSION_SECONDS = 0.5
RETRY_SECONDS = 5
CONTENT_APPS = {"branches", "homes", "volunteers", "activities"}
# What lasts besides all that is of the app homes: whatever a `lasting` piece reads (config/caching.py) is named here;
# tests/whole_site/test_lasting.py holds it.
LASTING = {
    "activities.activitykind", "branches.branch", "branches.division", "branches.publishedfigure",
    "volunteers.serviceorder", "volunteers.team", "volunteers.teamkind",
}  # fmt: skip


def is_lasting(model):
    return model._meta.app_label == "homes" or model._meta.label_lower in LASTING


class ContentVersion:
    """The two words, that of what lasts first; read at most every `VERSION_SECONDS` a process."""

    def __init__(self):
        self.value, self.trusted_until, self.away_until = (), 0.0, 0.0

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
                self._look()
            except Exception:  # of whatever kind the shared cache is
                if not self.value:
                    raise
                self.found_away()
        return self.value

    def _look(self):
        known = caches["default"].get_many(KEYS)
        lacking = {key: uuid.uuid4().hex for key in KEYS if key not in known}
        for key, word in lacking.items():
            caches["default"].set(key, word, None)
        words = known | lacking
        self.value, self.trusted_until = tuple(words[key] for key in KEYS), time.monotonic() + VERSION_SECONDS

    def renew(self, key=VERSION_KEY):
        """Make all that is kept out of date, in every process; by `PASSING_KEY` all but what is made of what lasts."""
        caches["default"].set(key, uuid.uuid4().hex, None)
        self._look_again()

    def renew_with_transaction(self, key):
        """The same as a part of this transaction, for a cache in this database."""
        caches["default"].set(key, uuid.uuid4().hex, None)
        transaction.on_commit(self._look_again)

    def _look_again(self):
        self.trusted_until = 0.0


content = ContentVersion()
_renewals = {key: partial(content.renew, key) for key in KEYS}


def _content_changed(sender, using, update_fields=None, **_signal):
    """Renew the version once a transaction, however many rows it saves. A log-in is no change of what pages show."""
    if sender._meta.app_label not in CONTENT_APPS or sender.__name__.startswith("Historical"):
        return
    if update_fields == {"last_login"}:
        return
    renew = _renewals[VERSION_KEY if is_lasting(sender) else PASSING_KEY]
    enough = renew, _renewals[VERSION_KEY]
    if not any(function in enough for _, function, *_ in transaction.get_connection(using).run_on_commit):
        # robust: where the shared cache is away the edit stands, and shows within a quarter of an hour
        transaction.on_commit(renew, using=using, robust=True)


for _signal in (post_save, post_delete, m2m_changed):
    _signal.connect(_content_changed, dispatch_uid="content-version")


@contextmanager
def one_commit():
    """A transaction whose change of the content is told in it, at its end, and not after it: one sync of the disk.

    From then to its end every other edit waits, so nothing may come after it. A cache outside the database is told
    after the transaction, as always. Whoever is about to write like this waits for their turn.
    """
    with in_turn(), transaction.atomic():
        yield
        if isinstance(caches["default"], DatabaseCache):
            to_come = transaction.get_connection().run_on_commit
            for key, renew in _renewals.items():
                told = [hook for hook in to_come if hook[1] == renew]
                if told:
                    to_come.remove(told[0])  # there is one a transaction
                    content.renew_with_transaction(key)
