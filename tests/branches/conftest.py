"""What tests of this folder share."""

import pytest


@pytest.fixture
def no_rewriting(monkeypatch):
    """The file of the database is rewritten outside transactions only; tests inside one leave it."""
    for module in ("erase_person", "purge"):
        monkeypatch.setattr(f"branches.management.commands.{module}.scrub", lambda: True)
