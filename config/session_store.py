"""Sessions in the database, as Django keeps them; what a view has saved already is not saved once more after it."""

from copy import deepcopy

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.db import router
from django.utils.crypto import get_random_string


class SessionStore(db.SessionStore):
    _saved = None

    def _get_new_session_key(self):
        return get_random_string(32, VALID_KEY_CHARS)  # nobody has it: the table would refuse it

    def create(self):
        """By one statement, a part of the caller's transaction."""
        self._session_key = self._get_new_session_key()
        row = self.create_model_instance(self._get_session(no_load=True))
        row.save(force_insert=True, using=router.db_for_write(self.model, instance=row))
        self.modified, self._saved = True, deepcopy(self._session)

    def save(self, must_create=False):
        if must_create or self._saved is None or self._saved != self._get_session():
            super().save(must_create)
            self._saved = deepcopy(self._session)
