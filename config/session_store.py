"""Sessions in the database, as Django keeps them; what a view has saved already is not saved once more after it."""

from copy import deepcopy

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils.crypto import get_random_string


class SessionStore(db.SessionStore):
    _saved = None

    def _get_new_session_key(self):
        return get_random_string(32, VALID_KEY_CHARS)  # whether it is free says the table, which `create` asks

    def save(self, must_create=False):
        if must_create or self._saved is None or self._saved != self._get_session():
            super().save(must_create)
            self._saved = deepcopy(self._session)
