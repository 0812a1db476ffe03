"""Personal data at rest: sealed with keys that live outside the database, found again by a keyed hash.

`settings.FIELD_KEYS` is a list of Fernet keys, the first one seals, all of them open: that is how keys are rotated.
`settings.INDEX_KEY` makes hashes that only this site can compute, so that a telephone can be looked up without being
readable in a copy of the database.
"""

import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models

from branches.telephones import digits


@cache
def _box(keys):
    return MultiFernet([Fernet(key) for key in keys])


def seal(text):
    """Return `text` sealed with the first key; empty text stays empty, so that unknown is still visible as unknown."""
    return _box(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode() if text else ""


def unseal(token):
    """Return the text of `token`. ValueError where none of the keys opens it."""
    if not token:
        return ""
    try:
        return _box(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise ValueError("A sealed field cannot be opened: is the right key in FIELD_KEYS?") from error


def reseal(token):
    """Return the same text sealed with the first key."""
    return _box(tuple(settings.FIELD_KEYS)).rotate(token.encode()).decode() if token else ""


class Sealed(str):
    """A text that was sealed beforehand: writing it, also into several rows, seals nothing more."""

    def __new__(cls, text):
        sealed = super().__new__(cls, text)
        sealed.token = seal(text)
        return sealed


@cache
def _key_for(purpose, secret):
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")


def keyed_hash(text, purpose):
    """A hex HMAC-SHA-256 of `text`; equal texts are equal within one purpose and unrelated across purposes."""
    return hmac.digest(_key_for(purpose, settings.INDEX_KEY), text.encode(), "sha256").hex()


def telephone_index(telephone):
    """What is stored beside a sealed telephone to find it by: a keyed hash of its digits, "" for none."""
    number = digits(telephone)
    return keyed_hash(number, "telephone") if number else ""


class SealedTextField(models.TextField):
    """Text that is sealed in the database and plain in Python. `max_length` counts the plain text.

    The database can neither search nor sort it; where a lookup is needed, a hash stands in a column beside it.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        if isinstance(value, Sealed):
            return value.token
        return value if value is None else seal(value)

    def from_db_value(self, value, expression, connection):
        return value if value is None else unseal(value)

    def get_lookup(self, lookup_name):
        """Sealing the same text twice gives two tokens, so a comparison would silently find nothing: refuse it."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise TypeError(f"{self.name} is sealed and cannot be looked up; use its hash column.")

    def formfield(self, **kwargs):
        return super().formfield(**{"max_length": self.max_length} | kwargs)
