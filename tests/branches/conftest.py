"""What tests of this folder share."""

import pytest
from django.core.cache import caches
from django.core.management import call_command


@pytest.fixture
def no_rewriting(monkeypatch):
    """The file of the database is rewritten outside transactions only; tests inside one leave it."""
    for module in ("erase_person", "purge"):
        monkeypatch.setattr(f"branches.management.commands.{module}.scrub", lambda: True)


@pytest.fixture
def cache_in_the_database(settings, db):
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}
    }
    call_command("createcachetable", verbosity=0)
    return caches["default"]
