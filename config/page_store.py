"""The memory for rendered pages of one process (`CACHES["pages"]`): Django's own, without a copy of all that is read.

A page has tens of kilobytes, and to have them pickled and unpickled took a fifth of the time of a stored page. So
everybody gets the very object that was stored, and nobody changes it.
"""

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache


class PageStore(LocMemCache):
    def get(self, key, default=None, version=None):
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(key):
                self._delete(key)
                return default
            self._cache.move_to_end(key, last=False)
            return self._cache[key]

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            self._set(key, value, timeout)
